"""What the pages about groups and webhooks show."""

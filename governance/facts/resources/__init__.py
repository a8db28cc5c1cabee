"""Groups and webhooks: who has access to them, and where they are used."""

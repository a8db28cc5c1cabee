"""What can be done to groups, to webhooks, and at them."""

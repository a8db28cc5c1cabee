"""The pages of groups and webhooks."""

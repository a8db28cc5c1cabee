"""Requests for access as they are now."""

"""Connecting, changing, deleting and restoring organizations."""

"""Changing requests for access, and the access that they lead to."""

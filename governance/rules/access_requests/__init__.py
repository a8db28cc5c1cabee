"""Requests for access: their life, who decides them, how long access lasts."""

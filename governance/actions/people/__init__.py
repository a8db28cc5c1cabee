"""Changing people: accounts, invitations, what they change themselves."""

"""Requests for access and the access that people have, as pages show them."""

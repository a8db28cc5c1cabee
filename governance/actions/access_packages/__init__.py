"""Changing access packages and their policies."""

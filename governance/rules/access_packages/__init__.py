"""Policies of access packages: who can request, on what terms."""

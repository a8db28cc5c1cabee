"""Interfaces to outside systems, as plain functions that return plain values."""

"""The pages of access packages and policies."""

"""The pages of people, and of signing in."""

"""The pages of connected organizations."""

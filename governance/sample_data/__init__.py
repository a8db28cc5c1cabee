"""Demo data, and data for measuring."""

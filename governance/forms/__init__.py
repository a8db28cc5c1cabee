"""What people type, as validated values."""

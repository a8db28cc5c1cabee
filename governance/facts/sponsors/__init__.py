"""Which sponsors count."""

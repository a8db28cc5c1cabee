"""What changes rows: each action is one transaction and one audit event."""

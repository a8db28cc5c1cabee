"""What the pages of the audit log show."""

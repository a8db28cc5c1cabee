"""Approvals: what waits for an approver, deciding it, and deputies."""

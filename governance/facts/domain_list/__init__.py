"""What the allow and deny list says."""

"""What approvers see: what waits for them, one request, and who decides for whom."""

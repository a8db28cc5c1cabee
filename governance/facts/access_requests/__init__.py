"""Who decides a request now, and whether what let it be submitted still holds."""

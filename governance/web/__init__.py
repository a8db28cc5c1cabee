"""What every entry point over HTTP shares."""

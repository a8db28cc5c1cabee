"""What is known about directories."""

"""What the pages of My Access show."""

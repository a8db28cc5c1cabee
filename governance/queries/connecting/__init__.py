"""What the wizard and its panes show."""

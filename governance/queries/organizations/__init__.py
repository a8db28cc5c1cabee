"""What the pages about connected organizations show."""

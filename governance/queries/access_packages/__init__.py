"""What the pages about access packages show."""

"""Who can request which access packages."""

"""What organizations have, would have, and would get back."""

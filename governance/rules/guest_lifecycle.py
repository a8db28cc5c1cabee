"""What happens to a guest at the end of the last access: blocked at once, removed after days."""

REMOVES_AFTER = 30
LONGEST_DAYS = 3660

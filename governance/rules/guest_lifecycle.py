"""What happens to a guest at the end of the last access: blocked at once, removed after days."""

from __future__ import annotations

from .values import known_number
from .wording import grouped

REMOVES_AFTER = 30
LONGEST_DAYS = 3660


def known_removal(days: object) -> int | None:
    """Return after how many days guests are removed (0: at once); None to keep them."""
    if days is None:
        return None
    text = f"Enter a number of days from 0 to {grouped(LONGEST_DAYS)}, or leave it empty"
    return known_number(
        days, 0, LONGEST_DAYS, code="removal_out_of_bounds", text=text, field="removes_after"
    )

"""Whom the settings of guests' life concern now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..db.combined_query import Counted, CountedDistinct, run_combined
from ..models import Assignment, Person


@dataclass(frozen=True, slots=True)
class GuestNumbers:
    """Guests whose account came with access: how many have access now, and how many of them will be
    removed on a day that is set already.
    """

    with_access: Counted
    to_be_removed: Counted


def guest_numbers(at: datetime) -> GuestNumbers:
    """Return whom the settings concern. One statement."""
    held = Assignment.objects.in_force(at).filter(person__came_by_request=True)
    leaving = Person.objects.filter(remove_at__isnull=False).exclude(state=Person.State.REMOVED)
    counts, _lists = run_combined({"held": CountedDistinct(held, "person"), "leaving": leaving}, {})
    return GuestNumbers(counts["held"], counts["leaving"])

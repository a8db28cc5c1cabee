"""Stages that nobody could decide after a change: the no-approver radar, before it is saved."""

from __future__ import annotations

from datetime import datetime

from ..facts.access_requests.radar import gaps_after, gaps_without
from ..models import Person
from .change import Change

_LEAVING = ("blocked", "removed")


def gaps_opened_by(change: Change, at: datetime) -> tuple[str, ...]:
    """Return a sentence for each stage that nobody could decide any more.

    No statement where the change takes nobody away who could decide.
    """
    leaving = [key for key, state in change.people if state in _LEAVING]
    gaps = gaps_after(Person.objects.filter(pk__in=leaving), at) if leaving else []
    if change.sponsors_removed:
        gaps += gaps_without(change.sponsors_removed, at)
    return tuple(dict.fromkeys(gap.text for gap in gaps))

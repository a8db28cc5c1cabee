"""What somebody has just decided and can still undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.timezone import get_default_timezone

from ...models import AccessRequest, ApprovalDecision, Person
from ...rules.access_requests.approver_words import done_words
from ...rules.access_requests.outcomes import UNDO
from ...rules.access_requests.transitions import APPROVED, DENIED, PENDING, SENT_BACK
from ...rules.time_zones import moment_words

_CAN_GO_BACK = (APPROVED, DENIED, PENDING, SENT_BACK)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A decision that can be undone, and what it leads to in words."""

    request: AccessRequest
    words: str


def undoable_decisions(person: Person | None, at: datetime) -> list[Undoable]:
    """Return what the person decided in the last 60 seconds, the latest first. One statement."""
    if person is None:
        return []
    rows = ApprovalDecision.objects.filter(
        person=person, decided_at__gt=at - UNDO, undone_at__isnull=True
    )
    decisions = rows.select_related("request__package", "request__organization")
    return [
        Undoable(each.request, _words(each, at))
        for each in decisions.order_by("-id")
        if _is_as_it_was(each)
    ]


def _is_as_it_was(decision: ApprovalDecision) -> bool:
    """Return whether nothing has happened to the request since."""
    row = decision.request
    return row.state in _CAN_GO_BACK and row.changed_at <= decision.decided_at


def _words(decision: ApprovalDecision, at: datetime) -> str:
    row = decision.request
    ready = decision.decided_at + UNDO
    is_later = row.deliver_at is not None and row.deliver_at > ready
    return done_words(
        decision.outcome,
        state=row.state,
        moved_on=row.stage > decision.stage,
        requester=row.email,
        start=f"on {_moment(row.deliver_at)}" if is_later else "",
        seconds=ceil((ready - at).total_seconds()),
    )


def _moment(at: datetime | None) -> str:
    return moment_words(at.astimezone(get_default_timezone())) if at else ""

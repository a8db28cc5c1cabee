"""What time alone does to requests and access. All of it already holds when it is read; these jobs
write it down and tell people.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from ...models import AccessRequest, Assignment, Package, RequestEvent
from ...rules.access_requests.periods import REMINDERS
from ...rules.access_requests.transitions import PENDING, SYSTEM
from ...rules.decision import Refused
from ...rules.roles import SYSTEM as THE_SYSTEM
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from ..locks import lock_row
from .ending import end_now
from .moving import locked, move, request_ref, require_movable
from .notices import remind_approvers, tell_approvers, tell_of_coming_end, tell_of_expiry

BATCH = 200
_log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


@action("Access package assignment request timed out", needs="change_assignment")
def expire(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Close a request that nobody answered in time. Raises Refused where it was answered."""
    row = locked(request)
    if row.due_at is None or at < row.due_at:
        require_movable(row, "wait", SYSTEM, at)
    return _expire(row, by, at)


@action("Escalate access package assignment request", needs="change_assignment")
def escalate(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Ask the alternates of a stage too. Raises Refused where it is decided."""
    row = locked(request)
    require_movable(row, "escalate", SYSTEM, at)
    row.escalated_at = at
    move(row, "escalate", SYSTEM, by=by, at=at)
    tell_approvers(row, at, is_escalated=True)
    record(escalate.activity, by=by, at=at, target=request_ref(row), organization=row.organization)
    return row


@action("Remind approvers of access package assignment request", needs="change_assignment")
def remind(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Remind the approvers of a stage once."""
    row = locked(request)
    require_movable(row, "escalate", SYSTEM, at)
    row.remind_at = None
    row.save(update_fields=["remind_at"])
    remind_approvers(row, at)
    RequestEvent.objects.create(request=row, event="remind", stage=row.stage, at=at, by=by.label)
    record(remind.activity, by=by, at=at, target=request_ref(row), organization=row.organization)
    return row


@action("Access package assignment expired", needs="change_assignment")
def end_expired(*, assignment: Assignment, by: Actor, at: datetime) -> Assignment:
    """Write down that access is over, and take it away at each resource."""
    return end_now(assignment, "Its time is over.", SYSTEM, end_expired.activity, by=by, at=at)


@action("Remind of expiring access package assignment", needs="change_assignment")
def remind_of_end(*, assignment: Assignment, by: Actor, at: datetime) -> Assignment:
    """Tell somebody that their access ends soon, once for each of the reminders."""
    row = lock_row(assignment, "assignment_gone")
    if row.ends_at is None or row.ended_at is not None:
        return row
    left = row.ends_at - at
    row.reminders = sum(left <= before for before in REMINDERS)
    row.save(update_fields=["reminders"])
    tell_of_coming_end(row, max(left.days + (1 if left.seconds else 0), 1), at)
    record(remind_of_end.activity, by=by, at=at, target=row, organization=row.organization)
    return row


def expire_due(by: Actor, at: datetime) -> int:
    """Close a batch of requests that nobody answered in time. Return how many."""
    return each_due(
        AccessRequest.objects.expired(at), lambda row: expire(request=row, by=by, at=at)
    )


def escalate_due(by: Actor, at: datetime) -> int:
    """Escalate a batch of requests that are due for it. Return how many."""
    due = _pending(at).filter(escalate_at__lte=at, escalated_at__isnull=True)
    return each_due(due, lambda row: escalate(request=row, by=by, at=at))


def remind_due(by: Actor, at: datetime) -> int:
    """Remind the approvers of a batch of requests. Return how many requests."""
    due = _pending(at).filter(remind_at__lte=at)
    return each_due(due, lambda row: remind(request=row, by=by, at=at))


def end_due(by: Actor, at: datetime) -> int:
    """Write down a batch of access that is over. Return how many."""
    due = Assignment.objects.present().filter(ends_at__lte=at)
    return each_due(due, lambda row: end_expired(assignment=row, by=by, at=at))


def remind_ending(by: Actor, at: datetime) -> int:
    """Tell a batch of people that their access ends soon. Return how many."""
    due = Q()
    for number, before in enumerate(REMINDERS):
        due |= Q(ends_at__lte=at + before, ends_at__gt=at, reminders__lte=number)
    rows = Assignment.objects.present().filter(due)
    return each_due(rows, lambda row: remind_of_end(assignment=row, by=by, at=at))


def expire_overdue_of(mailbox: str, package: Package, at: datetime) -> None:
    """Write down that earlier requests of the mailbox for the package have expired."""
    for row in AccessRequest.objects.expired(at).filter(mailbox=mailbox, package=package):
        _expire(locked(row), THE_SYSTEM, at)


def end_overdue_of(mailbox: str, package: Package, at: datetime) -> None:
    """Write down that earlier access of the mailbox to the package is over."""
    rows = Assignment.objects.present().filter(mailbox=mailbox, package=package, ends_at__lte=at)
    for row in rows:
        activity = end_expired.activity
        end_now(row, "Its time is over.", SYSTEM, activity, by=THE_SYSTEM, at=at)


def _expire(row: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    row.closed_at, row.closed_by = row.due_at, by.label
    move(row, "expire", SYSTEM, by=by, at=at)
    tell_of_expiry(row, at)
    record(expire.activity, by=by, at=at, target=request_ref(row), organization=row.organization)
    return row


def _pending(at: datetime) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(state=PENDING, due_at__gt=at)


def each_due(rows: QuerySet[Row], do: Callable[[Row], object]) -> int:
    """Do it for a batch of rows, each in a transaction of its own: no lock is held for long.

    What cannot be done is passed over, so that it holds up nothing behind it. Return for how many
    it was done.
    """
    done, last = 0, 0
    while done < BATCH and (batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH])):
        done += sum(_done(do, row) for row in batch)
        last = batch[-1].pk
    return done


def _done(do: Callable[[Row], object], row: Row) -> bool:
    try:
        do(row)
    except Refused:  # somebody else was quicker
        return False
    except Exception:
        _log.exception("“%s” failed for %s %s", do, row._meta.model_name, row.pk)
        return False
    return True

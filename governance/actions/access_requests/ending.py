"""Ending access: by its date, by a person, by an administrator, or because somebody was blocked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ...models import AccessRequest, Assignment, Delivery, Organization, Person
from ...rules.access_requests.outcomes import REASON_LIMIT
from ...rules.access_requests.transitions import (
    ADMINISTRATOR,
    DELIVERED,
    DELIVERING,
    FAILED,
    OPEN,
    REQUESTER,
    SYSTEM,
)
from ...rules.decision import refuse
from ...rules.names import clean_long_text
from ...rules.roles import Actor
from ...rules.values import known_text
from ..action import action
from ..audit import record
from ..locks import lock_claims, lock_row
from ..people.guest_lifecycle import after_last_access
from .moving import locked, move
from .notices import tell_of_end
from .withdrawal import close_as_withdrawn

LED_TO_ACCESS = (DELIVERED, DELIVERING, FAILED)


@action("Administrator directly removes user from access package", needs="change_assignment")
def end_assignment(*, assignment: Assignment, reason: str, by: Actor, at: datetime) -> Assignment:
    """End somebody's access now. Raises Refused without a reason, or where it is over already."""
    why = clean_long_text(reason, REASON_LIMIT, field="reason", called="Reason")
    if not why:
        raise refuse("reason_missing", "Enter a reason", field="reason")
    return end_now(assignment, why, ADMINISTRATOR, end_assignment.activity, by=by, at=at)


@action("User requests to remove access package assignment")
def give_back(*, assignment: Assignment, mailbox: str, by: Actor, at: datetime) -> Assignment:
    """Give back one's own access now."""
    if assignment.mailbox != known_text(mailbox, field="mailbox"):
        raise refuse("not_yours", "This is somebody else's access")
    why = "You gave it back."
    return end_now(assignment, why, REQUESTER, give_back.activity, by=by, at=at)


def end_access_of(people: list[Person], why: str, *, by: Actor, at: datetime) -> tuple[int, int]:
    """End all access of some people, and withdraw their open requests.

    Return how many of each. For a block or a removal: product rule 32.
    """
    mailboxes = {each.mailbox for each in people}
    ended = _end(Assignment.objects.filter(mailbox__in=mailboxes), why, by, at)
    return ended, withdraw_requests_of(mailboxes, why, by=by, at=at)


def end_access_at(organization: Organization, why: str, *, by: Actor, at: datetime) -> int:
    """End all access of an organization's people. Return how much."""
    return _end(Assignment.objects.filter(organization=organization), why, by, at)


def _end(rows: QuerySet[Assignment], why: str, by: Actor, at: datetime) -> int:
    activity = "Entitlement Management removes access package assignment request for user"
    present = list(rows.filter(ended_at__isnull=True).order_by("pk"))
    for assignment in present:
        end_now(assignment, why, SYSTEM, activity, by=by, at=at)
    return len(present)


def withdraw_requests_of(mailboxes: set[str], why: str, *, by: Actor, at: datetime) -> int:
    """Withdraw the open requests of some mailboxes. Return how many."""
    return _withdraw(AccessRequest.objects.filter(mailbox__in=mailboxes), why, by, at)


def withdraw_requests_at(organization: Organization, why: str, *, by: Actor, at: datetime) -> int:
    """Withdraw the open requests of an organization. Return how many."""
    return _withdraw(AccessRequest.objects.filter(organization=organization), why, by, at)


def _withdraw(rows: QuerySet[AccessRequest], why: str, by: Actor, at: datetime) -> int:
    due = list(rows.filter(state__in=OPEN).exclude(state__in=LED_TO_ACCESS).order_by("pk"))
    for row in due:
        close_as_withdrawn(locked(row), SYSTEM, why, by=by, at=at)
    return len(due)


def end_now(
    assignment: Assignment, why: str, who: str, activity: str, *, by: Actor, at: datetime
) -> Assignment:
    """End access, or write down that its time is over, and take it away at each resource."""
    lock_claims()
    row = _present(assignment)
    is_over = row.ends_at is not None and row.ends_at <= at
    row.ended_at = row.ends_at if is_over else at
    row.ended_by, row.ended_because = by.label, why[:500]
    row.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _revoke(row, at)
    _end_requests(row, who, why, by, at)
    tell_of_end(row, at, why=why)
    record(
        activity,
        by=by,
        at=at,
        target=row,
        organization=row.organization,
        before={"until": row.ends_at},
        after={"ended": row.ended_at},
        reason=why,
    )
    after_last_access(row.person, by, at)
    return row


def _present(assignment: Assignment) -> Assignment:
    row = lock_row(assignment, "assignment_gone")
    if row.ended_at is not None:
        raise refuse("assignment_ended", f"{row.ended_by} already ended this access")
    return row


def _revoke(row: Assignment, at: datetime) -> None:
    """Take away what was given; what was not tried yet is not needed any more."""
    grants = row.deliveries.filter(operation=Delivery.Operation.GRANT)
    untried = grants.filter(state=Delivery.State.WAITING, attempts=0)
    given = list(grants.exclude(pk__in=untried.values("pk")).order_by("pk"))
    untried.update(state=Delivery.State.CANCELLED)
    for grant in given:
        Delivery.objects.get_or_create(
            assignment=row,
            resource=grant.resource,
            operation=Delivery.Operation.REVOKE,
            defaults={"due_at": at, "created_at": at},
        )


def _end_requests(row: Assignment, who: str, why: str, by: Actor, at: datetime) -> None:
    """End the requests that led to the access, and withdraw what would extend it."""
    requests = AccessRequest.objects.filter(mailbox=row.mailbox, package=row.package)
    for each in requests.filter(state__in=LED_TO_ACCESS).order_by("pk"):
        request = locked(each)
        request.closed_at, request.closed_by, request.closing_reason = at, by.label, why
        move(request, "end", who, by=by, at=at, text=why)
    extensions = requests.filter(kind=AccessRequest.Kind.EXTENSION, state__in=OPEN)
    for each in extensions.exclude(state__in=LED_TO_ACCESS).order_by("pk"):
        close_as_withdrawn(locked(each), SYSTEM, why, by=by, at=at)

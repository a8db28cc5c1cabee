"""Setting up what was approved: the assignment, and a delivery to each resource of the package."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import get_default_timezone

from ...facts.access_requests.standing import why_not_standing
from ...facts.vouching import voucher_for
from ...models import AccessRequest, Assignment, Delivery, Resource
from ...rules.access_requests import messages
from ...rules.access_requests.periods import period
from ...rules.access_requests.transitions import (
    ADMINISTRATOR,
    APPROVED,
    DELIVERING,
    SYSTEM,
)
from ...rules.decision import refuse
from ...rules.email_domains import canonical_email
from ...rules.roles import SYSTEM as THE_SYSTEM
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from ..locks import lock_claims, lock_package
from ..organizations.membership import recount_people
from ..people.guest_lifecycle import guest_with_access
from .expiry import each_due, end_overdue_of
from .moving import locked, move, request_ref, require_movable
from .notices import request_fact, tell_requester
from .parking import park


@action("Ready to fulfill access package assignment request", needs="change_assignment")
def start(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Begin to set up the access of an approved request, which the decision still has to allow.

    What no longer holds is put on hold. Raises Refused where it is not due, or begun already.
    """
    lock_claims()
    lock_package(request.package)  # whoever adds a resource meanwhile sees the access, or waits
    row = locked(request)
    require_movable(row, "start", SYSTEM, at)
    if row.deliver_at is None or at < row.deliver_at:
        raise refuse("not_due", "This access is not to be set up yet")
    if why := why_not_standing(row, at):
        return park(row, why, at)
    move(row, "start", SYSTEM, by=by, at=at)
    if row.kind == AccessRequest.Kind.EXTENSION:
        _extend(row, by, at)
    else:
        _assign(row, by, at)
    return row


def start_due(by: Actor, at: datetime) -> int:
    """Begin to set up a batch of approved requests. Return how many."""
    due = AccessRequest.objects.filter(state=APPROVED, deliver_at__lte=at)
    return each_due(due, lambda row: start(request=row, by=by, at=at))


@action("Retry access package assignment request", needs="change_assignment")
def retry(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Try again what failed at the resources."""
    row = locked(request)
    require_movable(row, "retry", ADMINISTRATOR, at)
    failed = Delivery.objects.filter(assignment__request=row, state=Delivery.State.FAILED)
    failed.update(state=Delivery.State.WAITING, attempts=0, due_at=at, last_error="")
    move(row, "retry", ADMINISTRATOR, by=by, at=at)
    record(retry.activity, by=by, at=at, target=request_ref(row), organization=row.organization)
    return row


def settle(assignment: Assignment, at: datetime) -> None:
    """After a delivery: finish the request where nothing is left to do, or say that it failed."""
    row = locked(assignment.request)
    if row.state != DELIVERING:
        return
    grants = assignment.deliveries.filter(operation=Delivery.Operation.GRANT)
    states = set(grants.values_list("state", flat=True))
    if Delivery.State.WAITING in states:
        return
    if Delivery.State.FAILED in states:
        _fail(row, at)
    else:
        _finish(row, assignment, THE_SYSTEM, at)


def _fail(row: AccessRequest, at: datetime) -> None:
    move(row, "fail", SYSTEM, by=THE_SYSTEM, at=at)
    record(
        "Failed access package assignment request",
        by=THE_SYSTEM,
        at=at,
        target=request_ref(row),
        organization=row.organization,
    )


def _finish(row: AccessRequest, assignment: Assignment, by: Actor, at: datetime) -> None:
    move(row, "deliver", SYSTEM, by=by, at=at)
    until = assignment.ends_at.astimezone(get_default_timezone()) if assignment.ends_at else None
    tell_requester(row, messages.delivered(request_fact(row), until=until), at)
    record(
        "Fulfill access package assignment request",
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        after={"from": assignment.starts_at, "until": assignment.ends_at},
    )


def _assign(row: AccessRequest, by: Actor, at: datetime) -> None:
    address = canonical_email(row.email)
    end_overdue_of(row.mailbox, row.package, at)
    if Assignment.objects.present().filter(mailbox=row.mailbox, package=row.package).exists():
        raise refuse("already_has_access", f"{row.email} already has {row.package.name}")
    person = guest_with_access(address, row.organization, by, at)
    if row.organization_id:
        recount_people([row.organization_id])
    starts_at, ends_at = period(
        row.terms, row.starts_at, row.ends_at, at=at, zone=get_default_timezone()
    )
    ends_at = _with_voucher(row, ends_at, at)
    assignment = Assignment.objects.create(
        package=row.package,
        person=person,
        mailbox=row.mailbox,
        organization=row.organization,
        request=row,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=at,
    )
    row.requester = person
    row.save(update_fields=["requester"])
    _deliver(row, assignment, by, at)


def _with_voucher(row: AccessRequest, until: datetime | None, at: datetime) -> datetime | None:
    """Return when access ends that rests on a voucher: with the voucher at the latest (rule 47)."""
    voucher = voucher_for(row.mailbox, at)
    ends = [moment for moment in (until, voucher.ends_at if voucher else None) if moment]
    return min(ends, default=None)


def _deliver(row: AccessRequest, assignment: Assignment, by: Actor, at: datetime) -> None:
    resources = Resource.objects.filter(package=row.package, removed_at__isnull=True)
    deliveries = [
        Delivery(
            assignment=assignment,
            resource=each,
            operation=Delivery.Operation.GRANT,
            due_at=at,
            created_at=at,
        )
        for each in resources.order_by("pk")
    ]
    Delivery.objects.bulk_create(deliveries)
    if not deliveries:
        _finish(row, assignment, by, at)


def _extend(row: AccessRequest, by: Actor, at: datetime) -> None:
    """Move the end of the access that the request is about."""
    present = Assignment.objects.select_for_update().present().in_force(at)
    assignment = present.filter(mailbox=row.mailbox, package=row.package).first()
    if assignment is None:
        raise refuse("no_access", f"{row.email} has no access to extend any more")
    before, zone = assignment.ends_at, get_default_timezone()
    _from, until = period(row.terms, None, row.ends_at, at=max(before or at, at), zone=zone)
    until = _with_voucher(row, until, at)
    assignment.ends_at, assignment.reminders = until, 0
    assignment.save(update_fields=["ends_at", "reminders"])
    record(
        "Extend access package assignment",
        by=by,
        at=at,
        target=assignment,
        organization=assignment.organization,
        before={"until": before},
        after={"until": until},
    )
    _finish(row, assignment, by, at)

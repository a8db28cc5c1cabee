"""A request in every state, each brought there by the actions of the product."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from governance.actions.access_requests import (
    decisions,
    ending,
    expiry,
    fulfilment,
    withdrawal,
)
from governance.models import AccessRequest, Assignment, Delivery, Package, Person
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make import NOON

DAY = timedelta(days=1)
STATES = tuple(AccessRequest.State.values)


def package(approver: Person, name: str = "Drawings") -> Package:
    """A package with a group, for all configured organizations, for which one person decides."""
    row = make.package(name)
    policy = make.policy(row)
    make_requests.with_stages(policy, make_requests.named_stage(approver))
    make_requests.resource(row, make_requests.group(f"{name} readers"))
    return row


def in_every_state(
    row: Package, approver: Person, *, at: datetime = NOON
) -> dict[str, AccessRequest]:
    """Return a request for the package in each state, by the state, of somebody at Fabrikam."""
    return {state: in_state(state, row, approver, at=at) for state in STATES}


def in_state(
    state: str, row: Package, approver: Person, *, at: datetime = NOON, email: str = ""
) -> AccessRequest:
    """Return a request for the package in that state."""
    address = email or f"{state.replace('_', '-')}@{state.replace('_', '-')}.fabrikam.example"
    request = make_requests.request(row, address, at=at)
    _BY_STATE[state](request, approver, at)
    request.refresh_from_db()
    assert request.state == state
    return request


def _pending(request: AccessRequest, approver: Person, at: datetime) -> None:
    pass


def _sent_back(request: AccessRequest, approver: Person, at: datetime) -> None:
    given = {"request": request, "reason": "Which project?", "by": make.actor(approver), "at": at}
    decisions.send_back(**given)


def _denied(request: AccessRequest, approver: Person, at: datetime) -> None:
    given = {"request": request, "reason": "No contract", "by": make.actor(approver), "at": at}
    decisions.deny(**given)


def _withdrawn(request: AccessRequest, approver: Person, at: datetime) -> None:
    by = make_requests.visitor(request.email)
    withdrawal.withdraw(request=request, mailbox=request.mailbox, by=by, at=at)


def _expired(request: AccessRequest, approver: Person, at: datetime) -> None:
    expiry.expire(request=request, by=SYSTEM, at=at + 14 * DAY)


def _parked(request: AccessRequest, approver: Person, at: datetime) -> None:
    make.list_rule(request.mailbox.rpartition("@")[2])
    make_requests.approve(request, approver, at=at)


def _approved(request: AccessRequest, approver: Person, at: datetime) -> None:
    make_requests.approve(request, approver, at=at)


def _delivering(request: AccessRequest, approver: Person, at: datetime) -> None:
    _approved(request, approver, at)
    fulfilment.start(request=request, by=SYSTEM, at=at + DAY)


def _delivered(request: AccessRequest, approver: Person, at: datetime) -> None:
    _delivering(request, approver, at)
    _settled(request, at, state=Delivery.State.DONE, attempts=1, done_at=at + DAY)


def _failed(request: AccessRequest, approver: Person, at: datetime) -> None:
    _delivering(request, approver, at)
    error = "The other system answered 503"
    _settled(request, at, state=Delivery.State.FAILED, attempts=5, last_error=error)


def _ended(request: AccessRequest, approver: Person, at: datetime) -> None:
    _delivered(request, approver, at)
    assignment = Assignment.objects.get(request=request)
    ending.end_assignment(assignment=assignment, reason="Left", by=SYSTEM, at=at + DAY)


def _settled(request: AccessRequest, at: datetime, **delivery: object) -> None:
    assignment = Assignment.objects.get(request=request)
    assignment.deliveries.update(**delivery)
    with transaction.atomic():
        fulfilment.settle(assignment, at + DAY)


_BY_STATE = {
    "pending_approval": _pending,
    "sent_back": _sent_back,
    "parked": _parked,
    "approved": _approved,
    "delivering": _delivering,
    "delivered": _delivered,
    "delivery_failed": _failed,
    "denied": _denied,
    "withdrawn": _withdrawn,
    "expired": _expired,
    "ended": _ended,
}

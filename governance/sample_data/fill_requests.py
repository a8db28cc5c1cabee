"""Large made-up data for measuring: requests in every state, and the access they led to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from ..db.bulk_writes import next_id, reset_sequences, room_for_many_rows, write_rows
from ..models import AccessRequest, Assignment, Package, Person
from ..rules.access_packages.lifecycle import Lifecycle, lifecycle_to_json
from ..rules.access_packages.stages import INTERNAL_SPONSORS, Stage, stages_to_json
from ..rules.access_requests.transitions import (
    APPROVED,
    CLOSED,
    DELIVERED,
    DENIED,
    ENDED,
    EXPIRED,
    PENDING,
    SENT_BACK,
    WAITING,
    WITHDRAWN,
)
from ..rules.decision import refuse
from ..rules.roles import Actor

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_OPEN = (PENDING, PENDING, PENDING, SENT_BACK, APPROVED)
_OVER = (DENIED, WITHDRAWN, EXPIRED, DENIED)
_REQUEST = (
    *("id", "uuid", "kind", "package_id", "organization_id", "requester_id", "email", "mailbox"),
    *("state", "stages", "lifecycle", "answers", "reason", "submitted_at", "stage_began_at"),
    *("due_at", "closed_at", "closed_by", "changed_at"),
)
_ASSIGNMENT = (
    *("uuid", "package_id", "person_id", "mailbox", "organization_id", "request_id"),
    *("starts_at", "ends_at", "ended_at", "ended_by", "ended_because", "created_at"),
)


@dataclass(frozen=True, slots=True)
class _Made:
    """A made-up request: the guest (id, email, mailbox, organization) and the package it is for."""

    number: int
    guest: tuple
    package: int
    state: str

    def submitted_at(self, at: datetime) -> datetime:
        """Open ones within the last ten days, others within the last two years."""
        days = 730 if self.state in (DELIVERED, *CLOSED) else 10
        return at - _MINUTE * (self.number * 7919 % (days * 24 * 60)) - _DAY


def add_requests(*, assignments: int, requests: int, by: Actor, at: datetime) -> None:
    """Add so many assignments and requests, those that the assignments rest on among them.

    A guest has a package, or an open request for it, at most once: what is more is over.
    """
    made = list(_made(assignments, max(requests, assignments), next_id(AccessRequest)))
    with room_for_many_rows():
        write_rows(AccessRequest, _REQUEST, (_request(each, by, at) for each in made))
        granted = made[:assignments]
        write_rows(Assignment, _ASSIGNMENT, (_assignment(each, by, at) for each in granted))
    reset_sequences(AccessRequest)


def _made(assignments: int, requests: int, first: int) -> Iterator[_Made]:
    """The requests of assignments first; of the others every fifth is open while there is room."""
    guests = list(
        Person.objects.filter(kind="guest", state="active")
        .order_by("id")
        .values_list("id", "email", "mailbox", "organization_id")[:requests]
    )
    packages = list(Package.objects.order_by("-id").values_list("id", flat=True)[:10])
    if requests and not (guests and packages):
        text = "Add made-up organizations first: their guests are who requests access"
        raise refuse("nobody_to_request", text)
    taken = set(AccessRequest.objects.open().values_list("mailbox", "package_id"))
    taken.update(Assignment.objects.present().values_list("mailbox", "package_id"))
    for number in range(requests):
        guest, package = (
            guests[number % len(guests)],
            packages[number // len(guests) % len(packages)],
        )
        is_free = (guest[2], package) not in taken
        state = _state(number, is_free=is_free, has_access=number < assignments)
        if state in (DELIVERED, *_OPEN):
            taken.add((guest[2], package))
        yield _Made(first + number, guest, package, state)


def _state(number: int, *, is_free: bool, has_access: bool) -> str:
    if has_access:
        return DELIVERED if is_free else ENDED
    if is_free and number % 5 == 0:
        return _OPEN[number // 5 % len(_OPEN)]
    return _OVER[number % len(_OVER)]


_STAGES = json.dumps(stages_to_json([Stage(INTERNAL_SPONSORS)]))
_LIFECYCLE = json.dumps(lifecycle_to_json(Lifecycle()))


def _request(made: _Made, by: Actor, at: datetime) -> tuple:
    person, email, mailbox, organization = made.guest
    submitted_at = made.submitted_at(at)
    closed_at = submitted_at + _DAY if made.state in CLOSED else None
    return (
        *(made.number, uuid4(), "access", made.package, organization, person, email, mailbox),
        *(made.state, _STAGES, _LIFECYCLE, "[]", "Made up", submitted_at, submitted_at),
        submitted_at + 14 * _DAY if made.state in WAITING else None,
        *(closed_at, by.label if closed_at else "", closed_at or submitted_at),
    )


def _assignment(made: _Made, by: Actor, at: datetime) -> tuple:
    person, _email, mailbox, organization = made.guest
    starts_at = made.submitted_at(at)
    ended_at = starts_at + _DAY if made.state == ENDED else None
    ends_at = at + _MINUTE * (made.number * 7919 % (365 * 24 * 60)) + _MINUTE
    return (
        *(uuid4(), made.package, person, mailbox, organization, made.number),
        *(starts_at, ends_at, ended_at, by.label if ended_at else ""),
        *("Made up" if ended_at else "", starts_at),
    )

"""The life of a request as one table: in which state what can happen, who can make it happen, and
what state follows.

docs/access-requests.md draws it from this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NEW = "new"
PENDING, SENT_BACK, PARKED = "pending_approval", "sent_back", "parked"
APPROVED, DELIVERING, DELIVERED = "approved", "delivering", "delivered"
FAILED, DENIED, WITHDRAWN = "delivery_failed", "denied", "withdrawn"
EXPIRED, ENDED = "expired", "ended"
STATES = (
    *(PENDING, SENT_BACK, PARKED, APPROVED, DELIVERING, DELIVERED),
    *(FAILED, DENIED, WITHDRAWN, EXPIRED, ENDED),
)
WAITING = (PENDING, SENT_BACK)  # for somebody who has to answer in time
OPEN = (PENDING, SENT_BACK, PARKED, APPROVED, DELIVERING, FAILED)
CLOSED = (DENIED, WITHDRAWN, EXPIRED, ENDED)
STATE_WORDS = {
    PENDING: "Waiting for approval",
    SENT_BACK: "Sent back to the requester",
    PARKED: "On hold",
    APPROVED: "Approved",
    DELIVERING: "Being set up",
    DELIVERED: "Access granted",
    FAILED: "Setting up failed",
    DENIED: "Denied",
    WITHDRAWN: "Withdrawn",
    EXPIRED: "Expired",
    ENDED: "Access ended",
}

REQUESTER, APPROVER = "requester", "approver"
ADMINISTRATOR, SYSTEM = "administrator", "system"
WHO = (REQUESTER, APPROVER, ADMINISTRATOR, SYSTEM)


@dataclass(frozen=True, slots=True)
class Transition:
    """In `state`, `event` can be caused by one of `who`, and leads to `to`."""

    state: str
    event: str
    to: str
    who: tuple[str, ...]


def _all(states: Iterable[str], event: str, to: str, *who: str) -> tuple[Transition, ...]:
    return tuple(Transition(state, event, to, who) for state in states)


TRANSITIONS = (
    *_all([NEW], "submit", PENDING, REQUESTER, ADMINISTRATOR),
    *_all([PENDING], "approve_stage", PENDING, APPROVER),
    *_all([PENDING], "approve", APPROVED, APPROVER, SYSTEM),
    *_all([PENDING], "deny", DENIED, APPROVER),
    *_all([PENDING], "send_back", SENT_BACK, APPROVER),
    *_all([PENDING], "escalate", PENDING, SYSTEM),
    *_all([SENT_BACK], "resubmit", PENDING, REQUESTER),
    *_all([APPROVED, DENIED, SENT_BACK, PENDING], "undo", PENDING, APPROVER),
    *_all([PENDING, SENT_BACK], "expire", EXPIRED, SYSTEM),
    *_all([PENDING, APPROVED], "park", PARKED, SYSTEM),
    *_all([PARKED], "resume_approval", PENDING, ADMINISTRATOR),
    *_all([PARKED], "resume_delivery", APPROVED, ADMINISTRATOR),
    *_all(
        [PENDING, SENT_BACK, PARKED, APPROVED],
        "withdraw",
        WITHDRAWN,
        *(REQUESTER, ADMINISTRATOR, SYSTEM),
    ),
    *_all([APPROVED], "start", DELIVERING, SYSTEM),
    *_all([DELIVERING], "deliver", DELIVERED, SYSTEM),
    *_all([DELIVERING], "fail", FAILED, SYSTEM),
    *_all([FAILED], "retry", DELIVERING, ADMINISTRATOR),
    *_all([DELIVERED], "extend", DELIVERED, SYSTEM, ADMINISTRATOR),
    *_all([DELIVERED, DELIVERING, FAILED], "end", ENDED, REQUESTER, ADMINISTRATOR, SYSTEM),
)
_BY_STATE_AND_EVENT = {(each.state, each.event): each for each in TRANSITIONS}
EVENTS = tuple(dict.fromkeys(each.event for each in TRANSITIONS))


def transition(state: str, event: str, who: str) -> Transition | None:
    """Return what happens; None where this cannot happen in that state, or not by them."""
    found = _BY_STATE_AND_EVENT.get((state, event))
    return found if found and who in found.who else None


def state_at(state: str, due_at: datetime | None, at: datetime) -> str:
    """Return the state as it is to be read at that moment.

    A request that nobody answered in time has expired, whether or not the worker has written so.
    """
    return EXPIRED if state in WAITING and due_at is not None and at >= due_at else state


def is_open(state: str) -> bool:
    """Return whether the request still can lead to access that the requester does not have."""
    return state in OPEN

"""Withdrawing a request before access is set up."""

from __future__ import annotations

from datetime import datetime

from ...models import AccessRequest
from ...rules.access_requests import messages
from ...rules.access_requests.outcomes import REASON_LIMIT
from ...rules.access_requests.transitions import ADMINISTRATOR, REQUESTER
from ...rules.decision import refuse
from ...rules.names import clean_long_text
from ...rules.roles import Actor
from ...rules.values import known_text
from ..action import action
from ..audit import record
from .moving import locked, move, request_ref, require_movable
from .notices import request_fact, tell_requester


@action("Cancel access package assignment request")
def withdraw(*, request: AccessRequest, mailbox: str, by: Actor, at: datetime) -> AccessRequest:
    """Withdraw one's own request before access is set up."""
    row = own_request(request, mailbox)
    require_movable(row, "withdraw", REQUESTER, at)
    return close_as_withdrawn(row, REQUESTER, "", by=by, at=at)


@action("Administrator cancels access package assignment request", needs="change_assignment")
def cancel_request(
    *, request: AccessRequest, reason: str, by: Actor, at: datetime
) -> AccessRequest:
    """Withdraw somebody's request before access is set up, with a reason that they can read."""
    why = known_reason(reason, is_needed=True)
    row = locked(request)
    require_movable(row, "withdraw", ADMINISTRATOR, at)
    return close_as_withdrawn(row, ADMINISTRATOR, why, by=by, at=at)


def close_as_withdrawn(
    row: AccessRequest, who: str, why: str, *, by: Actor, at: datetime
) -> AccessRequest:
    """Withdraw a locked request, for its requester or for an administrator."""
    row.closed_at, row.closed_by, row.closing_reason = at, by.label, why
    move(row, "withdraw", who, by=by, at=at, text=why)
    if who != REQUESTER:
        tell_requester(row, messages.withdrawn(request_fact(row), reason=why), at)
    record(
        withdraw.activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        reason=why,
    )
    return row


def known_reason(reason: object, *, is_needed: bool, field: str = "reason") -> str:
    """Return a reason, or an answer to what was asked, as it is stored."""
    text = clean_long_text(reason, REASON_LIMIT, field=field, called="Reason")
    if is_needed and not text:
        raise refuse("reason_missing", "Enter a reason", field=field)
    return text


def own_request(request: AccessRequest, mailbox: str) -> AccessRequest:
    """Return the locked request if it is the mailbox's own; raise Refused otherwise."""
    row = locked(request)
    if row.mailbox != known_text(mailbox, field="mailbox"):
        raise refuse("not_yours", "This is somebody else's request")
    return row

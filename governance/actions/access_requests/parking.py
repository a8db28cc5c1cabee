"""Putting a request on hold that no longer holds, and letting a person resume it (rule 30)."""

from __future__ import annotations

from datetime import datetime

from ...facts.access_requests.standing import why_not_standing
from ...models import AccessRequest
from ...rules.access_requests import messages
from ...rules.access_requests.transitions import ADMINISTRATOR, APPROVED, PARKED, SYSTEM
from ...rules.decision import Reason, Refused
from ...rules.roles import SYSTEM as THE_SYSTEM
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from .moving import locked, move, request_ref, require_not_own, settled
from .notices import request_fact, tell_approvers, tell_requester
from .stages import renewed


def park(row: AccessRequest, why: Reason, at: datetime) -> AccessRequest:
    """Put a locked request on hold, with the step of the decision that stopped it."""
    row.parked_in, row.parked_code, row.parked_because = row.state, why.code, why.text
    move(row, "park", SYSTEM, by=THE_SYSTEM, at=at, text=why.text)
    tell_requester(row, messages.parked(request_fact(row)), at)
    record(
        "Hold access package assignment request",
        by=THE_SYSTEM,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        reason=f"{why.code}: {why.text}",
    )
    return row


@action("Resume access package assignment request", needs="change_assignment")
def resume(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Let a request go on from where it was held.

    Raises Refused while what held it still does.
    """
    row = locked(request)
    require_not_own(row.mailbox, by, "You cannot resume your own request")
    if row.state != PARKED:
        raise settled(row, row.state_at(at))
    if why := why_not_standing(row, at):
        text = f"{row.email} still cannot have this access. {why.text}"
        raise Refused(Reason(why.code, text, refers_to=why.refers_to))
    _resume(row, by, at)
    record(resume.activity, by=by, at=at, target=request_ref(row), organization=row.organization)
    return row


def _resume(row: AccessRequest, by: Actor, at: datetime) -> None:
    was_approved = row.parked_in == APPROVED
    row.parked_in, row.parked_code, row.parked_because = "", "", ""
    if was_approved:
        row.deliver_at = max(row.starts_at or at, at)
        move(row, "resume_delivery", ADMINISTRATOR, by=by, at=at)
        return
    renewed(row, at)
    move(row, "resume_approval", ADMINISTRATOR, by=by, at=at)
    tell_approvers(row, at)

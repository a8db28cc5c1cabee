"""Deciding a stage of a request, and taking a decision back for a minute (rules 37 to 39)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime

from ...facts.access_requests.approvers import deciders
from ...facts.access_requests.standing import why_not_standing
from ...models import AccessRequest, ApprovalDecision
from ...rules.access_packages.stages import Stage
from ...rules.access_requests import messages
from ...rules.access_requests.approval import Decider
from ...rules.access_requests.approver_words import PAST_WORDS
from ...rules.access_requests.outcomes import APPROVE, DENY, SEND_BACK, UNDO
from ...rules.access_requests.transitions import APPROVER
from ...rules.decision import Refused, refuse
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from .moving import locked, moment_in_words, move, request_ref, require_movable
from .notices import forget_unsent, request_fact, tell_other_approvers, tell_requester
from .parking import park
from .stages import STAGE_COLUMNS, approved_stage
from .withdrawal import known_reason


@action("Approve access package assignment request")
def approve(
    *, request: AccessRequest, reason: str, by: Actor, at: datetime, stage_key: str | None = None
) -> AccessRequest:
    """Approve the present stage.

    The decision is asked again first: what no longer holds is put on hold, and no approval counts.
    `stage_key` is that of the page that was decided on. Raises Refused for whoever cannot
    decide it, or where it is settled or has moved on since.
    """
    row, decider, stage = _decidable(request, by, at, stage_key)
    text = known_reason(reason, is_needed=stage.needs_reason)
    if why := why_not_standing(row, at):
        return park(row, why, at)
    _keep(row, decider, APPROVE, text, at)
    if _approvals(row) >= stage.needed:
        fact = request_fact(row)
        told = messages.decided_by_somebody(fact, outcome="Approved", by=by.label)
        tell_other_approvers(row, told, at, but=decider.candidate.person_id)
        approved_stage(row, by=by, at=at, text=text)
    else:
        move(row, "approve_stage", APPROVER, by=by, at=at, text=text)
    _record(approve.activity, row, text, by, at)
    return row


@action("Deny access package assignment request")
def deny(
    *, request: AccessRequest, reason: str, by: Actor, at: datetime, stage_key: str | None = None
) -> AccessRequest:
    """Deny a request, with a reason that the requester reads."""
    row, decider, _stage = _decidable(request, by, at, stage_key)
    text = known_reason(reason, is_needed=True)
    _keep(row, decider, DENY, text, at)
    fact = request_fact(row)
    told = messages.decided_by_somebody(fact, outcome="Denied", by=by.label)
    tell_other_approvers(row, told, at, but=decider.candidate.person_id)
    tell_requester(row, messages.denied(fact, reason=text), at, due_at=at + UNDO)
    row.closed_at, row.closed_by, row.closing_reason = at, by.label, text
    move(row, "deny", APPROVER, by=by, at=at, text=text)
    _record(deny.activity, row, text, by, at)
    return row


@action("Send back access package assignment request")
def send_back(
    *, request: AccessRequest, reason: str, by: Actor, at: datetime, stage_key: str | None = None
) -> AccessRequest:
    """Ask the requester for more; the stage begins again with the answer."""
    row, decider, stage = _decidable(request, by, at, stage_key)
    text = known_reason(reason, is_needed=True)
    _keep(row, decider, SEND_BACK, text, at)
    row.due_at = at + timedelta(days=stage.days)
    move(row, "send_back", APPROVER, by=by, at=at, text=text)
    tell_requester(row, messages.sent_back(request_fact(row), reason=text), at, due_at=at + UNDO)
    _record(send_back.activity, row, text, by, at)
    return row


@action("Undo decision on access package assignment request")
def undo(*, request: AccessRequest, by: Actor, at: datetime) -> AccessRequest:
    """Take back one's own last decision within a minute.

    Raises Refused later than that, or where something has happened to the request since.
    """
    row = locked(request)
    decision = _last_own(row, by, at)
    decision.undone_at = at
    decision.save(update_fields=["undone_at"])
    row.told.filter(at__gte=decision.decided_at, stage__gt=decision.stage).delete()
    forget_unsent(row, at)
    _go_back(row, decision)
    move(row, "undo", APPROVER, by=by, at=at)
    _record(undo.activity, row, "", by, at)
    return row


def can_undo(decision: ApprovalDecision, at: datetime) -> bool:
    """Return whether a decision can still be taken back, if nothing has happened since."""
    return decision.undone_at is None and at < decision.decided_at + UNDO


def _decidable(
    request: AccessRequest, by: Actor, at: datetime, stage_key: str | None
) -> tuple[AccessRequest, Decider, Stage]:
    """Return the locked request, who decides it, and the stage that they decide."""
    row = locked(request)
    require_movable(row, "approve", APPROVER, at)
    decider, stage = deciders(row, at).decider(by.person_id), row.present_stage
    if decider is None or stage is None:
        raise _not_an_approver(row, by)
    if stage_key is not None and stage_key != row.stage_key:
        raise refuse("stage_changed", f"{_last_words(row, by)} Review the request again")
    return row, decider, stage


def _not_an_approver(row: AccessRequest, by: Actor) -> Refused:
    """Return the refusal: to those who were asked, with who was quicker."""
    was_asked = row.told.filter(person=by.person_id).exists() if by.person_id else False
    said = f"{_last_words(row, by)} " if was_asked else ""
    return refuse("not_an_approver", f"{said}You cannot decide this request")


def _last_words(row: AccessRequest, by: Actor) -> str:
    """Return who did what last, and when."""
    last = row.events.order_by("-id").first()
    if last is None:
        return "This request has changed."
    who = "You" if last.by == by.label else last.by or "Somebody"
    did = PAST_WORDS.get(last.event, "changed")
    return f"{who} {did} this request at {moment_in_words(last.at)}."


def _keep(row: AccessRequest, decider: Decider, outcome: str, text: str, at: datetime) -> None:
    ApprovalDecision.objects.create(
        request=row,
        stage=row.stage,
        round=row.round,
        person_id=decider.candidate.person_id,
        instead_of=decider.instead_of,
        outcome=outcome,
        reason=text,
        decided_at=at,
        undo_to={name: _plain(getattr(row, name)) for name in STAGE_COLUMNS},
    )


def _plain(value: int | datetime | None) -> int | str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _approvals(row: AccessRequest) -> int:
    present = row.decisions.filter(stage=row.stage, round=row.round, undone_at__isnull=True)
    return present.filter(outcome=APPROVE).count()


def _last_own(row: AccessRequest, by: Actor, at: datetime) -> ApprovalDecision:
    last = row.decisions.filter(undone_at__isnull=True).order_by("-id").first()
    if last is None or last.person_id != by.person_id:
        raise refuse("nothing_to_undo", "You have no decision on this request to undo")
    has_moved = row.events.filter(at__gt=last.decided_at).exists()
    if not can_undo(last, at) or has_moved:
        text = "This decision can no longer be undone. A decision can be undone for 60 seconds"
        raise refuse("too_late_to_undo", text)
    return last


def _go_back(row: AccessRequest, decision: ApprovalDecision) -> None:
    for name, value in decision.undo_to.items():
        moment = parse_datetime(value) if isinstance(value, str) else value
        setattr(row, name, moment)
    row.closed_at, row.closed_by, row.closing_reason = None, "", ""


def _record(activity: str, row: AccessRequest, reason: str, by: Actor, at: datetime) -> None:
    record(
        activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        after={"stage": row.stage, "state": row.state},
        reason=reason,
    )

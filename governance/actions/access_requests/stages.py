"""Beginning a stage of a request, and what follows once enough have approved."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...models import AccessRequest, NamedApprover, Person
from ...rules.access_requests.outcomes import UNDO
from ...rules.access_requests.transitions import APPROVER, NEW, SYSTEM
from ...rules.roles import SYSTEM as THE_SYSTEM
from ...rules.roles import Actor
from .moving import move
from .notices import tell_approvers

# What begins with a stage, and goes back when a decision is taken back.
STAGE_COLUMNS = (
    "stage",
    "stage_began_at",
    "due_at",
    "remind_at",
    "escalate_at",
    "escalated_at",
    "deliver_at",
)


def open_request(row: AccessRequest, who: str, *, by: Actor, at: datetime) -> None:
    """Write a new request and ask the approvers of its first stage, if it has one."""
    row.state, row.submitted_at, row.stage_began_at, row.due_at = NEW, at, at, at
    move(row, "submit", who, by=by, at=at, text=row.reason)
    named = {key for stage in row.all_stages for key in stage.everybody_named}
    people = Person.objects.filter(uuid__in=named).order_by("pk")
    NamedApprover.objects.bulk_create(NamedApprover(request=row, person=each) for each in people)
    begin_stage(row, 1, at)


def begin_stage(
    row: AccessRequest, number: int, at: datetime, *, told_at: datetime | None = None
) -> None:
    """Ask the approvers of a stage, or approve where no stage is left.

    `told_at` is when the mails leave: after the time in which the last decision can be taken back.
    """
    row.stage = number
    if row.present_stage is None:
        row.deliver_at = max(row.starts_at or at, at)
        move(row, "approve", SYSTEM, by=THE_SYSTEM, at=at)
        return
    renewed(row, at)
    row.save()
    tell_approvers(row, at, due_at=told_at)


def renewed(row: AccessRequest, at: datetime) -> None:
    """Give the approvers of the present stage their whole time from now on."""
    stage = row.present_stage
    if stage is None:
        return
    row.stage_began_at, row.due_at = at, at + timedelta(days=stage.days)
    row.remind_at = _after(at, stage.reminds_after)
    row.escalate_at, row.escalated_at = _after(at, stage.escalates_after), None


def approved_stage(row: AccessRequest, *, by: Actor, at: datetime, text: str) -> None:
    """Go on to the next stage, or to setting up the access after the last one."""
    if row.stage < len(row.stages):
        move(row, "approve_stage", APPROVER, by=by, at=at, text=text)
        begin_stage(row, row.stage + 1, at, told_at=at + UNDO)
        return
    row.deliver_at = max(row.starts_at or at, at + UNDO)
    move(row, "approve", APPROVER, by=by, at=at, text=text)


def _after(at: datetime, days: int | None) -> datetime | None:
    return at + timedelta(days=days) if days is not None else None

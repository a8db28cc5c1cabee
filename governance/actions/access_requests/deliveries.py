"""Doing at the resources what access needs: giving it and taking it away, each once, with retries
(product rule 30: what does not hold any more is not given).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ...connectors.task_queue import TaskContext, began_at, task
from ...models import Delivery
from ...rules.access_requests.deliveries import ATTEMPTS, HELD, WAITS
from ...rules.access_requests.transitions import FAILED
from ...rules.decision import Ref, refuse
from ...rules.roles import SYSTEM as THE_SYSTEM
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from ..locks import lock_row
from ..queueing import hold, queue_due
from ..resources.interface import DeliveryFailed, type_of
from .fulfilment import retry, settle

GRANT, REVOKE = Delivery.Operation.GRANT, Delivery.Operation.REVOKE
ACTIVITIES = {
    ("group", "grant"): "Add member to group",
    ("group", "revoke"): "Remove member from group",
    ("webhook", "grant"): "Send access to webhook",
    ("webhook", "revoke"): "Send end of access to webhook",
}
_RELATED = (
    *("assignment__person", "assignment__package", "assignment__organization"),
    *("assignment__request", "resource__group", "resource__webhook"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying outside the portal: nothing yet, or what went wrong."""

    was_sent: bool = False
    problem: str = ""


@task(takes_context=True)
def deliver_access(context: TaskContext, pk: int) -> None:
    """Do one delivery, if it is still to be done: the task that is queued for a row."""
    deliver(pk, began_at(context))


def queue_due_deliveries(by: Actor, at: datetime) -> int:
    """Queue a batch of deliveries that are due and in no queue, and return how many they are."""
    return queue_due(Delivery.objects.all(), deliver_access, at)


def deliver(pk: int, at: datetime) -> str | None:
    """Do one delivery and return its state after it. None when it was not to be done now."""
    rows = Delivery.objects.filter(pk=pk)
    if not hold(rows, at, at + HELD):
        return None
    delivery = rows.select_related(*_RELATED).get()
    if _is_too_early(delivery, at):
        rows.update(due_at=delivery.created_at + HELD, attempts=delivery.attempts - 1)
        return None
    attempt = _attempt(delivery, at) if _leaves_the_portal(delivery) else Attempt()
    return settle_delivery(delivery=delivery, attempt=attempt, by=THE_SYSTEM, at=at)


@action("Deliver access", needs="change_assignment")
def settle_delivery(*, delivery: Delivery, attempt: Attempt, by: Actor, at: datetime) -> str:
    """Write what became of an attempt; what happens inside the portal is done here and now.

    An attempt that another has overtaken changes nothing, unless it succeeded.
    """
    assignment = lock_row(delivery.assignment, "assignment_gone")
    row = _locked(delivery)
    is_overtaken = row.attempts != delivery.attempts and not attempt.was_sent
    if row.state != Delivery.State.WAITING or is_overtaken:
        return row.state
    if attempt.problem:
        _note_failure(row, attempt.problem, by, at)
    elif attempt.was_sent or _is_needed(row, at):
        if not attempt.was_sent:
            _do(row, at)
        _note_done(row, by, at)
    else:
        _end(row, Delivery.State.CANCELLED, at)
    if row.operation == GRANT:
        settle(assignment, at)
    return row.state


@action("Retry delivery", needs="change_assignment")
def retry_delivery(*, delivery: Delivery, by: Actor, at: datetime) -> Delivery:
    """Try again what failed. Raises Refused when it did not fail, or is done meanwhile.

    Where the request failed with it, all that failed of the request is tried again.
    """
    row = lock_row(delivery, "delivery_gone")
    if row.state != Delivery.State.FAILED:
        raise refuse("delivery_not_failed", "This delivery has not failed")
    request = row.assignment.request
    if row.operation == GRANT and request.state == FAILED:
        retry(request=request, by=by, at=at)
        row.refresh_from_db()
        return row
    row.state, row.attempts, row.due_at, row.last_error = Delivery.State.WAITING, 0, at, ""
    row.save(update_fields=["state", "attempts", "due_at", "last_error"])
    record(retry_delivery.activity, by=by, at=at, target=_target(row))
    return row


def _attempt(delivery: Delivery, at: datetime) -> Attempt:
    """Try outside the portal, in no transaction."""
    if not _is_needed(delivery, at):
        return Attempt()
    try:
        _do(delivery, at)
    except DeliveryFailed as failure:
        return Attempt(problem=str(failure)[:500] or "It failed")
    return Attempt(was_sent=True)


def _do(row: Delivery, at: datetime) -> None:
    resource_type = type_of(row.resource)
    do = resource_type.grant if row.operation == GRANT else resource_type.revoke
    do(row.assignment, row, at)


def _leaves_the_portal(delivery: Delivery) -> bool:
    return type_of(delivery.resource).leaves_the_portal


def _is_needed(row: Delivery, at: datetime) -> bool:
    """Return whether to do it still: access that is over meanwhile, or a resource that was taken
    out, is not given any more; what was given is always taken away.
    """
    assignment = row.assignment
    is_over = assignment.ends_at is not None and assignment.ends_at <= at
    has_ended = assignment.ended_at is not None or is_over or row.resource.removed_at is not None
    return row.operation == REVOKE or not has_ended


def _is_too_early(delivery: Delivery, at: datetime) -> bool:
    """Return whether access is to be taken away while somebody may be giving it at this moment."""
    if delivery.operation == GRANT or at >= delivery.created_at + HELD:
        return False
    return _grant_of(delivery).exists()


def _grant_of(delivery: Delivery) -> QuerySet[Delivery]:
    """The delivery that gives what this one takes away, while it is not settled."""
    same = {"assignment": delivery.assignment_id, "resource": delivery.resource_id}
    return Delivery.objects.filter(operation=GRANT, state=Delivery.State.WAITING, **same)


def _locked(delivery: Delivery) -> Delivery:
    """Return the row as it is now, with its assignment, which is locked already."""
    lock_row(delivery, "delivery_gone")
    return Delivery.objects.select_related(*_RELATED).get(pk=delivery.pk)


def _note_done(row: Delivery, by: Actor, at: datetime) -> None:
    _end(row, Delivery.State.DONE, at)
    if row.operation == REVOKE:
        _grant_of(row).update(state=Delivery.State.CANCELLED, done_at=at)
    record(
        ACTIVITIES[row.resource.kind, row.operation],
        by=by,
        at=at,
        target=_target(row),
        organization=row.assignment.organization,
        after={"person": row.assignment.person.email, "package": row.assignment.package.name},
    )


def _note_failure(row: Delivery, problem: str, by: Actor, at: datetime) -> None:
    row.last_error = problem
    if row.attempts < ATTEMPTS:
        row.due_at = at + WAITS[row.attempts - 1]
        row.save(update_fields=["last_error", "due_at"])
        return
    row.state = Delivery.State.FAILED
    row.save(update_fields=["last_error", "state"])
    record(
        "Fail to deliver access",
        by=by,
        at=at,
        target=_target(row),
        organization=row.assignment.organization,
        after={"person": row.assignment.person.email, "package": row.assignment.package.name},
        reason=problem,
    )


def _end(row: Delivery, state: str, at: datetime) -> None:
    row.state, row.done_at, row.last_error = state, at, ""
    row.save(update_fields=["state", "done_at", "last_error"])


def _target(row: Delivery) -> Ref:
    """Return the group or webhook, as the audit log names it."""
    target = row.resource.group or row.resource.webhook
    assert target is not None
    return Ref(target._meta.model_name or "", str(target.uuid), str(target))

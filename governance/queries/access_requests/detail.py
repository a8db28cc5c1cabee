"""One request with everything that an administrator has to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ...db.combined_query import json_list, parse_moment, run_combined
from ...facts.access_requests.approvers import deciders
from ...facts.access_requests.standing import decision_again
from ...models import (
    AccessRequest,
    ApprovalDecision,
    Assignment,
    Delivery,
    Mail,
    RequestEvent,
)
from ...rules.access_packages.stages import Stage
from ...rules.access_requests.approval import Deciders
from ...rules.access_requests.transitions import (
    ADMINISTRATOR,
    CLOSED,
    DELIVERED,
    PENDING,
    STATE_WORDS,
    transition,
)
from ...rules.access_requests.words import APPROVERS_WORDS, event_words
from ...rules.eligibility import Eligibility

RELATED = ("package", "organization", "requester", "policy")
_RESUME = ("resume_approval", "resume_delivery")
_ACTIONS = {"cancel": ("withdraw",), "resume": _RESUME, "retry": ("retry",)}


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A step in the life of a request, in words."""

    words: str
    at: datetime
    by: str
    text: str
    stage: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What an approver decided."""

    person: str
    key: UUID
    outcome: str
    instead_of: str
    reason: str
    stage: int
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What was done at a resource, or is to be done."""

    resource: str
    kind: str
    operation: str
    state: str
    state_words: str
    attempts: int
    due_at: datetime
    done_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail about the request."""

    number: int
    to: str
    subject: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of the approval: who is asked, and what became of it."""

    number: int
    stage: Stage
    state: str
    decisions: tuple[DecisionRow, ...]

    @property
    def who(self) -> str:
        """Return who decides, in words."""
        return APPROVERS_WORDS[self.stage.approvers]


@dataclass(frozen=True, slots=True)
class RequestPageFacts:
    """What the page of a request shows. `answer` is the decision as it would be now."""

    request: AccessRequest
    state: str
    stages: tuple[StageRow, ...]
    deciders: Deciders
    answer: Eligibility | None
    timeline: tuple[TimelineStep, ...]
    deliveries: tuple[DeliveryRow, ...]
    mails: tuple[MailRow, ...]
    assignments: tuple[tuple[UUID, bool], ...]
    possible: frozenset[str]

    @property
    def words(self) -> str:
        """Return the state in words."""
        return STATE_WORDS[self.state]

    @property
    def is_pending(self) -> bool:
        """Whether an approver has to decide now."""
        return self.state == PENDING

    @property
    def present_assignment(self) -> UUID | None:
        """Return the access that it led to, where that is in force."""
        return next((key for key, is_present in self.assignments if is_present), None)


def request_facts(key: UUID, at: datetime, *, with_mails: bool = False) -> RequestPageFacts | None:
    """Return what the page of a request shows; None where there is none.

    Two statements; one for the decision while the request can still go on; six at most for who
    decides it.
    """
    row = AccessRequest.objects.select_related(*RELATED).filter(uuid=key).first()
    if row is None:
        return None
    state = row.state_at(at)
    lists = _lists(row, with_mails)
    decisions = tuple(_decision(values) for values in sorted(lists["decisions"]))
    return RequestPageFacts(
        row,
        state,
        tuple(_stages(row, state, decisions)),
        deciders(row, at) if state == PENDING else Deciders(()),
        None if state in (*CLOSED, DELIVERED) else decision_again(row, at),
        tuple(_step(values) for values in sorted(lists["events"])),
        tuple(_delivery(values) for values in sorted(lists["deliveries"])),
        tuple(_mail(values) for values in sorted(lists["mails"])),
        tuple((UUID(key), ended is None) for _pk, key, ended in sorted(lists["assignments"])),
        frozenset(name for name, events in _ACTIONS.items() if _can(state, events)),
    )


def _can(state: str, events: tuple[str, ...]) -> bool:
    return any(transition(state, event, ADMINISTRATOR) for event in events)


def _lists(row: AccessRequest, with_mails: bool) -> dict[str, list]:
    """Return all that hangs on the request. One statement."""
    mails = Mail.objects.filter(about=f"request:{row.uuid}")
    led_to = Assignment.objects.filter(_same_access(row))
    deliveries = Delivery.objects.filter(assignment__in=led_to.values("pk"))
    lists = {
        "events": json_list(
            RequestEvent.objects.filter(request=row), "id", "event", "at", "by", "text", "stage"
        ),
        "decisions": json_list(
            ApprovalDecision.objects.filter(request=row),
            *("id", "person__name", "person__uuid", "outcome", "instead_of", "reason", "stage"),
            *("decided_at", "undone_at"),
        ),
        "mails": json_list(
            mails if with_mails else Mail.objects.none(),
            *("id", "to", "subject", "state", "created_at"),
        ),
        "assignments": json_list(led_to, "id", "uuid", "ended_at"),
        "deliveries": json_list(
            deliveries,
            *("id", "resource__group__name", "resource__webhook__name", "operation", "state"),
            *("attempts", "due_at", "done_at", "last_error"),
        ),
    }
    _counts, found = run_combined({}, lists)
    return found


def _same_access(row: AccessRequest) -> Q:
    """The access that the request led to; for an extension, the access that it extends."""
    if row.kind == AccessRequest.Kind.EXTENSION:
        return Q(mailbox=row.mailbox, package=row.package_id, created_at__lte=row.submitted_at)
    return Q(request=row)


def _stages(row: AccessRequest, state: str, decisions: tuple[DecisionRow, ...]) -> list[StageRow]:
    return [
        StageRow(
            number,
            stage,
            _stage_state(number, row, state),
            tuple(each for each in decisions if each.stage == number),
        )
        for number, stage in enumerate(row.all_stages, start=1)
    ]


def _stage_state(number: int, row: AccessRequest, state: str) -> str:
    """Return "done", "now", "later" or "over"."""
    is_past_approval = row.deliver_at is not None
    if number < row.stage or is_past_approval:
        return "done"
    if state == PENDING:
        return "now" if number == row.stage else "later"
    return "over"


def _step(values: list) -> TimelineStep:
    _pk, event, at, by, text, stage = values
    return TimelineStep(event_words(event), parse_moment(at), by, text, stage)


def _decision(values: list) -> DecisionRow:
    _pk, name, key, outcome, instead_of, reason, stage, decided_at, undone_at = values
    return DecisionRow(
        name,
        UUID(key),
        ApprovalDecision.Outcome(outcome).label,
        instead_of,
        reason,
        stage,
        parse_moment(decided_at),
        undone_at is not None,
    )


def _mail(values: list) -> MailRow:
    number, to, subject, state, at = values
    return MailRow(number, to, subject, Mail.State(state).label, parse_moment(at))


def _delivery(values: list) -> DeliveryRow:
    _pk, group, webhook, operation, state, attempts, due_at, done_at, error = values
    return DeliveryRow(
        group or webhook,
        "group" if group else "webhook",
        Delivery.Operation(operation).label,
        state,
        Delivery.State(state).label,
        attempts,
        parse_moment(due_at),
        parse_moment(done_at) if done_at else None,
        error,
    )

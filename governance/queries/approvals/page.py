"""One request as an approver sees it (product rule 45)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from ...db.combined_query import Counted, run_combined
from ...facts.access_requests.approvers import deciders
from ...models import (
    AccessRequest,
    ApprovalDecision,
    Assignment,
    Person,
    RequestEvent,
    Resource,
)
from ...rules.access_packages.stages import Stage
from ...rules.access_requests.approval import Decider
from ...rules.access_requests.approver_words import EVENT_WORDS, consequence_words, part_words
from ...rules.access_requests.outcomes import APPROVE, UNDO
from ...rules.access_requests.periods import period
from ...rules.access_requests.transitions import DENIED, STATE_WORDS
from ...rules.time_zones import moment_words
from .waiting import READ_WITH


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the timeline."""

    words: str
    event: RequestEvent


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What only somebody who can decide the request now is shown.

    `access` is what the requester has in the same organization, `history` what became of other
    requests of that organization, as numbers.
    """

    decider: Decider
    stage: Stage
    why: str
    consequence: str
    resources: tuple[Resource, ...]
    access: tuple[Assignment, ...]
    history: dict[str, Counted]


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """A request with its timeline; `to_decide` is None for those who can only read it."""

    request: AccessRequest
    state: str
    state_words: str
    timeline: tuple[Step, ...]
    to_decide: ToDecide | None
    can_undo: bool

    @property
    def seen(self) -> str:
        """Return what a decision on this page is about: another stage needs another look."""
        return self.request.stage_key


def requests_for_approvers() -> QuerySet[AccessRequest]:
    """Return the requests with what their page shows."""
    return AccessRequest.objects.select_related(*READ_WITH)


def approval_page(
    request: AccessRequest, person: Person | None, at: datetime
) -> ApprovalPage | None:
    """Return the request as the person may see it; None where they can neither decide it, nor were
    ever asked. 13 statements at most.
    """
    if person is None:
        return None
    stage = request.present_stage
    is_pending = request.state_at(at) == AccessRequest.State.PENDING
    decider = deciders(request, at).decider(person.pk) if is_pending else None
    decisions = _decisions(request)
    if decider is None and not _was_asked(request, person, decisions):
        return None
    return ApprovalPage(
        request,
        state=request.state_at(at),
        state_words=STATE_WORDS[request.state_at(at)],
        timeline=_timeline(request),
        to_decide=_to_decide(request, decider, stage, decisions, at) if decider and stage else None,
        can_undo=_can_undo(request, person, decisions, at),
    )


def _decisions(request: AccessRequest) -> list[ApprovalDecision]:
    return list(request.decisions.order_by("id"))


def _was_asked(request: AccessRequest, person: Person, decisions: list[ApprovalDecision]) -> bool:
    decided = any(each.person_id == person.pk for each in decisions)
    return decided or request.told.filter(person=person).exists()


def _can_undo(
    request: AccessRequest, person: Person, decisions: list[ApprovalDecision], at: datetime
) -> bool:
    last = next((each for each in reversed(decisions) if each.undone_at is None), None)
    return (
        last is not None
        and last.person_id == person.pk
        and at < last.decided_at + UNDO
        and request.changed_at <= last.decided_at
    )


def _timeline(request: AccessRequest) -> tuple[Step, ...]:
    events = request.events.order_by("id")
    return tuple(Step(EVENT_WORDS.get(each.event, each.event), each) for each in events)


def _to_decide(
    request: AccessRequest,
    decider: Decider,
    stage: Stage,
    decisions: list[ApprovalDecision],
    at: datetime,
) -> ToDecide:
    return ToDecide(
        decider,
        stage,
        part_words(decider, stage, str(request.organization or "the organization")),
        _consequence(request, stage, decisions, at),
        _resources(request),
        _access(request, at),
        _history(request, at),
    )


def _consequence(
    request: AccessRequest, stage: Stage, decisions: list[ApprovalDecision], at: datetime
) -> str:
    approvals = [
        each
        for each in decisions
        if each.undone_at is None
        and each.outcome == APPROVE
        and (each.stage, each.round) == (request.stage, request.round)
    ]
    return consequence_words(
        left=max(stage.needed - len(approvals) - 1, 0),
        is_last=request.stage >= len(request.stages),
        requester=str(request.requester or request.email),
        package=request.package.name,
        until=_until(request, at),
    )


def _until(request: AccessRequest, at: datetime) -> str:
    zone = get_default_timezone()
    _from, until = period(request.terms, request.starts_at, request.ends_at, at=at, zone=zone)
    return f"until {moment_words(until.astimezone(zone))}" if until else "without an end date"


def _resources(request: AccessRequest) -> tuple[Resource, ...]:
    rows = Resource.objects.filter(package=request.package, removed_at__isnull=True)
    return tuple(rows.select_related("group", "webhook").order_by("pk"))


def _access(request: AccessRequest, at: datetime) -> tuple[Assignment, ...]:
    if request.organization is None:
        return ()
    rows = Assignment.objects.in_force(at).filter(
        mailbox=request.mailbox, organization=request.organization
    )
    return tuple(rows.select_related("package").order_by("package__name_key"))


def _history(request: AccessRequest, at: datetime) -> dict[str, Counted]:
    """Return how many of the organization have the package now, had a request for it granted, or
    denied.
    """
    if request.organization is None:
        return {}
    same = {"organization": request.organization, "package": request.package}
    decided = AccessRequest.objects.filter(**same).exclude(pk=request.pk)
    access = Assignment.objects.filter(**same)
    counted = {
        "with access now": access.in_force(at),
        "granted": access,
        "denied": decided.filter(state=DENIED),
    }
    return run_combined(counted, {})[0]

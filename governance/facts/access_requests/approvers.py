"""Who can decide requests now: the rule, asked about rows (product rules 37 to 39)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from ...models import AccessRequest, ApprovalDecision, Deputy, Organization, Person, Sponsorship
from ...rules.access_packages.stages import EXTERNAL_SPONSORS, INTERNAL_SPONSORS, Stage
from ...rules.access_requests.approval import Candidate, Deciders, StageFacts, who_decides
from ...rules.access_requests.outcomes import APPROVE
from ...rules.decision import Reason
from ..sponsors.sponsorships import (
    SponsorContext,
    SponsorRow,
    context_of_people,
    sponsor_rows,
    with_blocked_mailbox,
)

SPONSOR_KINDS = {
    INTERNAL_SPONSORS: Sponsorship.Kind.INTERNAL.value,
    EXTERNAL_SPONSORS: Sponsorship.Kind.EXTERNAL.value,
}
# A deputy is of the same kind still, and a guest of the same organization.
_IS_POSSIBLE = Q(deputy__kind=F("person__kind")) & (
    Q(deputy__kind=Person.Kind.MEMBER) | Q(deputy__organization=F("person__organization"))
)
NOBODY = Deciders((), problem=Reason("no_stage", "No approval is needed"))
Sponsors = Mapping[tuple[int, str], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Decided:
    """Who has decided a request: its present stage, and another one."""

    approved: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()


def deciders_of(requests: Iterable[AccessRequest], at: datetime) -> dict[int, Deciders]:
    """Return by primary key who can decide the present stage of each request now.

    Six statements at most, whatever the number of requests. `organization` is to be read with them.
    """
    rows = list(requests)
    stages = {row.pk: row.present_stage for row in rows}
    asked = [(row, stage) for row in rows if (stage := stages[row.pk])]
    people = _Candidates.of(asked, at)
    decided = _decided(row for row, _stage in asked)
    found = {
        row.pk: who_decides(_facts(row, stage, people, decided.get(row.pk, Decided()), at))
        for row, stage in asked
    }
    return {row.pk: found.get(row.pk, NOBODY) for row in rows}


def deciders(request: AccessRequest, at: datetime) -> Deciders:
    """Return who can decide the present stage of the request now."""
    return deciders_of([request], at)[request.pk]


def candidate_requests(person: Person, at: datetime) -> QuerySet[AccessRequest]:
    """Return the pending requests that the person, or somebody for whom they are the deputy, could
    be asked about: by name, or as a sponsor. `deciders_of` says which of them they can decide.
    """
    away = Deputy.objects.in_force(at).filter(deputy=person).values("person_id")
    keys = Person.objects.filter(pk=person.pk).values("pk").union(away)
    sponsored = Sponsorship.objects.filter(person__in=keys).values("organization")
    pending = AccessRequest.objects.pending(at)
    by_name = pending.filter(named_approvers__person__in=keys)
    as_sponsor = pending.filter(organization__in=sponsored)
    either = by_name.values("pk").union(as_sponsor.values("pk"))
    return pending.filter(pk__in=either).order_by("submitted_at", "id")


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Everybody who may be asked about some requests."""

    sponsors: Sponsors
    named: Mapping[str, Candidate]
    deputies: Mapping[int, Candidate]

    @classmethod
    def of(cls, asked: Sequence[tuple[AccessRequest, Stage]], at: datetime) -> _Candidates:
        sponsors = _sponsors(asked, at)
        named = named_candidates(
            (key for _row, stage in asked for key in stage.everybody_named), at
        )
        ids = {each.person_id for many in (*sponsors.values(), named.values()) for each in many}
        return cls(sponsors, named, _deputies(ids, at))


def _facts(
    row: AccessRequest, stage: Stage, people: _Candidates, decided: Decided, at: datetime
) -> StageFacts:
    kind = SPONSOR_KINDS.get(stage.approvers, "")
    return StageFacts(
        stage,
        row.mailbox,
        row.requester_id,
        sponsors=tuple(people.sponsors.get((row.organization_id or 0, kind), ())),
        named=people.named,
        deputies=people.deputies,
        decided_before=decided.elsewhere,
        approved=decided.approved,
        sponsors_count=row.names_organization or _is_configured(row.organization),
        is_escalated=row.escalate_at is not None and at >= row.escalate_at,
    )


def _is_configured(organization: Organization | None) -> bool:
    return organization is not None and organization.state == Organization.State.CONFIGURED


def _sponsors(asked: Sequence[tuple[AccessRequest, Stage]], at: datetime) -> Sponsors:
    kinds = {(row.organization_id, SPONSOR_KINDS.get(stage.approvers)) for row, stage in asked}
    organizations = {organization for organization, kind in kinds if organization and kind}
    found: dict[tuple[int, str], list[Candidate]] = defaultdict(list)
    if organizations:
        rows = Sponsorship.objects.filter(organization__in=organizations)
        for each in sponsor_rows(rows.order_by("person__name_key", "id"), at):
            found[each.organization.pk, each.kind].append(sponsor_candidate(each))
    return found


def sponsor_candidate(row: SponsorRow) -> Candidate:
    """Return a sponsor with why they can decide nothing now."""
    return _candidate(row.person, row.cannot_decide)


def named_candidates(keys: Iterable[str], at: datetime) -> dict[str, Candidate]:
    """Return the people with these public ids, each with why they can decide nothing now."""
    wanted = {UUID(key) for key in keys}
    if not wanted:
        return {}
    people = list(with_blocked_mailbox(Person.objects.filter(uuid__in=wanted)))
    around = context_of_people("", people)
    return {str(each.uuid): _person(each, around, at) for each in people}


def _deputies(people: set[int], at: datetime) -> dict[int, Candidate]:
    if not people:
        return {}
    rows = Deputy.objects.in_force(at).filter(person__in=people).filter(_IS_POSSIBLE)
    pairs = dict(rows.order_by("id").values_list("person_id", "deputy_id"))
    deputies = with_blocked_mailbox(Person.objects.filter(pk__in=pairs.values()))
    found = {each.pk: each for each in deputies} if pairs else {}
    around = context_of_people("", found.values())
    return {
        away: _person(found[deputy], around, at)
        for away, deputy in pairs.items()
        if deputy in found
    }


def is_approver(person: Person) -> bool:
    """Return whether the person could be asked about a request in their own right. Two statements
    at most.
    """
    return person.sponsorships.exists() or person.named_in_requests.exists()


def possible_deputies(person: Person) -> QuerySet[Person]:
    """Return whom somebody can choose as their deputy: a member another member, a guest another
    active guest of the same organization.
    """
    people = Person.objects.active().filter(kind=person.kind).exclude(mailbox=person.mailbox)
    return people if person.is_member else people.filter(organization=person.organization_id)


def people_who_can_decide(people: Iterable[Person], at: datetime) -> dict[int, Reason | None]:
    """Return by primary key why each of these people could decide nothing now; None where they can.

    It says nothing of any one request.
    """
    read = list(with_blocked_mailbox(Person.objects.filter(pk__in=[each.pk for each in people])))
    around = context_of_people("", read)
    return {each.pk: _person(each, around, at).cannot for each in read}


def _person(person: Person, around: SponsorContext, at: datetime) -> Candidate:
    return _candidate(person, _why_cannot(person, around, at))


def _why_cannot(person: Person, around: SponsorContext, at: datetime) -> Reason | None:
    """Return why somebody named can decide nothing now: not active, blocked, or on the list."""
    if person.mailbox_is_blocked or person.state == Person.State.BLOCKED:
        return Reason("approver_blocked", f"{person} is blocked")
    if person.state != Person.State.ACTIVE:
        return Reason("approver_not_active", f"{person} has no active account")
    if not person.is_member and around.said.verdict(person.domain, at).is_blocked:
        return Reason("approver_on_the_list", f"The allow and deny list blocks {person.domain}")
    return None


def _candidate(person: Person, cannot: Reason | None) -> Candidate:
    return Candidate(person.pk, str(person.uuid), str(person), person.mailbox, cannot)


def _decided(requests: Iterable[AccessRequest]) -> dict[int, Decided]:
    rows = {row.pk: row for row in requests}
    approved: dict[int, set[int]] = defaultdict(set)
    elsewhere: dict[int, set[int]] = defaultdict(set)
    decisions = ApprovalDecision.objects.filter(request__in=rows, undone_at__isnull=True)
    columns = ("request_id", "round", "stage", "person_id", "outcome")
    for pk, number, stage, person, outcome in decisions.values_list(*columns):
        if stage != rows[pk].stage:
            elsewhere[pk].add(person)
        elif number == rows[pk].round and outcome == APPROVE:
            approved[pk].add(person)
    return {pk: Decided(frozenset(approved[pk]), frozenset(elsewhere[pk])) for pk in rows}

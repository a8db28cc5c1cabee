"""Who can be a sponsor of an organization, and which of its sponsors count: the rule, asked about
rows (product rules 36 and 37).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ...db.combined_query import combine
from ...db.kept_statements import kept
from ...models import Organization, Person, Sponsorship
from ...rules.claims import ClaimsByName
from ...rules.decision import Reason
from ...rules.domains import guards
from ...rules.eligibility import ClaimFact
from ...rules.sponsors import SponsorFact, why_cannot_decide, why_not_counted
from ..claims.covering import candidate_lists, candidate_values, candidates_from
from ..domain_list.verdicts import (
    KEPT_FOR,
    ListFacts,
    list_fact_queries,
    list_fact_values,
    list_facts,
)

People = dict[UUID, Person]


class SponsorColumns(NamedTuple):
    """A person as far as it decides whether they count as a sponsor: for very many of them, since a
    whole instance takes ten times as long to make.
    """

    name: str
    email: str
    domain: str
    kind: str
    state: str
    mailbox_is_blocked: bool

    @property
    def is_member(self) -> bool:
        return self.kind == Person.Kind.MEMBER

    def __str__(self) -> str:
        return self.name or self.email


PERSON_COLUMNS = SponsorColumns._fields[:-1]  # the last is no column of a person


@dataclass(frozen=True)
class SponsorContext:
    """What decides where guests at some domains belong, and what the allow and deny list says of
    these.
    """

    claims: tuple[ClaimFact, ...]
    own_domains: frozenset[str]
    said: ListFacts

    @cached_property
    def _by_name(self) -> ClaimsByName:
        return ClaimsByName(self.claims)

    def sponsor(
        self,
        kind: str,
        person: Person | SponsorColumns,
        organization: str,
        at: datetime,
        *,
        is_deleted: bool = False,
    ) -> SponsorFact:
        """Return the facts about a person, read `with_blocked_mailbox`, as a sponsor of the
        organization with that public key.
        """
        own, is_guest = (
            guards.own_name_above(person.domain, self.own_domains),
            not person.is_member,
        )
        return SponsorFact(
            kind,
            str(person),
            person.email,
            person.domain,
            person.kind,
            person.state,
            organization,
            is_mailbox_blocked=bool(person.mailbox_is_blocked),
            claim=self._by_name.membership(person.domain) if is_guest and not own else None,
            own_domain=own if is_guest else None,
            is_domain_blocked=is_guest and self.said.verdict(person.domain, at).is_blocked,
            is_organization_deleted=is_deleted,
        )


@dataclass(frozen=True, slots=True)
class SponsorRow:
    """A sponsorship as pages show it: `why_not` says why it does not count now, `cannot_decide` why
    the person cannot decide now.
    """

    sponsorship: Sponsorship
    why_not: Reason | None
    cannot_decide: Reason | None

    @property
    def person(self) -> Person:
        return self.sponsorship.person

    @property
    def organization(self) -> Organization:
        return self.sponsorship.organization

    @property
    def kind(self) -> str:
        return self.sponsorship.kind

    @property
    def get_kind_display(self) -> str:
        return self.sponsorship.get_kind_display()

    @property
    def added_at(self) -> datetime:
        return self.sponsorship.added_at

    @property
    def added_by(self) -> str:
        return self.sponsorship.added_by


def context_of_domains(
    domains: Iterable[str], besides: tuple[ClaimFact, ...] = ()
) -> SponsorContext:
    """One statement, whatever the number of domains."""
    return sponsor_context((), domains, besides)


def sponsor_context(
    names: Iterable[str], domains: Iterable[str], besides: tuple[ClaimFact, ...] = ()
) -> SponsorContext:
    """The same, with what the list says of other `names` besides. One statement."""
    domains = tuple(domains)
    listed = tuple(dict.fromkeys((*names, *domains)))
    statement = kept(
        ("around", len(listed)) if len(listed) <= KEPT_FOR else None,
        lambda: combine({}, candidate_lists(domains) | list_fact_queries(listed)),
    )
    _counts, rows = statement.run(candidate_values(domains) | list_fact_values(listed))
    claims, ours = candidates_from(rows)
    return SponsorContext(claims + besides, ours, list_facts(rows))


def sponsor_row(
    sponsorship: Sponsorship, around: SponsorContext, organization: Organization, at: datetime
) -> SponsorRow:
    """Ask the rule about a sponsorship whose person was read `with_blocked_mailbox`."""
    fact = around.sponsor(
        sponsorship.kind,
        sponsorship.person,
        str(organization.uuid),
        at,
        is_deleted=organization.is_deleted,
    )
    return SponsorRow(sponsorship, why_not_counted(fact), why_cannot_decide(fact))


def sponsor_problems(
    kind: str,
    people: Iterable[UUID],
    *,
    organization_key: str,
    at: datetime,
    besides: tuple[ClaimFact, ...] = (),
    found: People | None = None,
) -> list[Reason]:
    """Why these people cannot be sponsors of the organization, whose claims may be given `besides`
    as if they existed.
    """
    asked = tuple(dict.fromkeys(people))
    if not asked:
        return []
    found = people_by_key(asked) if found is None else found
    around = context_of_people(kind, found.values(), besides)
    problems = (
        why_not_counted(around.sponsor(kind, found[key], organization_key, at))
        if key in found
        else _unknown(kind)
        for key in asked
    )
    return [problem for problem in problems if problem]


def context_of_people(
    kind: str, people: Iterable[Person], besides: tuple[ClaimFact, ...] = ()
) -> SponsorContext:
    """One statement where it decides anything: only guests belong to an organization."""
    domains = {person.domain for person in people if not person.is_member}
    if kind == Sponsorship.Kind.INTERNAL or not domains:
        return SponsorContext((), frozenset(), ListFacts((), "allow"))
    return context_of_domains(domains, besides)


def sponsors_of(organization: Organization, at: datetime) -> list[SponsorRow]:
    """Its sponsors and by whom they were named (product rule 17), each with whether they count.

    Two statements.
    """
    rows = organization.sponsorships.order_by("kind", "person__name_key", "id")
    return sponsor_rows(rows, at)


def counts_in_words(sponsorship: Sponsorship, at: datetime) -> str:
    """Return "Yes", or why the sponsor does not count or cannot decide yet. Two statements."""
    person = with_blocked_mailbox(Person.objects.filter(pk=sponsorship.person_id)).get()
    sponsorship.person = person
    row = sponsor_row(sponsorship, context_of_people("", [person]), sponsorship.organization, at)
    reason = row.why_not or row.cannot_decide
    return f"{'No: ' if row.why_not else 'Yes. '}{reason.text}." if reason else "Yes"


def sponsored_by(person_id: int, at: datetime) -> list[SponsorRow]:
    """Every present organization that the person sponsors, with whether they count there.

    One statement, one more for an external sponsor.
    """
    rows = Sponsorship.objects.filter(person=person_id, organization__deleted_at__isnull=True)
    return sponsor_rows(rows.order_by("organization__name_key", "id"), at)


def sponsor_rows(rows: QuerySet[Sponsorship], at: datetime) -> list[SponsorRow]:
    """Return the sponsorships with whether each counts. Two statements."""
    sponsorships = list(
        with_blocked_mailbox_of_person(rows.select_related("person", "organization"))
    )
    for sponsorship in sponsorships:
        sponsorship.person.mailbox_is_blocked = sponsorship.mailbox_is_blocked
    around = context_of_people("", (sponsorship.person for sponsorship in sponsorships))
    return [sponsor_row(each, around, each.organization, at) for each in sponsorships]


def people_by_key(keys: Iterable[UUID]) -> People:
    """The people with these public ids, as `sponsor_problems` looks at them."""
    keys = tuple(keys)
    return (
        {
            person.uuid: person
            for person in with_blocked_mailbox(Person.objects.filter(uuid__in=keys))
        }
        if keys
        else {}
    )


def with_blocked_mailbox(people: QuerySet) -> QuerySet:
    """Whether any account of a person's mailbox is blocked (product rule 3)."""
    return people.annotate(mailbox_is_blocked=_is_blocked("mailbox"))


def with_blocked_mailbox_of_person(sponsorships: QuerySet) -> QuerySet:
    """The same of the person of each sponsorship."""
    return sponsorships.annotate(mailbox_is_blocked=_is_blocked())


def _is_blocked(mailbox: str = "person__mailbox") -> Exists:
    return Exists(Person.objects.filter(mailbox=OuterRef(mailbox), state=Person.State.BLOCKED))


def _unknown(kind: str) -> Reason:
    text = "One of the people you chose was removed. Choose again"
    return Reason("sponsor_gone", text, field=f"{kind}_sponsors")

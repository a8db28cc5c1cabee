"""Who can be a sponsor of an organization (product rule 36)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Organization, Person, Sponsorship
from ..rules.decision import Reason
from ..rules.eligibility import ClaimFact
from .belonging import belongs
from .claims import candidates_and_ours
from .domain_list import Verdict, verdicts

People = dict[UUID, Person]


def sponsor_problems(
    kind: str,
    people: Iterable[UUID],
    *,
    organization_key: str,
    at: datetime,
    besides: tuple[ClaimFact, ...] = (),
    found: People | None = None,
) -> list[Reason]:
    """What stands against these people as sponsors of the organization, whose claims may be given `besides` as if they existed."""
    asked = tuple(dict.fromkeys(people))
    if not asked:
        return []
    found = people_by_key(asked) if found is None else found
    if kind == Sponsorship.Kind.INTERNAL:
        problems = [
            _problem(kind, found.get(key)) or _internal_problem(found[key]) for key in asked
        ]
    else:
        domains = {person.domain for person in found.values()}
        (claims, ours), blocked = (
            candidates_and_ours(domains),
            verdicts(domains, at) if domains else {},
        )
        problems = [
            _problem(kind, found.get(key))
            or _external_problem(found[key], organization_key, claims + besides, ours, blocked)
            for key in asked
        ]
    return [problem for problem in problems if problem]


def sponsors_of(organization: Organization) -> list[Sponsorship]:
    """Who answers for it, and by whom they were named (product rule 17)."""
    return list(
        organization.sponsorships.select_related("person").order_by(
            "kind", "person__name_key", "id"
        )
    )


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
    return people.annotate(
        mailbox_is_blocked=Exists(
            Person.objects.filter(mailbox=OuterRef("mailbox"), state=Person.State.BLOCKED)
        )
    )


def _problem(kind: str, person: Person | None) -> Reason | None:
    field = f"{kind}_sponsors"
    if person is None or person.state == Person.State.REMOVED:
        return Reason(
            "sponsor_gone",
            "One of the people you chose is no longer here. Choose again",
            field=field,
        )
    if person.mailbox_is_blocked:
        return Reason(
            "sponsor_blocked",
            f"{person} is blocked and cannot be a sponsor. Remove {person} or choose someone else",
            field=field,
        )
    return None


def _internal_problem(person: Person) -> Reason | None:
    if not person.is_member or person.state != Person.State.ACTIVE:
        return Reason(
            "sponsor_not_a_member",
            f"{person} is not an active member of your directory",
            field="internal_sponsors",
        )
    return None


def _external_problem(
    person: Person, organization_key: str, claims, ours: frozenset[str], blocked: dict[str, Verdict]
) -> Reason | None:
    claim = belongs(person.domain, claims, ours) if not person.is_member else None
    if claim is None or claim.organization_id != organization_key:
        return Reason(
            "sponsor_elsewhere",
            f"{person} does not belong to this organization",
            field="external_sponsors",
        )
    if blocked[person.domain].is_blocked:
        text = f"The allow and deny list blocks {person.domain}, so {person} cannot be a sponsor"
        return Reason("sponsor_on_the_list", text, field="external_sponsors")
    return None

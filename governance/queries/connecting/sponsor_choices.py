"""The people a sponsor pane offers (product rule 36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ...facts.claims.covering import candidates_and_ours
from ...facts.claims.membership import belongs, guests_at_or_beneath
from ...facts.sponsors.sponsorships import context_of_people, with_blocked_mailbox
from ...models import Draft, Organization, Person
from ...rules.claims import ClaimFact
from ...rules.names import name_key
from ...rules.roles import Actor
from ...rules.sponsors import EXTERNAL, why_not_counted
from ..people.listing import person_search
from .drafts import draft_claims

SHOWN = 20
_IN_SHORT = {  # beside a name, where there is no room for what to do
    "organization_deleted": "The organization is deleted",
    "sponsor_gone": "Removed",
    "sponsor_blocked": "Account disabled",
    "sponsor_not_a_member": "Has not set a password yet",
    "sponsor_elsewhere": "Does not belong to this organization",
    "sponsor_on_the_list": "Blocked by the allow and deny list",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody in the pane; `why_not` says why they do not count as a sponsor. Who is chosen
    already can be left as they are.
    """

    person: Person
    is_chosen: bool
    why_not: str = ""


def sponsor_choices(
    draft: Draft, kind: str, text: str, chosen: Iterable[UUID], *, by: Actor, at: datetime
) -> list[Choice]:
    """The chosen people first, then those who match, by name; internal: members, external: people
    of the draft's claims.
    """
    claims = draft_claims(draft, by) if kind == EXTERNAL else ()
    people = _guests_of(claims) if kind == EXTERNAL else _members()
    asked = _Asked(kind, str(draft.uuid), at, besides=claims)
    return _choices(people, text, chosen, asked)


def sponsor_choices_of(
    organization: Organization, kind: str, text: str, chosen: Iterable[UUID], *, at: datetime
) -> list[Choice]:
    """The same for an organization that exists."""
    guests = organization.people.exclude(state=Person.State.REMOVED)
    asked = _Asked(kind, str(organization.uuid), at, is_deleted=organization.is_deleted)
    return _choices(guests if kind == EXTERNAL else _members(), text, chosen, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """As sponsors of what, and when, people are asked about; `besides` are claims as if they
    existed.
    """

    kind: str
    organization: str
    at: datetime
    besides: tuple[ClaimFact, ...] = ()
    is_deleted: bool = False


def _choices(people: QuerySet, text: str, chosen: Iterable[UUID], asked: _Asked) -> list[Choice]:
    chosen, text = set(chosen), text.replace("\0", "")
    matching = with_blocked_mailbox(people)
    if len(name_key(text)) >= 2:
        matching = matching.filter(person_search(text))
    found = [
        *with_blocked_mailbox(Person.objects.filter(uuid__in=chosen)).order_by("name_key", "id"),
        *matching.exclude(uuid__in=chosen).order_by("name_key", "id")[:SHOWN],
    ]
    around = context_of_people(asked.kind, found, asked.besides)
    facts = (
        around.sponsor(
            asked.kind, person, asked.organization, asked.at, is_deleted=asked.is_deleted
        )
        for person in found
    )
    reasons = map(why_not_counted, facts)
    return [
        Choice(person, person.uuid in chosen, _IN_SHORT[reason.code] if reason else "")
        for person, reason in zip(found, reasons, strict=True)
    ]


def _members():
    return Person.objects.members().exclude(state=Person.State.REMOVED)


def _guests_of(claims: tuple[ClaimFact, ...]) -> QuerySet:
    """Guests who would belong to the organization of these claims."""
    if not claims:
        return Person.objects.none()
    guests = guests_at_or_beneath([claim.name for claim in claims]).exclude(
        state=Person.State.REMOVED
    )
    domains = set(guests.values_list("domain", flat=True).distinct()[:1000])
    others, ours = candidates_and_ours(domains)
    known = (
        tuple(claim for claim in others if claim.name not in {own.name for own in claims}) + claims
    )
    own = [
        domain
        for domain in domains
        if (claim := belongs(domain, known, ours))
        and claim.organization_id == claims[0].organization_id
    ]
    return guests.filter(domain__in=own)

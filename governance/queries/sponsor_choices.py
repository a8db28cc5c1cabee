"""The people a sponsor pane offers (product rule 36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..models import Draft, Organization, Person
from ..rules.names import name_key
from ..rules.roles import Actor
from .belonging import belongs, guests_at_or_beneath
from .claims import candidates_and_ours
from .domain_list import Verdict, verdicts
from .drafts import draft_claims
from .people import person_search
from .sponsors import with_blocked_mailbox

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody in the pane; `why_not` says why they cannot be chosen."""

    person: Person
    is_chosen: bool
    why_not: str = ""


def sponsor_choices(
    draft: Draft, kind: str, text: str, chosen: Iterable[UUID], *, by: Actor, at: datetime
) -> list[Choice]:
    """The chosen people first, then those who match, by name; internal: members, external: people of the draft's claims."""
    return _choices(_members() if kind == "internal" else _own_guests(draft, by), text, chosen, at)


def sponsor_choices_of(
    organization: Organization, kind: str, text: str, chosen: Iterable[UUID], *, at: datetime
) -> list[Choice]:
    """The same for an organization that exists."""
    guests = organization.people.exclude(state=Person.State.REMOVED)
    return _choices(_members() if kind == "internal" else guests, text, chosen, at)


def _choices(people: QuerySet, text: str, chosen: Iterable[UUID], at: datetime) -> list[Choice]:
    people, chosen, text = with_blocked_mailbox(people), set(chosen), text.replace("\0", "")
    others = people.filter(person_search(text)) if len(name_key(text)) >= 2 else people
    found = [
        *people.filter(uuid__in=chosen),
        *others.exclude(uuid__in=chosen).order_by("name_key", "id")[:SHOWN],
    ]
    domains = {person.domain for person in found if not person.is_member}
    blocked = verdicts(domains, at) if domains else {}
    return [
        Choice(person, person.uuid in chosen, _why_not(person, blocked.get(person.domain)))
        for person in found
    ]


def _members():
    return Person.objects.members().exclude(state=Person.State.REMOVED)


def _own_guests(draft: Draft, by: Actor):
    claims = draft_claims(draft, by)
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


def _why_not(person: Person, verdict: Verdict | None) -> str:
    if person.mailbox_is_blocked:
        return "Account disabled"
    if verdict and verdict.is_blocked:
        return "Blocked by the allow and deny list"
    return (
        "Has not set a password yet"
        if person.is_member and person.state == Person.State.INVITED
        else ""
    )

"""What somebody without a role finds here: their organization, whom they sponsor, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...db.combined_query import Counted
from ...facts.sponsors.counting import counting
from ...facts.sponsors.sponsorships import SponsorRow, sponsored_by
from ...models import Organization, Person, Sponsorship
from ...rules.domains import guards
from ...rules.roles import GLOBAL_ADMINISTRATOR, SYSTEM
from ..approvals.waiting import waiting_count

CONTACTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Welcome:
    """`waiting` is how many requests they can decide now.

    `administrators` are named to members alone: only they can be given a role (product rule 43).

    `sponsors` are named to guests of a configured organization (product rule 45).
    """

    organization: str
    waiting: Counted
    sponsored: tuple[SponsorRow, ...]
    administrators: tuple[Person, ...]
    sponsors: tuple[str, ...]
    invited_by: str


def welcome_for(person: Person, at: datetime) -> Welcome:
    """Return what a person without a role may know about their place here."""
    present = Organization.objects.present()
    own = present.filter(pk=person.organization_id).first() if person.organization_id else None
    return Welcome(
        organization=own.name if own else "",
        waiting=waiting_count(person, at),
        sponsored=tuple(sponsored_by(person.pk, at)),
        administrators=_administrators() if person.is_member else (),
        sponsors=_sponsors_of(own, person) if own else (),
        invited_by="" if person.is_member else _invited_by(person),
    )


def _administrators() -> tuple[Person, ...]:
    holders = Person.objects.holding(GLOBAL_ADMINISTRATOR).members().active()
    return tuple(holders.order_by("name_key", "id")[:CONTACTS_SHOWN])


def _sponsors_of(organization: Organization, guest: Person) -> tuple[str, ...]:
    """Return our members who sponsor it, by name; none where anyone could be its guest."""
    is_known = organization.state == Organization.State.CONFIGURED
    if not is_known or guards.is_public_mail(guest.domain):
        return ()
    named = counting(organization.sponsorships.filter(kind=Sponsorship.Kind.INTERNAL))
    names = named.order_by("person__name_key", "id").values_list("person__name", flat=True)
    return tuple(names[:CONTACTS_SHOWN])


def _invited_by(guest: Person) -> str:
    label = guest.invitations.order_by("-id").values_list("created_by", flat=True).first()
    return "" if label in (None, SYSTEM.label) else label

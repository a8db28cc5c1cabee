"""Changes of people's accounts, invitations and sponsorships."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ..facts.access_requests.ending import ending_with_mailboxes
from ..models import Organization, Person
from .change import Change


def blocking(person: Person) -> Change:
    """Return the change that blocks a person, and with them the mailbox (product rule 3)."""
    return _with_what_ends(person, "blocked")


def unblocking(person: Person) -> Change:
    """Return the change that unblocks a person: active, or invited where they never came."""
    return Change(people=((person.pk, str(person.state_when_unblocked)),))


def removing(person: Person) -> Change:
    """Return the change that takes a person's account away,
    sponsorships and invitation included.
    """
    return _with_what_ends(person, "removed")


def _with_what_ends(person: Person, state: str) -> Change:
    ending = ending_with_mailboxes([person.mailbox])
    return Change(
        people=((person.pk, state),),
        access_ended=ending.access,
        requests_withdrawn=ending.requests,
    )


def changing_sponsors(organization: Organization, kind: str, people: Iterable[UUID]) -> Change:
    """Return the change that makes `people`, by public id, the sponsors of that kind."""
    going = Person.objects.filter(
        sponsorships__organization=organization, sponsorships__kind=kind
    ).exclude(uuid__in=list(people))
    return removing_sponsors(organization, going)


def removing_sponsors(organization: Organization, people: Iterable[Person]) -> Change:
    """Return the change after which these people are no sponsors of the organization."""
    key = str(organization.uuid)
    return Change(sponsors_removed=frozenset((key, person.pk) for person in people))

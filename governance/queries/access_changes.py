"""What changing, deleting or restoring a whole organization does to what its people can ask for (product rules 14, 16 and 40). Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..models import Organization, Person
from ..rules.eligibility import ClaimFact
from ..rules.fingerprints import fingerprint
from .claims import claims_of
from .grants import grants_to

PEOPLE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class AccessChange:
    """How many people it is about and the first of them by name; the names of packages that they gain and lose; a fingerprint to compare later."""

    people: int
    first: tuple[tuple[str, str], ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        """Whether nobody who is here notices it."""
        return not (self.people and (self.gains or self.loses))

    @property
    def more_people(self) -> int:
        return self.people - len(self.first)


def change_of_state(organization: Organization, state: str, at: datetime) -> AccessChange:
    claims = claims_of(organization)
    return _change(organization, claims, tuple(replace(claim, organization_state=state) for claim in claims), at)


def change_by_deleting(organization: Organization, at: datetime) -> AccessChange:
    return _change(organization, claims_of(organization), (), at)


def change_by_restoring(organization: Organization, claims: tuple[ClaimFact, ...], at: datetime) -> AccessChange:
    """`claims` are those it would come back with."""
    return _change(organization, (), claims, at)


def _change(organization: Organization, before: tuple[ClaimFact, ...], after: tuple[ClaimFact, ...], at: datetime) -> AccessChange:
    could, can = ({grant.package.id: grant.package.name for grant in grants_to(claims, at)} for claims in (before, after))
    gains, loses = _without(can, could), _without(could, can)
    people = organization.people.exclude(state=Person.State.REMOVED).order_by("name_key", "id").values_list("name", "email")
    return AccessChange(organization.people_count, tuple(people[:PEOPLE_SHOWN]), gains, loses, fingerprint((organization.people_count, gains, loses)))


def _without(packages: dict[str, str], others: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for key, name in packages.items() if key not in others)

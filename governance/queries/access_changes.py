"""What changing, deleting or restoring a whole organization does to what its people can ask for (product rules 14, 16 and 40). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count

from ..models import Organization, Package, Person, PolicyOrganization
from ..rules.claims import ClaimFact, ClaimsByName
from ..rules.fingerprints import fingerprint
from ..rules.names import name_key
from .claims import claims_of
from .domain_list import said_lists, told_said
from .grants import grants_at
from .one_statement import ask
from .package_facts import package_facts, package_lists

PEOPLE_SHOWN = 10
CANNOT_ASK = (Person.State.BLOCKED, Person.State.REMOVED)


@dataclass(frozen=True, slots=True)
class AccessChange:
    """How many people gain or lose a package, and the first of them by name; the names of packages that they gain and lose; a fingerprint to compare later."""

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
    return _change(
        organization,
        claims,
        tuple(replace(claim, organization_state=state) for claim in claims),
        at,
    )


def change_by_deleting(organization: Organization, at: datetime) -> AccessChange:
    return _change(organization, claims_of(organization), (), at)


def change_by_restoring(
    organization: Organization, claims: tuple[ClaimFact, ...], at: datetime
) -> AccessChange:
    """`claims` are those it would come back with."""
    return _change(organization, (), claims, at)


def _change(
    organization: Organization,
    before: tuple[ClaimFact, ...],
    after: tuple[ClaimFact, ...],
    at: datetime,
) -> AccessChange:
    """Asked for each domain at which there are people, since the list can let some of an organization's names through and not others."""
    people = organization.people.exclude(state__in=CANNOT_ASK)
    numbers = dict(people.values_list("domain").annotate(n=Count("pk")).order_by("domain"))
    could, can = _grants_by_domain(organization, numbers, (before, after), at)
    changed = [domain for domain in numbers if could[domain].keys() != can[domain].keys()]
    gains, loses = (_without(changed, *sides) for sides in ((can, could), (could, can)))
    first = (
        people.filter(domain__in=changed)
        .order_by("name_key", "id")
        .values_list("name", "email")[:PEOPLE_SHOWN]
        if changed
        else ()
    )
    number = sum(numbers[domain] for domain in changed)
    return AccessChange(number, tuple(first), gains, loses, fingerprint((number, gains, loses)))


def _grants_by_domain(
    organization: Organization,
    domains: Iterable[str],
    sides: Iterable[tuple[ClaimFact, ...]],
    at: datetime,
) -> list[dict[str, dict]]:
    """For each side, which is the claims that it has, the packages by domain: their names by id. One statement where there is a domain."""
    if not domains:
        return [{} for _claims in sides]
    _counts, told = ask(
        {},
        {
            **said_lists(domains),
            **package_lists(
                Package.objects.all(), PolicyOrganization.objects.filter(organization=organization)
            ),
        },
    )
    said, packages = told_said(told), package_facts(told)
    by_domain = (
        grants_at(domains, ClaimsByName(claims), at, said=said, packages=packages)
        for claims in sides
    )
    return [
        {
            domain: {grant.package.id: grant.package.name for grant in grants}
            for domain, grants in each.items()
        }
        for each in by_domain
    ]


def _without(
    domains: Iterable[str], packages: dict[str, dict], others: dict[str, dict]
) -> tuple[str, ...]:
    """The names of the packages that people at some of the domains have on one side and not on the other."""
    names = {
        name
        for domain in domains
        for key, name in packages[domain].items()
        if key not in others[domain]
    }
    return tuple(sorted(names, key=name_key))

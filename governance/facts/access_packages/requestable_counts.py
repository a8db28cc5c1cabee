"""How many packages organizations can ask for, and which organizations can ask for one package, for
many at a time.

The same as facts/access_packages/requestable.py says for one: per package the narrowest policy
decides alone, and both have to be open (rule 26).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ...db.combined_query import json_list
from ...models import Organization, Package, Policy, PolicyOrganization
from ...rules.eligibility import ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS

CONFIGURED = Organization.State.CONFIGURED
WIDE = (ALL_CONFIGURED, ANY_OUTSIDE)


@dataclass(frozen=True, slots=True)
class Offers:
    """Packages as (uuid, name) by name; the ids of those that wide policies offer to configured and
    to proposed organizations.
    """

    packages: tuple[tuple[UUID, str], ...]
    open_packages: frozenset[int]
    by_state: dict[str, frozenset[int]]

    def count(self, state: str, named: Iterable[tuple[int, bool]]) -> int:
        """How many packages an organization can ask for.

        `named` are (package id, open) of the policies that name it.
        """
        decided = dict(named)
        by_name = {
            package
            for package, is_open in decided.items()
            if is_open and package in self.open_packages
        }
        return len(by_name) + len(self.by_state[state] - decided.keys())


def offer_lists() -> dict:
    """What `offers` is made of, for a combined query."""
    wide = Policy.objects.filter(scope__in=WIDE)
    return {
        "packages": json_list(Package.objects.all(), "id", "uuid", "name_key", "name", "is_open"),
        "policies": json_list(wide, "package_id", "scope", "is_open"),
    }


def offers(packages: list, policies: list) -> Offers:
    """Return the packages and policies that count, out of the rows of `offer_lists`."""
    by_name = sorted(packages, key=lambda package: package[2])
    open_packages = frozenset(key for key, _uuid, _name_key, _name, is_open in packages if is_open)
    outside, configured = (_policies(policies, scope) for scope in (ANY_OUTSIDE, ALL_CONFIGURED))
    by_state = {
        state: frozenset(
            key for key, is_open in decided.items() if is_open and key in open_packages
        )
        for state, decided in (
            (str(CONFIGURED), outside | configured),
            (str(Organization.State.PROPOSED), outside),
        )
    }
    return Offers(
        tuple((UUID(uuid), name) for _key, uuid, _name_key, name, _open in by_name),
        open_packages,
        by_state,
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """Whom a package is offered to: those that an open policy names, and those in one of `states`
    that no policy of the package names.

    Beside organizations: whether outside people of none, and our members.
    """

    by_name: Q
    named: Q
    states: tuple[str, ...]
    outsiders: bool = False
    members: bool = False

    def among(self, state: str = "") -> Q:
        """The condition on organizations, of that state where one is given: then few have to be
        looked at.
        """
        states = [each for each in self.states if state in ("", each)]
        return self.by_name | Q(state__in=states) & ~self.named if states else self.by_name


def offered(package: UUID) -> Offered:
    """One statement, at once."""
    wide = Policy.objects.filter(package__uuid=package, package__is_open=True, scope__in=WIDE)
    named = PolicyOrganization.objects.filter(package__uuid=package, package__is_open=True)
    by_name = named.filter(policy__is_open=True)
    return _offered(
        dict(wide.values_list("scope", "is_open")),
        Q(pk__in=named.values("organization")),
        Q(pk__in=by_name.values("organization")),
    )


def _offered(wide: dict[str, bool], named: Q, by_name: Q) -> Offered:
    """`wide` says which of the wide scopes are open."""
    states = tuple(state for state, is_open in _states(wide).items() if is_open)
    return Offered(by_name, named, states, wide.get(ANY_OUTSIDE, False), wide.get(MEMBERS, False))


def _states(wide: dict[str, bool]) -> dict[str, bool]:
    outside = wide.get(ANY_OUTSIDE, False)
    return {
        str(CONFIGURED): wide.get(ALL_CONFIGURED, outside),
        str(Organization.State.PROPOSED): outside,
    }


def _policies(policies: list, wanted: str) -> dict[int, bool]:
    return {package: bool(is_open) for package, scope, is_open in policies if scope == wanted}

"""How many packages organizations can request, and which organizations can request one package, for
many at a time.

The rule itself (rules/access_packages/policies.py) is asked for one organization and one package;
this module says what it means for sets of them, in SQL and as numbers, and no other does: a policy
that names the organization decides alone, and where none does, the scopes in the order of the rule
(rule 26). Package and policy both have to be open. tests/facts/test_requestable_counts.py compares
the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ...db.combined_query import json_list
from ...models import Organization, Package, Policy, PolicyOrganization
from ...rules.access_packages.policies import ALL_CONFIGURED, ANY_OUTSIDE, scopes_without_names

_STATES = tuple(Organization.State.values)
_WIDE = (ALL_CONFIGURED, ANY_OUTSIDE)


@dataclass(frozen=True, slots=True)
class Offers:
    """Packages as (uuid, name) by name; the ids of those that wide policies offer to configured and
    to proposed organizations.
    """

    packages: tuple[tuple[UUID, str], ...]
    open_packages: frozenset[int]
    by_state: dict[str, frozenset[int]]

    def count(self, state: str, named: Iterable[tuple[int, bool]]) -> int:
        """Return how many packages an organization can request.

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
    """Return what `offers` is made of, for a combined query."""
    wide = Policy.objects.filter(scope__in=_WIDE)
    return {
        "packages": json_list(Package.objects.all(), "id", "uuid", "name_key", "name", "is_open"),
        "policies": json_list(wide, "package_id", "scope", "is_open"),
    }


def offers(packages: list, policies: list) -> Offers:
    """Return the packages and policies that count, out of the rows of `offer_lists`."""
    by_name = sorted(packages, key=lambda package: package[2])
    open_packages = frozenset(key for key, _uuid, _name_key, _name, is_open in packages if is_open)
    wide: dict[int, dict[str, bool]] = {}
    for package, scope, is_open in policies:
        wide.setdefault(package, {})[scope] = bool(is_open)
    return Offers(
        tuple((UUID(uuid), name) for _key, uuid, _name_key, name, _open in by_name),
        open_packages,
        {state: open_packages & _opened_to(state, wide) for state in _STATES},
    )


def _opened_to(state: str, wide: Mapping[int, Mapping[str, bool]]) -> frozenset[int]:
    return frozenset(package for package, scopes in wide.items() if _is_open_to(state, scopes))


def _is_open_to(state: str, wide: Mapping[str, bool]) -> bool:
    """Return whether the policy that decides about organizations in that state, which none names,
    is open. `wide` says that of a package's policies by scope.
    """
    scopes = scopes_without_names(is_configured=state == Organization.State.CONFIGURED)
    return next((wide[scope] for scope in scopes if scope in wide), False)


@dataclass(frozen=True, slots=True)
class Offered:
    """Which organizations can request a package: those that an open policy names, and those in one
    of `states` that no policy of the package names.
    """

    by_name: Q
    named: Q
    states: tuple[str, ...]

    def among(self, state: str = "") -> Q:
        """Return the condition on organizations, of that state where one is given: then few have to
        be looked at.
        """
        states = [each for each in self.states if state in ("", each)]
        return self.by_name | Q(state__in=states) & ~self.named if states else self.by_name


def offered(package: UUID) -> Offered:
    """One statement, at once."""
    wide = Policy.objects.filter(package__uuid=package, package__is_open=True, scope__in=_WIDE)
    open_scopes = dict(wide.values_list("scope", "is_open"))
    named = PolicyOrganization.objects.filter(package__uuid=package, package__is_open=True)
    by_name = named.filter(policy__is_open=True)
    return Offered(
        Q(pk__in=by_name.values("organization")),
        Q(pk__in=named.values("organization")),
        tuple(state for state in _STATES if _is_open_to(state, open_scopes)),
    )

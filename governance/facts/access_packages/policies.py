"""Access packages and their policies as the decision takes them, out of a database's JSON."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ...db.combined_query import from_json, json_list
from ...models import Package, Policy
from ...rules.access_packages.lifecycle import Lifecycle
from ...rules.access_packages.stages import stages_from_json
from ...rules.eligibility import ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS, PackageFact, PolicyFact

_POLICY = (
    "uuid",
    "name",
    "scope",
    "stages",
    "is_open",
    "needs_reason",
    "ends",
    "lasts_days",
    "lasts_hours",
    "last_day",
    "requester_chooses",
    "can_extend",
    "extension_needs_approval",
)


def _listed(packages: QuerySet, policies: QuerySet) -> dict[str, QuerySet]:
    wide = policies.filter(scope__in=[ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS])
    return {
        "packages": json_list(packages, "id", "uuid", "name", "name_key", "is_open", "is_listed"),
        "wide": json_list(wide, "package_id", *_POLICY),
    }


def package_lists(
    named: QuerySet, packages: QuerySet | None = None, policies: QuerySet | None = None
) -> dict[str, QuerySet]:
    """What `package_facts` is made of, for a combined query: the packages (all unless said), their
    policies of a wide scope (found by the packages unless said), and `named` of those that name
    somebody.
    """
    if packages is None:
        packages, policies = Package.objects.all(), Policy.objects.all()
    if policies is None:
        policies = Policy.objects.filter(package__in=packages.values("pk"))
    return _listed(packages, policies) | {
        "named": json_list(
            named, "package_id", *(f"policy__{column}" for column in _POLICY), "organization__uuid"
        ),
    }


def package_facts(rows: dict[str, list]) -> list[PackageFact]:
    """The packages by name, each with the policies that were read."""
    policies: dict[int, list[PolicyFact]] = {}
    for package, *policy, organization in rows["named"]:
        policies.setdefault(package, []).append(_policy(*policy, named=(str(UUID(organization)),)))
    for package, *policy in rows["wide"]:
        policies.setdefault(package, []).append(_policy(*policy))
    packages = sorted(rows["packages"], key=lambda row: row[3])
    return [
        PackageFact(
            str(UUID(uuid)), name, bool(is_open), tuple(policies.get(key, ())), bool(is_listed)
        )
        for key, uuid, name, _name_key, is_open, is_listed in packages
    ]


def _policy(
    key: str,
    name: str,
    scope: str,
    stages: str | list,
    is_open: Any,
    needs_reason: Any,
    *lifecycle: Any,
    named: tuple[str, ...] = (),
) -> PolicyFact:
    return PolicyFact(
        str(UUID(key)),
        name,
        scope,
        frozenset(named),
        stages_from_json(from_json(stages)),
        bool(is_open),
        _lifecycle(*lifecycle),
        bool(needs_reason),
    )


def _lifecycle(
    ends: str, days: int | None, hours: int | None, last_day: str | None, *flags: Any
) -> Lifecycle:
    day = date.fromisoformat(last_day) if last_day else None
    return Lifecycle(ends, days, hours, day, *map(bool, flags))

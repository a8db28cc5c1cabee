"""Who can request each of some access packages: the rule, asked about their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from ...db.combined_query import from_json, json_subquery
from ...models import Package, Policy, PolicyOrganization
from ...rules.access_packages.policies import PackageFact, PolicyFact
from ...rules.access_packages.reach import Reach, reach_of

if TYPE_CHECKING:  # installed for development alone
    from django_stubs_ext import WithAnnotations

_POLICY = ("uuid", "name", "scope", "is_open")


class PolicyList(TypedDict):
    """What `with_policies` adds to a package."""

    policy_list: str | list | None


def with_policies(packages: QuerySet) -> QuerySet:
    """With their policies as JSON, in the statement that reads the packages."""
    present = PolicyOrganization.objects.filter(
        policy=OuterRef("pk"), organization__deleted_at__isnull=True
    )
    policies = Policy.objects.filter(package=OuterRef("pk")).annotate(is_populated=Exists(present))
    return packages.annotate(
        policy_list=Subquery(json_subquery(policies, "package", *_POLICY, "is_populated"))
    )


def package_reach(package: WithAnnotations[Package, PolicyList]) -> Reach:
    """Of a package that was read `with_policies`. No statement."""
    rows = from_json(package.policy_list)
    policies = tuple(
        PolicyFact(str(UUID(key)), name, scope, is_open=bool(is_open))
        for key, name, scope, is_open, _is_populated in rows
    )
    populated = {str(UUID(key)) for key, *_columns, is_populated in rows if is_populated}
    fact = PackageFact(str(package.uuid), package.name, package.is_open, policies)
    return reach_of(fact, populated)

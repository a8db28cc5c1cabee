"""Policies in words, and the organizations that one can name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import OuterRef, Subquery

from ...db.combined_query import from_json, json_subquery
from ...facts.access_packages.approvers import names_in
from ...facts.access_requests.radar import AskedPolicy, gaps_in, radar
from ...models import Organization, Package, Policy, PolicyOrganization
from ...rules.access_packages.approval_words import Names
from ...rules.access_packages.stages import Stage
from ...rules.access_packages.terms import NewPolicy, paragraph
from ...rules.access_requests.gaps import Gap
from ..organizations.search import found_by, search_for

if TYPE_CHECKING:  # installed for development alone
    from django_stubs_ext import WithAnnotations


class NamedList(TypedDict):
    """What is added to a policy: the names of its organizations that are not deleted."""

    named_list: str | list | None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy with what it says, and its stages with the names of the people in them."""

    policy: Policy
    text: str
    stages: tuple[Stage, ...]
    names: dict[str, str]


def policy_rows(package: Package) -> list[PolicyRow]:
    """Return a package's policies in the order of their names, each in words. Two statements."""
    named = PolicyOrganization.objects.filter(
        policy=OuterRef("pk"), organization__deleted_at__isnull=True
    )
    names_of = Subquery(json_subquery(named, "policy", "organization__name"))
    policies = list(package.policies.annotate(named_list=names_of).order_by("scope", "id"))
    names = names_in(stage for policy in policies for stage in policy.all_stages)
    return [PolicyRow(each, _words(each, names), each.all_stages, names) for each in policies]


def _words(policy: WithAnnotations[Policy, NamedList], people: Names) -> str:
    """Return in sentences who can request, who decides and how long access lasts."""
    organizations = sorted(name for (name,) in from_json(policy.named_list))
    return paragraph(policy.terms, organizations, people)


def package_gaps(package: Package, at: datetime) -> list[Gap]:
    """Return the stages of the package's policies that nobody could decide now."""
    return radar(at, packages=[package])


def gaps_as_typed(
    package: Package, row: Policy | None, wanted: NewPolicy, at: datetime
) -> list[Gap]:
    """Return the stages of a policy that nobody could decide if it were saved as typed."""
    named = Organization.objects.present().filter(uuid__in=wanted.organizations)
    key = str(row.uuid) if row else ""
    if not wanted.is_open or wanted.scope == Policy.Scope.NOBODY:
        return []
    asked = AskedPolicy(package, key, wanted.name, wanted.scope, wanted.stages, named)
    return gaps_in([asked], at)


def words_of_new(policy: NewPolicy, organizations: Iterable[str]) -> str:
    """Return the same of a policy that is not stored; `organizations` are names."""
    return paragraph(policy, organizations, names_in(policy.stages))


def organization_choices(text: str, chosen: Iterable[UUID]) -> list[Organization]:
    """The chosen organizations first, then twenty that match."""
    present = Organization.objects.present()
    matching = found_by(search_for(text), present.exclude(uuid__in=chosen)).order_by(
        "name_key", "id"
    )[:20]
    return [*present.filter(uuid__in=chosen).order_by("name_key"), *matching]

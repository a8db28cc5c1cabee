"""Policies in words, and the organizations that one can name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ...facts.access_packages.approvers import names_in
from ...models import Organization, Package, Policy
from ...rules.access_packages.approval_words import Names
from ...rules.access_packages.stages import Stage
from ...rules.access_packages.terms import NewPolicy, paragraph
from ..organizations.search import found_by, search_for


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy with what it says, and its stages with the names of the people in them."""

    policy: Policy
    text: str
    stages: tuple[Stage, ...]
    names: dict[str, str]


def policy_rows(package: Package) -> list[PolicyRow]:
    """Return a package's policies in the order of their names, each in words."""
    policies = list(package.policies.prefetch_related("organizations").order_by("scope", "id"))
    names = names_in(stage for policy in policies for stage in policy.all_stages)
    return [PolicyRow(each, words_of(each, names), each.all_stages, names) for each in policies]


def words_of(policy: Policy, people: Names) -> str:
    """Return in sentences who can request, who decides and how long access lasts."""
    organizations = sorted(
        organization.name
        for organization in policy.organizations.all()
        if not organization.is_deleted
    )
    return paragraph(policy.terms, organizations, people)


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

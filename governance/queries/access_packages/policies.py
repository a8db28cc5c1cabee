"""Policies in words, and the organizations that one can name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ...models import Organization, Package, Policy
from ...rules.access_packages.terms import NewPolicy, paragraph
from ..organizations.search import found_by, search_for


@dataclass(frozen=True, slots=True)
class PolicyRow:
    policy: Policy
    text: str


def policy_rows(package: Package) -> list[PolicyRow]:
    """Return a package's policies in the order of their names, each in words."""
    policies = package.policies.prefetch_related("organizations").order_by("scope", "id")
    return [PolicyRow(policy, words_of(policy)) for policy in policies]


def words_of(policy: Policy) -> str:
    """Return in sentences who can request, whether approval is needed, how long access lasts."""
    names = sorted(
        organization.name
        for organization in policy.organizations.all()
        if not organization.is_deleted
    )
    return paragraph(policy.scope, names, policy.needs_approval, policy.lasts_days, policy.is_open)


def words_of_new(policy: NewPolicy, organizations: Iterable[str]) -> str:
    """Return the same of a policy that is not stored; `organizations` are names."""
    terms = (policy.needs_approval, policy.lasts_days, policy.is_open)
    return paragraph(policy.scope, organizations, *terms)


def organization_choices(text: str, chosen: Iterable[UUID]) -> list[Organization]:
    """The chosen organizations first, then twenty that match."""
    present = Organization.objects.present()
    matching = found_by(search_for(text), present.exclude(uuid__in=chosen)).order_by(
        "name_key", "id"
    )[:20]
    return [*present.filter(uuid__in=chosen).order_by("name_key"), *matching]

"""The pages of access packages and their policies."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from ..models import Organization, Package, Policy
from ..rules.policy_terms import paragraph
from .keyset import Sort, a_text
from .organization_search import found_by, search_for
from .pages import Page, page_of

BY_NAME = Sort("name", "name_key", a_text)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    policy: Policy
    text: str


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """How many organizations, and how many people of them, gain or lose the right to ask by a policy."""

    gains: tuple[str, ...]
    loses: tuple[str, ...]
    people_gain: int
    people_lose: int

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.loses)


def package_page(cursor: str) -> Page:
    return page_of(Package.objects.annotate(policy_count=Count("policies")), BY_NAME, cursor)


def policy_rows(package: Package) -> list[PolicyRow]:
    policies = package.policies.prefetch_related("organizations").order_by("scope", "id")
    return [PolicyRow(policy, words_of(policy)) for policy in policies]


def words_of(policy: Policy) -> str:
    names = sorted(organization.name for organization in policy.organizations.all() if not organization.is_deleted)
    return paragraph(policy.scope, names, policy.needs_approval, policy.lasts_days, policy.is_open)


def organization_choices(text: str, chosen) -> list[Organization]:
    """The chosen organizations first, then twenty that match."""
    present = Organization.objects.present()
    matching = found_by(search_for(text), present.exclude(uuid__in=chosen)).order_by("name_key", "id")[:20]
    return [*present.filter(uuid__in=chosen).order_by("name_key"), *matching]


def policy_effect(before: Policy | None, scope: str, organizations, is_open: bool) -> PolicyEffect:
    """Organizations that gain or lose the right to ask by this policy, compared with what is saved."""
    was = _reached(before.scope, before.organizations.values_list("uuid", flat=True), before.is_open) if before else Organization.objects.none()
    will = _reached(scope, organizations, is_open)
    gains, loses = will.exclude(pk__in=was.values("pk")), was.exclude(pk__in=will.values("pk"))
    return PolicyEffect(*(tuple(rows.order_by("name_key").values_list("name", flat=True)[:10]) for rows in (gains, loses)), *map(_people, (gains, loses)))


def _reached(scope: str, organizations, is_open: bool):
    present = Organization.objects.present()
    if not is_open:
        return present.none()
    if scope == Policy.Scope.NAMED:
        return present.filter(uuid__in=list(organizations))
    if scope == Policy.Scope.ALL_CONFIGURED:
        return present.filter(state=Organization.State.CONFIGURED)
    return present if scope == Policy.Scope.ANY_OUTSIDE else present.none()


def _people(rows) -> int:
    return rows.aggregate(n=Sum("people_count"))["n"] or 0

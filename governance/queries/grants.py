"""Which packages an organization's people can ask for, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ..models import Organization, Package, Policy
from ..rules.eligibility import ALL_CONFIGURED, ANY_OUTSIDE, NAMED


@dataclass(frozen=True, slots=True)
class Grant:
    """A package that can be asked for by a policy."""

    package: Package
    policy: Policy

    @property
    def terms(self) -> str:
        """Who decides and how long access lasts, in one line."""
        first = "Someone approves, then access" if self.policy.needs_approval else "Access starts at once,"
        return f"{first} {f'for {self.policy.lasts_days} days' if self.policy.lasts_days else 'without an end'}"


def grants_for(state: str, *, organization: Organization | None = None) -> list[Grant]:
    """What people of an organization in this state can ask for: by the policy that decides for it in each package (rule 26)."""
    scopes = Q(scope=ANY_OUTSIDE) | Q(scope=NAMED, named__organization=organization) if organization else Q(scope=ANY_OUTSIDE)
    if state == Organization.State.CONFIGURED:
        scopes |= Q(scope=ALL_CONFIGURED)
    policies = Policy.objects.filter(scopes).select_related("package").order_by("package__name_key", "id").distinct()
    deciding: dict[int, Policy] = {}
    for policy in sorted(policies, key=lambda policy: (NAMED, ALL_CONFIGURED, ANY_OUTSIDE).index(policy.scope)):
        deciding.setdefault(policy.package_id, policy)
    open_ones = [policy for policy in deciding.values() if policy.is_open and policy.package.is_open]
    return [Grant(policy.package, policy) for policy in sorted(open_ones, key=lambda policy: policy.package.name_key)]

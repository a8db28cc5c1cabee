"""Which policy of an access package decides about a person, and what it asks (product rules 26 and
33).
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from ..claims import ClaimFact
from .lifecycle import Lifecycle
from .stages import Stage

NAMED, ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS = "named", "all_configured", "any_outside", "members"
NOBODY = "nobody"
SCOPES = (NAMED, ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS, NOBODY)
WIDE_SCOPES = {
    ALL_CONFIGURED: "all configured connected organizations",
    ANY_OUTSIDE: "any outside person",
    MEMBERS: "people in your directory",
}
SCOPE_NAMES = WIDE_SCOPES | {NAMED: "specific connected organizations"}


@dataclass(frozen=True, slots=True)
class PolicyFact:
    """Who can request under this policy, who decides, and how long access lasts.

    `organization_ids` are the organizations it names; an empty set admits no one.
    """

    id: str
    label: str
    scope: str
    organization_ids: frozenset[str] = frozenset()
    stages: tuple[Stage, ...] = ()
    is_open: bool = True
    lifecycle: Lifecycle = Lifecycle()
    needs_reason: bool = False

    @property
    def needs_approval(self) -> bool:
        """Return whether somebody has to approve: whether there is a stage."""
        return bool(self.stages)

    @property
    def forces_approval(self) -> bool:
        """Any outside person has to be approved, whatever the policy says."""
        return self.needs_approval or self.scope == ANY_OUTSIDE

    def names(self, claim: ClaimFact) -> bool:
        return self.scope == NAMED and claim.organization_id in self.organization_ids


@dataclass(frozen=True, slots=True)
class PackageFact:
    """An access package. `is_listed`: people find it; one that is not is requested by its link."""

    id: str
    name: str
    is_open: bool = True
    policies: tuple[PolicyFact, ...] = ()
    is_listed: bool = True

    def policy_for(self, scope: str) -> PolicyFact | None:
        return self._first(lambda policy: policy.scope == scope)

    def policy_naming(self, claim: ClaimFact) -> PolicyFact | None:
        return self._first(lambda policy: policy.names(claim))

    def _first(self, fits: Callable[[PolicyFact], bool]) -> PolicyFact | None:
        return next((policy for policy in self.policies if fits(policy)), None)


def deciding_policy(
    package: PackageFact, claim: ClaimFact | None, *, is_member: bool
) -> PolicyFact | None:
    """The one policy that decides alone, even when it refuses: the narrowest that has the person in
    it.
    """
    if is_member:
        return package.policy_for(MEMBERS)
    if claim and (named := package.policy_naming(claim)):
        return named
    scopes = scopes_without_names(is_configured=claim is not None and claim.is_configured)
    return next((policy for scope in scopes if (policy := package.policy_for(scope))), None)


def scopes_without_names(*, is_configured: bool) -> tuple[str, ...]:
    """Return the scopes that have outside people in them without naming their organization, the
    narrowest first (product rule 26).
    """
    return (ALL_CONFIGURED, ANY_OUTSIDE) if is_configured else (ANY_OUTSIDE,)


def whom(policy: PolicyFact, claim: ClaimFact | None) -> str:
    """Whom the policy is for, as the end of a sentence about the person whom it decides."""
    if policy.scope == NAMED and claim:
        return f"it includes {claim.organization_name}"
    return f"it is for {WIDE_SCOPES[policy.scope]}"


def can_anybody_request(package: PackageFact, populated: Container[str]) -> bool:
    """Return whether the package, and one of its policies that lets somebody request it, are open.

    `populated` are the ids of policies that name an organization that is not deleted.
    """
    return package.is_open and any(_lets_somebody(each, populated) for each in package.policies)


def _lets_somebody(policy: PolicyFact, populated: Container[str]) -> bool:
    return policy.is_open and (policy.scope in WIDE_SCOPES or policy.id in populated)

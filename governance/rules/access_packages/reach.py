"""Who can request an access package, in words: what its policies let people do, not whether it is
switched on.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from ..wording import joined
from .policies import (
    ALL_CONFIGURED,
    ANY_OUTSIDE,
    MEMBERS,
    NAMED,
    SCOPE_NAMES,
    PackageFact,
    PolicyFact,
    can_anybody_request,
)

NOBODY_CAN = "Nobody can request this"
# The widest first: the order in which they are said.
_WIDEST_FIRST = (ANY_OUTSIDE, ALL_CONFIGURED, NAMED, MEMBERS)


@dataclass(frozen=True, slots=True)
class Reach:
    """`who` can request it, as a short phrase; where nobody can, `why_nobody` says why and what to
    do.
    """

    who: str
    why_nobody: str = ""

    @property
    def is_somebody(self) -> bool:
        return not self.why_nobody


def reach_of(package: PackageFact, populated: Container[str]) -> Reach:
    """Return who can request the package.

    `populated` are the ids of policies that name an organization that is not deleted.
    """
    if not can_anybody_request(package, populated):
        return Reach(NOBODY_CAN, _why_nobody(package, populated))
    letting = {each.scope for each in package.policies if lets_somebody(each, populated)}
    if ANY_OUTSIDE in letting:
        letting -= {ALL_CONFIGURED, NAMED}
    who = joined([SCOPE_NAMES[scope] for scope in _WIDEST_FIRST if scope in letting])
    return Reach(who[0].upper() + who[1:])


def lets_somebody(policy: PolicyFact, populated: Container[str]) -> bool:
    """Return whether the policy by itself lets somebody request an open package."""
    return can_anybody_request(PackageFact("", "", policies=(policy,)), populated)


def _why_nobody(package: PackageFact, populated: Container[str]) -> str:
    if not package.is_open:
        return "The package is closed. Open it to let people request it."
    if not package.policies:
        return "It has no policy. Add one that says who can request it."
    if not any(policy.is_open for policy in package.policies):
        return "All of its policies are closed. Open one to let people request it."
    return "No open policy includes anybody. Add an organization to one, or add a policy."

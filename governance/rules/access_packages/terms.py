"""What a policy says, in words, and what makes one acceptable (product rules 26 and 33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ..decision import Refused, refuse
from ..values import known_choice, known_flag, known_ids, known_number
from ..wording import count_of, grouped, joined
from .policies import ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS, NAMED, NOBODY, SCOPES, WIDE_SCOPES

LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """Who may request by it, whether somebody approves, how many days access lasts (None: without
    an end).
    """

    name: str
    scope: str
    organizations: tuple[UUID, ...] = ()
    needs_approval: bool = True
    lasts_days: int | None = None
    is_open: bool = True


def require_acceptable(policy: NewPolicy) -> None:
    """Raise Refused when a value is none that exists, or outsiders would get in without anybody's
    approval.
    """
    known_scope(policy.scope)
    known_ids(policy.organizations, field="organizations")
    known_flag(policy.needs_approval, field="needs_approval")
    known_flag(policy.is_open, field="is_open")
    if policy.scope == ANY_OUTSIDE and not policy.needs_approval:
        raise refuse(
            "any_outside_needs_approval",
            "A policy for any outside person always needs approval",
            field="needs_approval",
        )
    known_length(policy.lasts_days)


def known_scope(scope: object) -> str:
    """Return whom a policy is for, if there is such a choice."""
    return known_choice(
        scope, SCOPES, code="scope_unknown", text="Choose who can request", field="scope"
    )


def known_length(days: object) -> int | None:
    """Return how many days access lasts, if it can last so long; None for no end."""
    if days is None:
        return None
    text = f"Enter a number of days from 1 to {grouped(LONGEST_DAYS)}, or leave it empty"
    return known_number(
        days, 1, LONGEST_DAYS, code="length_out_of_bounds", text=text, field="lasts_days"
    )


def paragraph(
    scope: str,
    organizations: Iterable[str],
    needs_approval: bool,
    lasts_days: int | None,
    is_open: bool,
) -> str:
    """The policy as one paragraph in plain words."""
    organizations = tuple(organizations)
    who = _who(scope, organizations)
    if scope == NOBODY or scope == NAMED and not organizations:
        return who
    if not is_open:
        return f"This policy is closed, so nobody can request access now. When it is open: {who}"
    how = "Each request needs approval." if needs_approval else "Requests need no approval."
    end = (
        f"Access lasts {count_of(lasts_days, 'day')}." if lasts_days else "Access has no end date."
    )
    return f"{who} {how} {end}"


def _who(scope: str, organizations: tuple[str, ...]) -> str:
    if scope == NAMED:
        if not organizations:
            return "This policy includes no organization, so nobody can request access."
        return f"People from {joined(organizations, shown=3)} can request access."
    return {
        ALL_CONFIGURED: "People from every configured connected organization can request access.",
        ANY_OUTSIDE: (
            "Any outside person can request access, even if their organization is not connected."
        ),
        MEMBERS: "People in your directory can request access.",
        NOBODY: "No one can request access. Access is assigned directly.",
    }[scope]


def one_scope_refusal(scope: str) -> Refused:
    """Return the refusal of a second policy for the same wide scope (product rule 26)."""
    return refuse(
        "scope_taken",
        f"This package already has a policy for {WIDE_SCOPES[scope]}. Change that policy",
        field="scope",
    )

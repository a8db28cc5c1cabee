"""What a policy says, in words, and what makes one acceptable (product rules 26 and 33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ..decision import Refused, refuse
from ..values import known_choice, known_flag, known_ids
from ..wording import joined
from .approval_words import Names, approval_words, asked_words, lifecycle_words
from .lifecycle import Lifecycle, only_used, require_acceptable_lifecycle
from .policies import ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS, NAMED, NOBODY, SCOPES, WIDE_SCOPES
from .questions import Question, known_questions
from .stages import Stage, known_stages


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """Who can request under it, who decides in which stages (none: no approval), how long access
    lasts, and what the requester is asked.
    """

    name: str
    scope: str
    organizations: tuple[UUID, ...] = ()
    stages: tuple[Stage, ...] = ()
    is_open: bool = True
    lifecycle: Lifecycle = Lifecycle()
    needs_reason: bool = False
    questions: tuple[Question, ...] = ()


def acceptable(policy: NewPolicy, today: date | None = None) -> NewPolicy:
    """Return the policy as it is stored: with clean questions, and without what has no meaning.

    Raises Refused when a value is none that exists, or outsiders would get in without anybody's
    approval. `today` is the day in the portal's time zone; None where a last day may be over.
    """
    known_scope(policy.scope)
    known_ids(policy.organizations, field="organizations")
    stages = known_stages(policy.stages)
    known_flag(policy.is_open, field="is_open")
    known_flag(policy.needs_reason, field="needs_reason")
    if policy.scope == ANY_OUTSIDE and not stages:
        raise refuse(
            "any_outside_needs_approval",
            "A policy for any outside person always needs approval",
            field="stages",
        )
    questions = known_questions(policy.questions)
    require_acceptable_lifecycle(policy.lifecycle, today)
    lifecycle = only_used(policy.lifecycle)
    return replace(policy, stages=stages, questions=questions, lifecycle=lifecycle)


def known_scope(scope: object) -> str:
    """Return whom a policy is for, if there is such a choice."""
    return known_choice(
        scope, SCOPES, code="scope_unknown", text="Choose who can request", field="scope"
    )


def paragraph(policy: NewPolicy, organizations: Iterable[str], people: Names | None = None) -> str:
    """Return the policy as one paragraph in plain words.

    `organizations` are the names of those that it names; `people` the names of the people whom its
    stages name, None for readers who do not see them.
    """
    organizations = tuple(organizations)
    who = _who(policy.scope, organizations)
    if policy.scope == NAMED and not organizations:
        return who
    if not policy.is_open and policy.scope != NOBODY:
        return f"This policy is closed, so nobody can request access now. When it is open: {who}"
    length = lifecycle_words(policy.lifecycle, needs_approval=bool(policy.stages))
    if policy.scope == NOBODY:
        return f"{who} {length}"
    asked = asked_words(policy.needs_reason, policy.questions)
    decided = approval_words(policy.stages, people)
    return " ".join(part for part in (who, asked, decided, length) if part)


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

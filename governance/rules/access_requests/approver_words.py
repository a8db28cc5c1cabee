"""What approvers read about a request: as what they decide, what follows, what they have done."""

from __future__ import annotations

from ..access_packages.stages import INTERNAL_SPONSORS, Stage
from ..wording import count_of
from .approval import ALTERNATE, FALLBACK, NAMED, Decider
from .outcomes import APPROVE, DENY
from .transitions import APPROVED, PENDING

EVENT_WORDS = {
    "submit": "Requested",
    "approve_stage": "Approved",
    "approve": "Approved",
    "deny": "Denied",
    "send_back": "Sent back to the requester",
    "resubmit": "Answered by the requester",
    "undo": "Decision undone",
    "remind": "Approvers reminded",
    "escalate": "Escalated to the alternates",
    "expire": "Expired",
    "park": "Put on hold",
    "resume_approval": "Resumed",
    "resume_delivery": "Resumed",
    "withdraw": "Withdrawn",
    "start": "Access is being set up",
    "deliver": "Access granted",
    "fail": "Setting up failed",
    "retry": "Setting up retried",
    "extend": "Access extended",
    "end": "Access ended",
}
PAST_WORDS = {
    "submit": "submitted",
    "approve_stage": "approved",
    "approve": "approved",
    "send_back": "sent back",
    "resubmit": "answered",
    "undo": "reopened",
    "resume_approval": "resumed",
}


def part_words(decider: Decider, stage: Stage, organization: str) -> str:
    """Return why this person is asked, as one or two sentences."""
    kind = "an internal" if stage.approvers == INTERNAL_SPONSORS else "an external"
    words = {
        NAMED: "because the policy names you",
        FALLBACK: "as the fallback, because too few of the approvers can decide",
        ALTERNATE: "as an alternate, because nobody has decided yet",
    }.get(decider.part, f"as {kind} sponsor of {organization}")
    away = f" You decide for {decider.instead_of}, who is away." if decider.instead_of else ""
    if decider.instead_of:
        words = words.replace("names you", f"names {decider.instead_of}")
    return f"You decide {words}.{away}"


def consequence_words(*, left: int, is_last: bool, requester: str, package: str, until: str) -> str:
    """Return what an approval leads to; `left` is how many more approvals this stage needs then."""
    if left:
        return f"If you approve, {count_of(left, 'more approval')} will be needed in this stage."
    if not is_last:
        return "If you approve, the approvers of the next stage decide."
    return f"If you approve, {requester} gets {package} {until}."


def done_words(
    outcome: str, *, state: str, moved_on: bool, requester: str, start: str, seconds: int
) -> str:
    """Return what a decision leads to, while it can still be undone for so many seconds.

    `moved_on`: another stage is asked next. `start` is when access starts, where a later day was
    asked for.
    """
    soon = f"in {count_of(seconds, 'second')}"
    if outcome == DENY:
        return f"Denied. {requester} will be told {soon}."
    if outcome != APPROVE:
        return f"Sent back. {requester} will be asked for more information {soon}."
    if state == APPROVED:
        return f"Approved. Access starts {start or soon}."
    if state == PENDING and moved_on:
        return f"Approved. The approvers of the next stage will be asked {soon}."
    return "Approved. This stage still needs more approvals."

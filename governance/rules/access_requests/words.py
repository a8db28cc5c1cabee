"""The life of a request in words: what each step of its timeline says."""

from __future__ import annotations

from .approval import ALTERNATE, FALLBACK, NAMED, SPONSOR

EVENT_WORDS = {
    "submit": "Submitted",
    "approve_stage": "Stage approved",
    "approve": "Approved",
    "deny": "Denied",
    "send_back": "Sent back for more information",
    "escalate": "Escalated to the alternate approvers",
    "remind": "Approvers reminded",
    "resubmit": "Answered by the requester",
    "undo": "Decision taken back",
    "expire": "Expired because nobody answered in time",
    "park": "Put on hold",
    "resume_approval": "Resumed: approval begins again",
    "resume_delivery": "Resumed: access is set up next",
    "withdraw": "Withdrawn",
    "start": "Started to set up access",
    "deliver": "Access granted",
    "fail": "Setting up failed",
    "retry": "Setting up tried again",
    "extend": "Access extended",
    "end": "Access ended",
}
PART_WORDS = {
    SPONSOR: "sponsor",
    NAMED: "named approver",
    FALLBACK: "fallback approver",
    ALTERNATE: "alternate approver",
}
APPROVERS_WORDS = {
    "internal_sponsors": "Internal sponsors",
    "external_sponsors": "External sponsors",
    "named_people": "Named people",
}


def event_words(event: str) -> str:
    """Return what a step of a request's timeline says."""
    return EVENT_WORDS.get(event, event.replace("_", " ").capitalize())


def part_words(part: str, instead_of: str = "") -> str:
    """Return as what somebody can decide, such as "sponsor, deputy of Eva"."""
    return f"{PART_WORDS[part]}, deputy of {instead_of}" if instead_of else PART_WORDS[part]

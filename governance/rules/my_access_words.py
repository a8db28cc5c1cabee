"""What My Access says to people who request: in plain words, without what is none of their business
(product rule 45).
"""

from __future__ import annotations

from collections.abc import Sequence

from .access_packages.lifecycle import Lifecycle
from .access_packages.stages import EXTERNAL_SPONSORS, INTERNAL_SPONSORS, Stage
from .decision import Refused, refuse
from .wording import count_of, grouped, joined

NOT_OPEN = "This is not open to you. Ask the person who sent you the link."
# What the decision found about the visitor themselves: told to everybody.
OWN = ("already_has_access", "request_open", "asked_recently")
# What people of a configured organization are told when the decision stops at these steps.
_WHY_NOT = {
    "domain_blocked": "Requests from {domain} are blocked at the moment.",
    "claim_in_doubt": "An administrator has to confirm first that {domain} still belongs to"
    " {organization}.",
    "sign_in_differently": "{organization} requires that you sign in with its own directory.",
    "policy_closed": "This cannot be requested at the moment.",
    "package_closed": "This cannot be requested at the moment.",
    "approval_needed": "A shared mailbox cannot request this. Sign in with your own address.",
}
_NO_PACKAGES = "{organization} has no access packages yet."
_NO_PACKAGES_FOR_MEMBERS = "No access package is for people in your directory."


def who_decides(stages: Sequence[Stage]) -> str:
    """Return who decides, without names, as a sentence."""
    if not stages:
        return "No approval is needed."
    if len(stages) == 1:
        verb = "decides" if stages[0].needed == 1 else "decide"
        text = f"{_deciders(stages[0])} {verb}."
        return text[:1].upper() + text[1:]
    first, *others = (_deciders(stage) for stage in stages)
    return f"First {first} decides, then {', then '.join(others)}."


def asked_words(stage: Stage, names: Sequence[str]) -> str:
    """Return whom a stage asks: by name where `names` may be told, else what they are."""
    return joined(list(names), shown=3) if names else _deciders(stage)


def _deciders(stage: Stage) -> str:
    one, many = {
        EXTERNAL_SPONSORS: ("a sponsor from your organization", "sponsors from your organization"),
        INTERNAL_SPONSORS: (
            "a sponsor responsible for your organization",
            "sponsors responsible for your organization",
        ),
    }.get(stage.approvers, ("an approver", "approvers"))
    return one if stage.needed == 1 else f"{grouped(stage.needed)} {many}"


def how_long(lifecycle: Lifecycle) -> str:
    """Return how long access lasts, and whether the requester chooses the dates."""
    chooses = " You can choose the dates." if lifecycle.requester_chooses else ""
    return f"{lifecycle.words}{chooses}"


def next_steps(stages: Sequence[Stage], lifecycle: Lifecycle) -> tuple[str, str, str]:
    """Return what happens after a request is submitted, in three sentences or so."""
    length = lifecycle.words
    if not stages:
        first = who_decides(stages)
        return (first, "Access is set up within a few minutes. You get an email.", length)
    days = sum(stage.days for stage in stages)
    return (
        f"{who_decides(stages)} This takes at most {count_of(days, 'day')}.",
        "You get an email with the decision. If nobody decides in time, the request expires and you"
        " can submit it again.",
        f"After approval, access is set up within a few minutes. {length}",
    )


def resource_words(kind: str, name: str) -> str:
    """Return what somebody gets by a resource of an access package."""
    return f"Membership of the group {name}" if kind == "group" else f"Access in {name}"


def why_nothing(code: str, *, organization: str, domain: str, is_member: bool) -> str:
    """Return why nothing can be requested, to somebody who may know it."""
    if is_member:
        return _NO_PACKAGES_FOR_MEMBERS
    return _WHY_NOT.get(code, _NO_PACKAGES).format(organization=organization, domain=domain)


def why_not_this(code: str, *, organization: str, domain: str) -> str:
    """Return why an access package cannot be requested, to somebody who may know it; "" for what
    nobody is told.
    """
    return _WHY_NOT.get(code, "").format(organization=organization, domain=domain)


def terms_changed() -> Refused:
    """Return the refusal of a form that was filled in for terms that are no longer valid."""
    text = "The terms changed while you were filling in the form. Review them, then request"
    return refuse("policy_changed", text)


# Event of a request -> what its timeline says, and how it looks.
TIMELINE = {
    "submit": ("Request submitted", "done"),
    "approve_stage": ("Approved, one more approval is needed", "done"),
    "approve": ("Approved", "done"),
    "deny": ("Denied", "bad"),
    "send_back": ("More information is needed", "warn"),
    "escalate": ("Other approvers were asked as well", "done"),
    "remind": ("The approvers were reminded", "done"),
    "resubmit": ("You answered", "done"),
    "undo": ("The decision was taken back", "warn"),
    "expire": ("Expired: nobody answered in time", "bad"),
    "park": ("On hold", "warn"),
    "resume_approval": ("No longer on hold", "done"),
    "resume_delivery": ("No longer on hold", "done"),
    "withdraw": ("Withdrawn", "bad"),
    "start": ("Being set up", "done"),
    "deliver": ("Access granted", "done"),
    "fail": ("Setting up failed", "bad"),
    "retry": ("Being set up again", "done"),
    "extend": ("Access extended", "done"),
    "end": ("Access ended", "done"),
}
ON_HOLD = (
    "Something changed since you requested this. An administrator has to look at it."
    " You do not have to do anything."
)
FAILED = "An administrator has to look at it. You do not have to do anything."
NOBODY_DECIDES = "Nobody can decide this at the moment. An administrator has to look at it."
EXPIRES = "If nobody decides by then, the request expires and you can submit it again."
EXPIRES_UNANSWERED = "If you do not answer by then, the request expires."
# An approver causes these. Some people are told who, in these words.
BY_APPROVERS = {
    "approve_stage": "{} approved",
    "approve": "{} approved",
    "deny": "{} denied the request",
    "send_back": "{} needs more information",
    "undo": "{} took the decision back",
}
# What was written with these is for the requester.
WITH_TEXT = ("submit", "resubmit", "withdraw", "end", *BY_APPROVERS)

"""The mails about requests and access: what each says to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..mail import Message
from ..time_zones import moment_words
from ..wording import count_of

APPROVALS, MY_ACCESS = "/approvals/", "/my-access/"


@dataclass(frozen=True, slots=True)
class RequestFact:
    """A request as its mails tell of it. Moments are in the time zone in which they are to be read.

    `approvers` says who decides, in words that the requester may read (product rule 45).
    """

    key: str
    requester: str
    package: str
    package_key: str
    organization: str = ""
    reason: str = ""
    submitted_at: datetime | None = None
    due_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_extension: bool = False

    @property
    def what(self) -> str:
        """Return what is requested."""
        return f"more time with {self.package}" if self.is_extension else self.package

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what an approver has to know, as pairs of a label and a value."""
        pairs = (
            ("Requested by", self.requester),
            ("Organization", self.organization or "No connected organization"),
            ("Access package", self.package),
            ("Reason", self.reason or "None given"),
            ("Wanted from", _moment(self.starts_at)),
            ("Wanted until", _moment(self.ends_at)),
            ("Submitted", _moment(self.submitted_at)),
            ("Decide by", _moment(self.due_at)),
        )
        return tuple(pair for pair in pairs if pair[1])


def _moment(at: datetime | None) -> str:
    return moment_words(at) if at else ""


def approval_wanted(request: RequestFact, *, instead_of: str = "") -> Message:
    """Return the mail that asks an approver to decide."""
    for_whom = f" You decide for {instead_of}, who is away." if instead_of else ""
    return Message(
        f"Approval needed: {request.requester} requests {request.what}",
        (f"{request.requester} requests {request.what} and needs your approval.{for_whom}",),
        request.facts,
        f"{APPROVALS}{request.key}/",
        "Review the request",
        "Only you can decide with this link: it asks you to sign in.",
    )


def approval_reminder(request: RequestFact) -> Message:
    """Return the mail that reminds an approver who has not decided."""
    return Message(
        f"Reminder: {request.requester} is waiting for your approval",
        (
            f"{request.requester} requested {request.what} and is still waiting.",
            f"The request expires at {_moment(request.due_at)} if nobody decides it.",
        ),
        request.facts,
        f"{APPROVALS}{request.key}/",
        "Review the request",
    )


def escalated(request: RequestFact) -> Message:
    """Return the mail that asks an alternate approver."""
    return Message(
        f"Approval needed: {request.requester} requests {request.what}",
        (
            f"Nobody has decided this request yet, so it was escalated to you."
            f" {request.requester} requests {request.what}.",
        ),
        request.facts,
        f"{APPROVALS}{request.key}/",
        "Review the request",
    )


def decided_by_somebody(request: RequestFact, *, outcome: str, by: str) -> Message:
    """Return the mail that tells the other approvers that nothing is left to decide."""
    return Message(
        f"{outcome}: {request.requester}'s request for {request.what}",
        (f"{by} decided this request. You have nothing left to do.",),
        link=f"{APPROVALS}{request.key}/",
        link_label="See the decision",
    )


def expired_for_approvers(request: RequestFact) -> Message:
    """Return the mail that tells the approvers that nobody decided in time."""
    return Message(
        f"Expired: {request.requester}'s request for {request.what}",
        (
            f"Nobody decided this request in time, so it expired."
            f" {request.requester} can submit a new one.",
        ),
        link=f"{APPROVALS}{request.key}/",
        link_label="See the request",
    )


def denied(request: RequestFact, *, reason: str) -> Message:
    """Return the mail that tells the requester of a denial."""
    return Message(
        f"Your request for {request.what} was denied",
        (f"Your request for {request.what} was denied.", f"Reason: {reason}"),
        link=f"{MY_ACCESS}requests/{request.key}/",
        link_label="See your request",
        closing="You can submit a new request after one day.",
    )


def sent_back(request: RequestFact, *, reason: str) -> Message:
    """Return the mail that asks the requester for more."""
    return Message(
        f"Your request for {request.what} needs more information",
        (
            "An approver needs more information before they can decide.",
            f"They wrote: {reason}",
            f"Answer by {_moment(request.due_at)}, or the request expires.",
        ),
        link=f"{MY_ACCESS}requests/{request.key}/",
        link_label="Answer",
    )


def expired(request: RequestFact) -> Message:
    """Return the mail that tells the requester that nobody decided in time."""
    return Message(
        f"Your request for {request.what} expired",
        (f"Nobody decided your request for {request.what} in time. You can submit it again.",),
        link=f"{MY_ACCESS}request/{request.package_key}/",
        link_label="Request again",
    )


def parked(request: RequestFact) -> Message:
    """Return the mail that tells the requester that the request is on hold."""
    return Message(
        f"Your request for {request.what} is on hold",
        (
            f"Something changed since you requested {request.what}."
            " An administrator has to look at it. You do not have to do anything.",
        ),
        link=f"{MY_ACCESS}requests/{request.key}/",
        link_label="See your request",
    )


def withdrawn(request: RequestFact, *, reason: str) -> Message:
    """Return the mail that tells the requester that somebody else withdrew the request."""
    return Message(
        f"Your request for {request.what} was withdrawn",
        (f"Your request for {request.what} was withdrawn.", f"Reason: {reason}"),
        link=f"{MY_ACCESS}requests/{request.key}/",
        link_label="See your request",
    )


def delivered(request: RequestFact, *, until: datetime | None) -> Message:
    """Return the mail that tells the requester that they have access: a new guest's first mail."""
    end = f"until {_moment(until)}" if until else "without an end date"
    return Message(
        f"You now have access to {request.package}",
        (f"You have access to {request.package} {end}.",),
        link=f"{MY_ACCESS}access/",
        link_label="See your access",
        closing="Sign in with your email address and a one-time code.",
    )


def ending_soon(package: str, until: datetime, days: int, *, can_extend: bool) -> Message:
    """Return the mail that tells somebody that their access ends in so many days."""
    advice = " You can extend it." if can_extend else ""
    return Message(
        f"Your access to {package} ends in {count_of(days, 'day')}",
        (f"Your access to {package} ends at {_moment(until)}.{advice}",),
        link=f"{MY_ACCESS}access/",
        link_label="Extend your access" if can_extend else "See your access",
    )


def ended(package: str, package_key: str, *, why: str) -> Message:
    """Return the mail that tells somebody that their access is over."""
    return Message(
        f"Your access to {package} has ended",
        (f"Your access to {package} has ended. {why}",),
        link=f"{MY_ACCESS}request/{package_key}/",
        link_label="Request it again",
    )

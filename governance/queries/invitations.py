"""Whether an address may be invited, and what an invitation says to whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import Invitation, Person
from ..rules.decision import Reason, Refused
from ..rules.eligibility import ClaimFact, Facts, decide
from ..rules.email_domains import Address, canonical_email
from ..rules.fingerprints import token_hash
from ..rules.wording import as_sentence
from .eligibility import facts_about
from .imitations import imitation_warning


@dataclass(frozen=True, slots=True)
class Invitability:
    """`reason` says why not; `claim` is the organization's claim that covers the address, if any."""

    reason: Reason | None
    claim: ClaimFact | None
    warning: str = ""


# The steps of the decision that bind an invitation (product rule 30): the list and the person, not the policies.
_BINDING = ("address_malformed", "own_name", "person_blocked", "domain_blocked")


def invitability(email: str, at: datetime, *, again: bool = False) -> Invitability:
    """Ask the one decision, and whether the address is taken. `again` is for somebody who was invited before."""
    facts = facts_about(email, at=at)
    stop = next(
        (step for step in decide(facts).reasons if step.code in _BINDING and not step.passed), None
    )
    reason = stop and Reason(stop.code, stop.text, field="email", refers_to=stop.refers_to)
    if reason is None and not again:
        reason = taken(facts.address)
    return Invitability(reason, facts.claim, _warning(facts))


def require_invitable(email: str, at: datetime, *, again: bool = False) -> ClaimFact | None:
    """The claim that covers the address. Raises Refused when the list, the person's state or our own names forbid it."""
    answer = invitability(email, at, again=again)
    if answer.reason:
        raise Refused(answer.reason)
    return answer.claim


@dataclass(frozen=True, slots=True)
class InvitationState:
    """An invitation that is neither accepted nor cancelled: why its link does not work now, empty while it does."""

    invitation: Invitation
    why_not: str = ""


def invitation_state(
    person: Person, invitation: Invitation | None, at: datetime
) -> InvitationState | None:
    """Ask whether the link still works (product rule 30), and say what to do where it does not. At most one statement.

    None without an invitation, and for one that was accepted or cancelled.
    """
    if invitation is None or invitation.accepted_at or invitation.cancelled_at:
        return None
    if at >= invitation.expires_at:
        return InvitationState(invitation, "It has expired. Send the invitation again.")
    if person.state != Person.State.INVITED:
        return InvitationState(invitation, "This person is not waiting for an invitation.")
    return InvitationState(invitation, why_not_welcome(person, at))


def why_not_welcome(person: Person, at: datetime) -> str:
    """Why the list, our own domains or a block keep somebody from accepting an invitation now; empty when nothing does."""
    if person.is_member:
        reason = shut_out(canonical_email(person.email))
    else:
        reason = invitability(person.email, at, again=True).reason
    return as_sentence(reason.text) if reason else ""


def working_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation behind a link while it works and the person is welcome; None for every other reason alike."""
    invitation = open_invitation(token, at)
    return invitation if invitation and not why_not_welcome(invitation.person, at) else None


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The same before the person is asked about, which the action does that accepts it and puts a refusal on record."""
    invitation = (
        Invitation.objects.select_related("person__organization")
        .filter(token_hash=token_hash(token))
        .first()
    )
    works = (
        invitation and invitation.is_open(at) and invitation.person.state == Person.State.INVITED
    )
    return invitation if works else None


def taken(address: Address) -> Reason | None:
    """Why the person with this address cannot be invited or added once more. Who was removed can; nobody of a blocked mailbox can."""
    person = Person.objects.filter(email=address.text).exclude(state=Person.State.REMOVED).first()
    if person is None:
        return shut_out(address)
    words = {
        "active": "has an account already",
        "invited": "is invited already. Send the invitation again on the person's page",
        "blocked": "is blocked. Inviting does not unblock: do that on the person's page",
    }
    return Reason("already_here", f"{address.text} {words[person.state]}", field="email")


def shut_out(address: Address) -> Reason | None:
    """Whether the mailbox is blocked, be it by another of its addresses."""
    blocked = Person.objects.at_mailbox(address.mailbox).blocked().first()
    text = (
        f"{address.mailbox} is blocked, by the address {blocked.email}. Inviting does not unblock: do that on the person's page"
        if blocked
        else ""
    )
    return Reason("person_blocked", text, field="email") if blocked else None


def _warning(facts: Facts) -> str:
    """The genuine name that the address imitates."""
    return "" if facts.address is None or facts.claim else imitation_warning(facts.domain, facts.at)

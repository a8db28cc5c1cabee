"""Whether an address may be invited, and what an invitation says to whoever opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..models import Invitation, Person
from ..rules.decision import Reason, Refused
from ..rules.eligibility import ClaimFact, Facts, PersonFact, decide
from ..rules.email_domains import Address, canonical_email
from ..rules.fingerprints import token_hash
from ..rules.wording import as_sentence
from .claims.look_alikes import imitation_warning
from .eligibility import facts_about
from .sponsors.sponsorships import (
    SponsorContext,
    context_of_domains,
    with_blocked_mailbox_of_person,
)


@dataclass(frozen=True, slots=True)
class Invitability:
    """`reason` says why not;
    `claim` is the organization's claim that covers the address, if any.
    """

    reason: Reason | None
    claim: ClaimFact | None
    warning: str = ""


# The steps of the decision that bind an invitation (product rule 30):
# the list and the person, not the policies.
_BINDING = ("address_malformed", "own_name", "person_blocked", "domain_blocked")


def invitability(email: str, at: datetime, *, again: bool = False) -> Invitability:
    """Ask the one decision, and whether the address is taken.

    `again` is for somebody who was invited before.
    """
    facts = facts_about(email, at=at)
    stop = _stop(facts)
    reason = stop and Reason(stop.code, stop.text, field="email", refers_to=stop.refers_to)
    if reason is None and not again:
        reason = taken(facts.known_address)
    return Invitability(reason, facts.claim_of_domain, _warning(facts))


def _stop(facts: Facts) -> Reason | None:
    """Return the step of the decision that forbids an invitation, None where none does."""
    steps = decide(facts).reasons
    return next((step for step in steps if step.code in _BINDING and not step.passed), None)


def require_invitable(email: str, at: datetime, *, again: bool = False) -> ClaimFact | None:
    """The claim that covers the address.

    Raises Refused when the list, the person's state or our own names forbid it.
    """
    answer = invitability(email, at, again=again)
    if answer.reason:
        raise Refused(answer.reason)
    return answer.claim


@dataclass(frozen=True, slots=True)
class InvitationState:
    """An invitation that is neither accepted nor cancelled: why its link does not work now, empty
    while it does.
    """

    invitation: Invitation
    why_not: str = ""


def invitation_state(
    person: Person, invitation: Invitation | None, at: datetime
) -> InvitationState | None:
    """Ask whether the link still works (product rule 30), and say what to do where it does not.

    At most one statement.

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
    """Why the list, our own domains or a block keep somebody from accepting an invitation now;
    empty when nothing does.
    """
    if person.is_member:
        reason = shut_out(canonical_email(person.email))
    else:
        reason = invitability(person.email, at, again=True).reason
    return as_sentence(reason.text) if reason else ""


def people_whose_link_works(people: Iterable[Person], at: datetime) -> frozenset[int]:
    """Return the primary keys of those invited whose link works now (product rule 30).

    The same questions as `invitation_state`, for a page of people: two statements, none where
    nobody is invited.
    """
    invited = [each for each in people if each.state == Person.State.INVITED]
    if not invited:
        return frozenset()
    rows = Invitation.objects.filter(person__in=invited, accepted_at=None, cancelled_at=None)
    latest = {row.person_id: row for row in with_blocked_mailbox_of_person(rows).order_by("id")}
    around = context_of_domains({each.domain for each in invited})
    return frozenset(
        each.pk
        for each in invited
        if (row := latest.get(each.pk))
        and row.is_open(at)
        and _is_welcome(each, row.mailbox_is_blocked, around, at)
    )


def _is_welcome(person: Person, is_blocked: bool, around: SponsorContext, at: datetime) -> bool:
    if person.is_member:
        return not is_blocked
    domain = person.domain
    facts = Facts(
        canonical_email(person.email),
        at,
        own_names=around.own_domains,
        person=PersonFact(None, bool(is_blocked)),
        list_rules=around.said.rules_above(domain),
        list_default=around.said.default,
    )
    return _stop(facts) is None


def working_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation behind a link while it works and the person is welcome; None for every other
    reason alike.
    """
    invitation = open_invitation(token, at)
    return invitation if invitation and not why_not_welcome(invitation.person, at) else None


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The same before the person is asked about, which the action does that accepts it and puts a
    refusal on record.
    """
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
    """Why the person with this address cannot be invited or added once more.

    Who was removed can; nobody of a blocked mailbox can.
    """
    person = Person.objects.filter(email=address.text).exclude(state=Person.State.REMOVED).first()
    if person is None:
        return shut_out(address)
    words = {
        "active": "already has an account",
        "invited": "is already invited. Send the invitation again on the person's page",
        "blocked": "is blocked. Unblock this person on the person's page first",
    }
    return Reason("already_here", f"{address.text} {words[person.state]}", field="email")


def shut_out(address: Address) -> Reason | None:
    """Whether the mailbox is blocked, be it by another of its addresses."""
    blocked = Person.objects.at_mailbox(address.mailbox).blocked().first()
    text = (
        f"{address.mailbox} is blocked through the address {blocked.email}."
        " Unblock this person on the person's page first"
        if blocked
        else ""
    )
    return Reason("person_blocked", text, field="email") if blocked else None


def _warning(facts: Facts) -> str:
    """The genuine name that the address imitates."""
    return "" if facts.address is None or facts.claim else imitation_warning(facts.domain, facts.at)

"""Vouchers: one mailbox counts as an organization's until a day, whatever claims say (product rule
47).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .claims import ClaimFact
from .decision import Reason, refuse
from .domains import guards
from .email_domains import Address
from .values import known_day
from .wording import day_words

PROPOSED, GIVEN, REFUSED, WITHDRAWN, ENDED = "proposed", "given", "refused", "withdrawn", "ended"
VOUCHER_STATES = (PROPOSED, GIVEN, REFUSED, WITHDRAWN, ENDED)
PRESENT = (PROPOSED, GIVEN)
LONGEST_DAYS = 365
REASON_LIMIT = 500
TOLD_BEFORE = timedelta(days=7)  # both sides are told that it ends
SOURCE_KIND = "voucher"  # of the claim that stands for a voucher


@dataclass(frozen=True, slots=True)
class VoucherFact:
    """A voucher in force: whose the mailbox counts as, by whom it was given, and until when."""

    id: str
    mailbox: str
    organization_id: str
    organization_name: str
    organization_state: str
    organization_deleted: bool = False
    given_by: str = ""
    last_day: date = date.max
    passes_default_block: bool = False

    def claim(self, domain: str) -> ClaimFact:
        """Return what decides about belonging in place of every claim: on that mailbox alone."""
        return ClaimFact(
            domain,
            False,
            0,
            SOURCE_KIND,
            self.mailbox,
            self.organization_id,
            self.organization_name,
            self.organization_state,
            self.organization_deleted,
        )


@dataclass(frozen=True, slots=True)
class VouchingFacts:
    """What decides whether an address can have a voucher for an organization.

    `claim` is the claim that covers the address now. `present` says who has a voucher for the
    mailbox, or proposed one, as the name of the organization; "" for nobody.
    """

    address: Address
    organization_id: str
    own_names: frozenset[str] = frozenset()
    is_member: bool = False
    is_blocked: bool = False
    claim: ClaimFact | None = None
    present: str = ""


def why_not_vouchable(facts: VouchingFacts) -> Reason | None:
    """Return why the address cannot have the voucher, None where it can.

    An address that belongs to another organization can: the voucher decides before any claim.
    """
    address, mailbox = facts.address, facts.address.mailbox
    if own := guards.own_name_above(address.domain, facts.own_names):
        return _no("own_name", f"{own} is one of your domains. Its people are members")
    if facts.is_member:
        return _no("is_member", f"{address.text} is a member of your directory")
    if facts.is_blocked:
        return _no("person_blocked", f"The mailbox {mailbox} is blocked. Unblock it first")
    claim = facts.claim
    if claim and claim.organization_id == facts.organization_id:
        text = f"{address.domain} belongs to {claim.organization_name}, so no voucher is needed"
        return _no("belongs_already", text)
    if facts.present:
        text = f"{mailbox} already has a voucher for {facts.present}. Withdraw or refuse it first"
        return _no("vouched_already", text)
    return None


def _no(code: str, text: str) -> Reason:
    return Reason(code, text, field="email")


def known_last_day(day: object, today: date) -> date:
    """Return the last day of a voucher. Raises Refused for none, and for one that is over or more
    than 365 days ahead.
    """
    last_day = known_day(day, field="last_day")
    if last_day is None:
        raise refuse("last_day_missing", "Enter the last day of the voucher", field="last_day")
    latest = today + timedelta(days=LONGEST_DAYS)
    if not today <= last_day <= latest:
        text = f"Enter a day from today to {day_words(latest)}"
        raise refuse("last_day_out_of_bounds", text, field="last_day")
    return last_day

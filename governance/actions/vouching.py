"""Vouching for one address that counts as an organization's until a day (product rule 47)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import get_default_timezone

from ..facts.sponsors.sponsorships import sponsored_by, sponsors_of
from ..facts.vouching import voucher_as_if, why_not
from ..impact import impact_of
from ..impact.vouching import giving, withdrawing
from ..models import Assignment, Organization, Voucher
from ..rules import voucher_messages as messages
from ..rules.access_packages.lifecycle import end_of_day
from ..rules.decision import Ref, Refused, refuse
from ..rules.email_domains import canonical_email
from ..rules.mail import Message
from ..rules.names import clean_long_text
from ..rules.roles import Actor
from ..rules.values import known_flag, known_text
from ..rules.vouching import (
    ENDED,
    GIVEN,
    PROPOSED,
    REASON_LIMIT,
    REFUSED,
    TOLD_BEFORE,
    WITHDRAWN,
    known_last_day,
)
from .access_requests.expiry import each_due
from .action import action, named
from .audit import record
from .confirmation import require_confirmation
from .locks import lock_claims, lock_organization, lock_row
from .mail import write_message


def _about(*, email: str, **_: object) -> Ref:
    return named("voucher", email)


@action("Create voucher", needs="give_voucher", about=_about)
def give_voucher(
    *,
    organization: Organization,
    email: str,
    last_day: date,
    reason: str,
    passes_default_block: bool,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> Voucher:
    """Vouch for an address, once the impact was seen. Raises Refused where it cannot have it."""
    row = _new(organization, email, last_day, reason, at)
    row.passes_default_block = known_flag(passes_default_block, field="passes_default_block")
    require_confirmation(impact_of(giving(row, by.label), at), seen, by=by)
    return _give(row, give_voucher.activity, by, at)


@action("Propose voucher", about=_about)
def propose_voucher(
    *,
    organization: Organization,
    email: str,
    last_day: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> Voucher:
    """Propose a voucher, as a sponsor of the organization who can decide now. It has no effect
    before an administrator gives it.
    """
    lock_claims()
    owner = lock_organization(organization)
    if not can_propose(owner, by, at):
        text = f"Only a sponsor of {owner.name} who can decide requests can propose this"
        raise refuse("not_permitted", text)
    row = _new(organization, email, last_day, reason, at)
    row.state, row.proposed_by, row.proposed_at = PROPOSED, by.label, at
    row.save()
    _record(propose_voucher.activity, row, by, at)
    return row


@action("Approve voucher", needs="give_voucher")
def approve_voucher(
    *,
    voucher: Voucher,
    passes_default_block: bool,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> Voucher:
    """Give a voucher that a sponsor proposed, once the impact was seen."""
    row = _locked(voucher, PROPOSED, at)
    row.passes_default_block = known_flag(passes_default_block, field="passes_default_block")
    lock_organization(row.organization)
    if problem := why_not(canonical_email(row.email), row.organization, besides=row):
        raise Refused(problem)
    known_last_day(row.last_day, _today(at))
    require_confirmation(impact_of(giving(row, by.label), at), seen, by=by)
    return _give(row, approve_voucher.activity, by, at)


@action("Deny voucher", needs="give_voucher")
def refuse_voucher(*, voucher: Voucher, by: Actor, at: datetime) -> Voucher:
    """Refuse a voucher that a sponsor proposed."""
    row = _locked(voucher, PROPOSED, at)
    row.state, row.decided_by, row.decided_at = REFUSED, by.label, at
    row.save()
    _record(refuse_voucher.activity, row, by, at)
    return row


@action("Withdraw voucher", needs="give_voucher")
def withdraw_voucher(
    *, voucher: Voucher, by: Actor, at: datetime, seen: str | None = None
) -> Voucher:
    """Withdraw a voucher, once the impact was seen: claims decide again where the address belongs,
    and access that rests on the voucher ends at the end of the day.
    """
    row = _locked(voucher, GIVEN, at)
    require_confirmation(impact_of(withdrawing(row), at), seen, by=by)
    _cap_access(row, end_of_day(_today(at), get_default_timezone()))
    return _end(row, WITHDRAWN, withdraw_voucher.activity, by, at)


@action("Voucher expired", needs="give_voucher")
def end_voucher(*, voucher: Voucher, by: Actor, at: datetime) -> Voucher:
    """Write down that a voucher is over, which it is when it is read already."""
    row = _locked(voucher, GIVEN, at)
    if at < row.ends_at:
        raise refuse("not_over", "This voucher is not over yet")
    _cap_access(row, row.ends_at)
    return _end(row, ENDED, end_voucher.activity, by, at)


@action("Remind of expiring voucher", needs="give_voucher")
def remind_of_voucher_end(*, voucher: Voucher, by: Actor, at: datetime) -> Voucher:
    """Tell the person, and the sponsors who can decide, that a voucher ends soon."""
    row = _locked(voucher, GIVEN, at)
    fact = voucher_as_if(row, row.decided_by)
    _tell(row.email, messages.ending_for_person(fact), row, at)
    for sponsor in sponsors_of(row.organization, at):
        if sponsor.cannot_decide is None:
            _tell(sponsor.person.email, messages.ending_for_sponsor(fact), row, at)
    row.told_of_end_at = at
    row.save()
    _record(remind_of_voucher_end.activity, row, by, at)
    return row


def end_due_vouchers(by: Actor, at: datetime) -> int:
    """Write down a batch of vouchers that are over. Return how many."""
    due = Voucher.objects.filter(state=GIVEN, ends_at__lte=at)
    return each_due(due, lambda row: end_voucher(voucher=row, by=by, at=at))


def tell_of_ending_vouchers(by: Actor, at: datetime) -> int:
    """Tell of a batch of vouchers that end within a week. Return of how many."""
    due = Voucher.objects.in_force(at).filter(
        ends_at__lte=at + TOLD_BEFORE, told_of_end_at__isnull=True
    )
    return each_due(due, lambda row: remind_of_voucher_end(voucher=row, by=by, at=at))


def can_propose(organization: Organization, by: Actor, at: datetime) -> bool:
    """Return whether they are a sponsor of the organization who can decide now (rule 37)."""
    return by.person_id is not None and any(
        row.organization.pk == organization.pk and row.cannot_decide is None
        for row in sponsored_by(by.person_id, at)
    )


def _new(
    organization: Organization, email: str, last_day: date, reason: str, at: datetime
) -> Voucher:
    """The voucher, not saved. Raises Refused for what it cannot be."""
    lock_claims()
    owner = lock_organization(organization)
    address = canonical_email(known_text(email, field="email"))
    day = known_last_day(last_day, _today(at))
    why = clean_long_text(reason, REASON_LIMIT, field="reason", called="Reason")
    if not why:
        raise refuse("reason_missing", "Enter a reason", field="reason")
    if problem := why_not(address, owner):
        raise Refused(problem)
    return Voucher(
        organization=owner,
        email=address.text,
        mailbox=address.mailbox,
        reason=why,
        last_day=day,
        ends_at=end_of_day(day, get_default_timezone()),
    )


def _give(row: Voucher, activity: str, by: Actor, at: datetime) -> Voucher:
    row.state, row.decided_by, row.decided_at = GIVEN, by.label, at
    row.save()
    _record(activity, row, by, at)
    _tell(row.email, messages.given_to_person(voucher_as_if(row, by.label)), row, at)
    return row


def _end(row: Voucher, state: str, activity: str, by: Actor, at: datetime) -> Voucher:
    row.state, row.ended_by, row.ended_at = state, by.label, at
    row.save()
    _record(activity, row, by, at)
    return row


def _cap_access(row: Voucher, ends_at: datetime) -> None:
    """Let access that rests on the voucher end then at the latest."""
    rests = Assignment.objects.select_for_update().present().filter(mailbox=row.mailbox)
    rests = rests.filter(organization=row.organization, created_at__gte=row.decided_at)
    rests.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=ends_at)).update(ends_at=ends_at)


def _locked(voucher: Voucher, state: str, at: datetime) -> Voucher:
    """The voucher as it is now. Raises Refused where it is in another state, with who did that."""
    lock_claims()
    row = lock_row(voucher, "voucher_gone")
    if row.state != state:
        who = row.ended_by or row.decided_by or row.proposed_by
        text = f"This voucher is not {state} any more: {row.get_state_display().lower()} ({who})"
        raise refuse("voucher_changed", text)
    return row


def _today(at: datetime) -> date:
    return at.astimezone(get_default_timezone()).date()


def _tell(to: str, message: Message, row: Voucher, at: datetime) -> None:
    write_message(to=to, message=message, at=at, about=f"voucher:{row.uuid}")


def _record(activity: str, row: Voucher, by: Actor, at: datetime) -> None:
    record(
        activity,
        by=by,
        at=at,
        target=row,
        organization=row.organization,
        after={
            "email": row.email,
            "state": row.get_state_display(),
            "until": row.last_day,
            "passes the default block": row.passes_default_block,
        },
        reason=row.reason,
    )

"""What mails say about vouchers (product rule 47)."""

from __future__ import annotations

from .mail import Message
from .vouching import VoucherFact
from .wording import day_words


def given_to_person(voucher: VoucherFact) -> Message:
    """Tell the person that somebody vouched for their address."""
    name, until = voucher.organization_name, day_words(voucher.last_day)
    return Message(
        f"Your address counts as {name}'s until {until}",
        (
            f"{voucher.given_by} vouched for {voucher.mailbox}."
            f" Until {until} you can request access as somebody who works for {name}.",
        ),
        link="/my-access/",
        link_label="Open My Access",
    )


def ending_for_person(voucher: VoucherFact) -> Message:
    """Tell the person a week before that their voucher ends."""
    name, until = voucher.organization_name, day_words(voucher.last_day)
    return Message(
        f"Your address counts as {name}'s only until {until}",
        (
            f"The voucher for {voucher.mailbox} ends on {until}."
            " Access that rests on it ends at the end of that day.",
            f"If you still work for {name} then, ask a sponsor of {name} to vouch for you again.",
        ),
        link="/my-access/",
        link_label="Open My Access",
    )


def ending_for_sponsor(voucher: VoucherFact) -> Message:
    """Tell a sponsor of the organization a week before that a voucher ends."""
    name, until = voucher.organization_name, day_words(voucher.last_day)
    return Message(
        f"The voucher for {voucher.mailbox} ends on {until}",
        (
            f"{voucher.mailbox} counts as {name}'s until {until}. Access that rests on the voucher"
            " ends at the end of that day.",
            "If this person works for the organization for longer, ask an administrator to give a"
            " new voucher after that day.",
        ),
    )

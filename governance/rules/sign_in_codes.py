"""One-time codes by email: what a code looks like, how long it works, and how many can be requested
(product rule 34).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from .decision import Refused, refuse
from .mail import Message
from .values import known_text

# Capital letters and digits that nobody takes for one another: no O and 0, no I and 1.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
LASTS = timedelta(minutes=10)
TRIES = 5
LONGEST_TYPED = 100  # what is longer is no code with spaces

# How many codes can be requested within WINDOW. Somebody else who requests codes for a mailbox
# reaches the first limit in their own network alone.
WINDOW = timedelta(minutes=10)
MOST_FOR_MAILBOX_FROM_NETWORK = 5
MOST_FOR_MAILBOX = 20
MOST_FROM_NETWORK = 40

CODE_OVER = "This code no longer works. Send another code"
_BETWEEN = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u200b\ufeff"))


@dataclass(frozen=True, slots=True)
class Requested:
    """How many codes were requested within WINDOW: for a mailbox, from a network, and both."""

    for_mailbox: int
    from_network: int
    for_mailbox_from_network: int


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code of characters that `choose` takes from the alphabet by chance."""
    return "".join(choose(ALPHABET) for _ in range(LENGTH))


def readable_code(code: str) -> str:
    """Return the code in two groups, as it is written in an email."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def clean_code(typed: object) -> str:
    """Return what was typed as a code is compared: capitals, without spaces and hyphens.

    Raises Refused (field "code") for what no code can be.
    """
    text = known_text(typed, field="code")
    code = "".join(text[:LONGEST_TYPED].translate(_BETWEEN).upper().split())
    if not code:
        raise refuse("code_missing", "Enter the code from the email", field="code")
    if len(code) != LENGTH or len(text) > LONGEST_TYPED:
        words = f"The code has {LENGTH} letters and digits. Enter it as it is in the email"
        raise refuse("code_malformed", words, field="code")
    if any(character not in ALPHABET for character in code):
        words = "A code has only letters and digits, and never O, 0, I or 1"
        raise refuse("code_malformed", words, field="code")
    return code


def code_hash(token: str, code: str) -> str:
    """Return what is kept of a code: without the token, which only the browser has, nobody who
    reads the tables can try all codes.
    """
    return hashlib.sha256(f"{token}:{code}".encode()).hexdigest()


def network_of(ip: str) -> str:
    """Return the network that codes are counted by: an IPv4 address, the /64 of an IPv6 address."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False))
    return str(address)


def too_many(requested: Requested) -> Refused | None:
    """Return why no code is sent now; None where one is. It asks nothing about who has the
    mailbox.
    """
    minutes = int(WINDOW.total_seconds()) // 60
    if requested.from_network >= MOST_FROM_NETWORK:
        text = f"Too many codes were requested from your network. Try again in {minutes} minutes"
        return refuse("too_many_codes", text, field="email")
    if (
        requested.for_mailbox_from_network >= MOST_FOR_MAILBOX_FROM_NETWORK
        or requested.for_mailbox >= MOST_FOR_MAILBOX
    ):
        text = f"Too many codes were requested for this address. Try again in {minutes} minutes"
        return refuse("too_many_codes", text, field="email")
    return None


def wrong_code(tries_left: int) -> Refused:
    """Return the refusal of a code that is not the one in the email."""
    if tries_left <= 0:
        return refuse("code_wrong", "This code is not correct. Send another code", field="code")
    more = "1 more try" if tries_left == 1 else f"{tries_left} more tries"
    text = f"This code is not correct. Check the latest email. You have {more}"
    return refuse("code_wrong", text, field="code")


def code_message(code: str) -> Message:
    """Return the mail with a code, as it is written in two groups."""
    return Message(
        "Your sign-in code for Harbourgate",
        (
            "Your sign-in code is:",
            code,
            "It works once, for 10 minutes, in the browser where you requested it.",
        ),
        closing="Never give it to anybody. If you did not request it, ignore this email.",
    )


def sign_in_with_password() -> Message:
    """Return the mail for a member of our directory, whom no code signs in."""
    return Message(
        "Sign in to Harbourgate",
        (
            "Somebody entered your email address on My Access to get a sign-in code.",
            "You have an account with a password, so you do not need a code.",
        ),
        link="/accounts/login/?next=/my-access/",
        link_label="Sign in with your password",
        closing="If this was not you, ignore this email.",
    )

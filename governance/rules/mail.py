"""What becomes of a mail that the portal wrote, and to what address it can be written."""

from __future__ import annotations

from dataclasses import dataclass

from .decision import refuse
from .email_domains import ADDRESS_LIMIT
from .values import known_text


@dataclass(frozen=True, slots=True)
class Message:
    """What a mail says, before it is written as text and as HTML.

    `facts` are pairs of a label and a value; `link` is a path of the portal.
    """

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    link_label: str = ""
    closing: str = ""


STATES = ("waiting", "sent", "kept", "failed")


def mailable(address: object) -> str:
    """Return the address, which may be nobody's, if it is one that a mail can go to."""
    text = known_text(address, field="email")
    if len(text) > ADDRESS_LIMIT:
        why = f"An email address can have at most {ADDRESS_LIMIT} characters"
        raise refuse("address_malformed", why, field="email")
    return text

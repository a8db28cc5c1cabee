"""What a mail says, what becomes of it, and to what address it can be written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from .decision import refuse
from .email_domains import ADDRESS_LIMIT
from .values import known_text

STATES = ("waiting", "sent", "kept", "failed", "cancelled")
SUBJECT_LIMIT = 200
# Controls of direction make a text read otherwise than it is written.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Message:
    """What a mail says, in plain text and in HTML.

    `facts` are pairs of a label and a value. `link` is a path of the portal, such as
    "/approvals/<uuid>/", and `link_label` says what happens there. `closing` comes last.
    """

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    link_label: str = ""
    closing: str = ""


def mailable(address: object) -> str:
    """Return the address, which may be nobody's, if it is one that a mail can go to."""
    text = known_text(address, field="email")
    if len(text) > ADDRESS_LIMIT:
        why = f"An email address can have at most {ADDRESS_LIMIT} characters"
        raise refuse("address_malformed", why, field="email")
    return text


def subject_line(subject: str) -> str:
    """Return the subject as one line that a header can carry."""
    return " ".join(mail_text(subject).split())[:SUBJECT_LIMIT]


def mail_text(text: str) -> str:
    """Return text as a mail shows it: lines, without other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_shown(character) for character in lines)


def absolute_link(message: Message, origin: str) -> str:
    """Return the address of the page that the message leads to, "" where it leads to none."""
    return f"{origin}{message.link}" if message.link else ""


def message_text(message: Message, origin: str) -> str:
    """Return the message as plain text, with its link at the portal's `origin`."""
    facts = "\n".join(_fact_line(label, value) for label, value in message.facts)
    target = absolute_link(message, origin)
    link = f"{message.link_label}:\n{target}" if target and message.link_label else target
    parts = (*message.paragraphs, facts, link, message.closing)
    return "\n\n".join(mail_text(part) for part in parts if part) + "\n"


def message_from_text(subject: str, body: str, link: str, origin: str) -> Message:
    """Return a message that says what a plain text says, a paragraph each.

    The paragraph that ends with `link`, a path of the portal at `origin`, becomes the link.
    """
    paragraphs = tuple(part.strip("\n") for part in body.split("\n\n") if part.strip())
    ends = [part.rpartition("\n")[2] == f"{origin}{link}" for part in paragraphs]
    if not link or True not in ends:
        return Message(subject, paragraphs)
    place = ends.index(True)
    return Message(
        subject,
        paragraphs[:place],
        link=link,
        link_label=paragraphs[place].rpartition("\n")[0].rstrip(":"),
        closing="\n\n".join(paragraphs[place + 1 :]),
    )


def _fact_line(label: str, value: str) -> str:
    """Indent the further lines of a value, so that none reads as a fact of its own."""
    return f"{label}: {value}".replace("\n", "\n    ")


def _shown(character: str) -> str:
    if character in _BIDI_CONTROLS:
        return ""
    is_control = unicodedata.category(character) in _CONTROLS
    return " " if is_control and character not in "\n\t" else character

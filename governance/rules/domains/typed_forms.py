"""The forms in which people type one domain or address, and the sentences that ask for it by
itself.

Knows only how a text looks; what a domain or an address is, and what it is called, email_domains
says.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..decision import Reason

ENTER_ONLY = "Enter only the domain: {}"
SEARCH_INSTEAD = "Search for {} instead?"

_WILDCARD = re.compile(r"(?:[*＊]?[@＠])?(?:[*＊]?[.．。｡])?")
_INNER_DOT = re.compile(r"[^\s.][.．。｡][^\s.]")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAILBOX = re.compile(r"(?:mailto:)?[^@＠*＊\s][^@＠]*[@＠]", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;]+")
_AROUND_AN_ADDRESS = re.compile(r"(?:.*<(?:mailto:)?|mailto:)([^<>\s]+@[^<>\s]+?)>?", re.I | re.S)


def without_wildcard(text: str) -> tuple[str, bool]:
    """Return what follows a leading `@`, `*.`, `.` or `*@`, and whether one of them was there.

    Each of them means "including subdomains", whatever is chosen beside it.
    """
    text = text.strip()
    found = _WILDCARD.match(text)
    end = found.end() if found else 0
    return text[end:], end > 0


def has_inner_dot(text: str) -> bool:
    """Return whether a text has a dot between two characters, as every whole domain has."""
    return bool(_INNER_DOT.search(text))


def is_link(text: str) -> bool:
    """Return whether the text is a web address."""
    return bool(_LINK.match(text))


def has_mailbox(text: str) -> bool:
    """Return whether somebody's mailbox is named, as in bob@partner.example or a mailto: link."""
    return not is_link(text) and bool(_MAILBOX.match(text))


def are_several(text: str, *, addresses: bool = False) -> bool:
    """Return whether a text is a list of domains, or of addresses, where one was asked for."""
    parts = [part for part in _SEPARATORS.split(text) if part]
    alike = all(has_inner_dot(part) and has_mailbox(part) is addresses for part in parts)
    return len(parts) > 1 and alike


def address_within(text: str) -> str:
    """Return the address in `Lea Sommer <lea@partner.example>` or a mailto: link;
    "" in all else.
    """
    found = _AROUND_AN_ADDRESS.fullmatch(text.strip())
    return found[1] if found else ""


def readable(text: str, length: int = 80) -> str:
    """Return the beginning of what was typed,
    without characters that turn or hide the rest of it.
    """
    return "".join(character if character.isprintable() else "�" for character in text[:length])


def offering_search(reason: Reason) -> Reason:
    """Return the refusal of a link or an address in the words of a page that has a search."""
    if reason.refers_to is None:
        return reason
    host = reason.refers_to.key
    said = reason.text.removesuffix(ENTER_ONLY.format(host))
    return replace(reason, text=said + SEARCH_INSTEAD.format(host))

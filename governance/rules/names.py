"""Names and descriptions that people give to organizations,
packages and people (product rule 6).
"""

from __future__ import annotations

import unicodedata

from .decision import Refused, refuse
from .values import known_text

NAME_LIMIT = 200
DESCRIPTION_LIMIT = 500
UNIT_LIMIT = 200
KEY_LIMIT = 800  # of the folded name: one character can stand for eighteen
SIGNED_BY_THE_PORTAL = ("system", "demo data")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogate, private-use, unassigned


def clean_name(text: str, *, field: str = "name") -> str:
    """The name trimmed, with single spaces, in NFC.

    Raises Refused when it is empty, too long, unreadable or punctuation only.
    """
    unseen = _first_unseen(known_text(text, field=field).strip())
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise refuse("name_missing", "Enter a name", field=field)
    if unseen:
        raise _unseen_character("Name", unseen, field)
    if len(name) > NAME_LIMIT:
        raise refuse(
            "name_too_long",
            f"Name must be {NAME_LIMIT} characters or fewer (now {len(name)})",
            field=field,
        )
    if not any(unicodedata.category(character)[0] in "LN" for character in name):
        raise refuse(
            "name_without_letter", "Name must have at least one letter or digit", field=field
        )
    if len(name_key(name)) > KEY_LIMIT:
        raise refuse(
            "name_too_long", "Name is too long once its ligatures are written out", field=field
        )
    return name


def clean_person_name(text: str, *, field: str = "name") -> str:
    """A person's name, which is none that the portal itself signs with in the audit log."""
    name = clean_name(text, field=field)
    if name_key(name) in SIGNED_BY_THE_PORTAL:
        raise refuse(
            "name_reserved",
            f"{name} is reserved for the portal itself. Enter the person's own name",
            field=field,
        )
    return name


def clean_description(text: str, *, field: str = "description", called: str = "Description") -> str:
    """The description trimmed, with line breaks kept.

    Raises Refused when it is too long or has characters nobody can see.
    """
    return clean_long_text(text, DESCRIPTION_LIMIT, field=field, called=called)


def clean_long_text(text: object, limit: int, *, field: str, called: str) -> str:
    """Return the text trimmed, in NFC, with line breaks kept; it may be empty.

    Raises Refused when it has more than `limit` characters, or some that nobody can see.
    """
    typed = known_text(text, field=field).replace("\r\n", "\n")
    clean = unicodedata.normalize("NFC", typed).strip()
    if unseen := _first_unseen(clean.replace("\n", "").replace("\t", "")):
        raise _unseen_character(called, unseen, field)
    return _short_enough(clean, limit, field, called, code="description_too_long")


def clean_line(text: object, limit: int, *, field: str, called: str) -> str:
    """Return the text on one line, with single spaces, in NFC; it may be empty.

    Raises Refused when it has more than `limit` characters, or some that nobody can see.
    """
    unseen = _first_unseen(known_text(text, field=field).strip())
    line = " ".join(unicodedata.normalize("NFC", known_text(text, field=field)).split())
    if unseen:
        raise _unseen_character(called, unseen, field)
    return _short_enough(line, limit, field, called, code=f"{field.rpartition('-')[2]}_too_long")


def _short_enough(text: str, limit: int, field: str, called: str, *, code: str) -> str:
    if len(text) > limit:
        what = f"{called} must be {limit:,} characters or fewer (now {len(text):,})"
        raise refuse(code, what, field=field)
    return text


def clean_unit(text: str, *, field: str = "unit") -> str:
    """A person's department or team: one line, which may be empty."""
    return clean_line(text, UNIT_LIMIT, field=field, called="Unit")


def name_from_address(local: str, whole: str) -> str:
    """What to call somebody of whom only the address is known: the part before the @ if it reads as
    a name, else all of it.
    """
    reads_as_a_name = (
        any(character.isalnum() for character in local) and local not in SIGNED_BY_THE_PORTAL
    )
    return (local if reads_as_a_name else whole)[:NAME_LIMIT]


def name_key(name: str) -> str:
    """Equal for names that people would call the same: NFKC, casefolded, single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def _first_unseen(text: str) -> str:
    return next((character for character in text if unicodedata.category(character) in _UNSEEN), "")


def _unseen_character(what: str, character: str, field: str) -> Refused:
    known_as = unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"
    return refuse(
        "unseen_character",
        f"{what} has a character that cannot be seen ({known_as}). Remove it",
        field=field,
    )

"""Which alphabet a character belongs to, as far as telling mixed names needs it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from .. import email_domains

# Alphabets that are written together: one name may use all of a line.
_TOGETHER = (
    {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"},
    {"CJK", "HANGUL", "IDEOGRAPHIC"},
    {"CJK", "BOPOMOFO", "IDEOGRAPHIC"},
)
_OF_NO_SCRIPT = {"COMBINING", "VARIATION"}


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """The first word of the character's Unicode name ("LATIN", "CYRILLIC", "CJK"); "" for ASCII
    digits, hyphens and shared accents.

    A character that this Python does not know is of the script "UNKNOWN", which mixes with none.
    """
    if (
        unicodedata.category(character)[0] not in "LMNC"
        or character.isascii()
        and not character.isalpha()
    ):
        return ""
    words = unicodedata.name(character, "UNKNOWN").removeprefix("EXTENDED ").split()
    script = words[0].partition("-")[0]
    return "" if script in _OF_NO_SCRIPT or words[0] == "ZERO" else script


def scripts_of(label: str) -> set[str]:
    """Return the scripts of the letters of a label."""
    return {script for character in label if (script := script_of(character))}


def mixes(name: str) -> bool:
    """Whether alphabets that are not written together stand in one label of the name in Unicode."""
    return any(_label_mixes(label) for label in email_domains.labels(name))


def _label_mixes(label: str) -> bool:
    found = scripts_of(label)
    return len(found) > 1 and not any(found <= family for family in _TOGETHER)

"""What a character resembles: Unicode's table of confusables (UTS 39) and, for warnings, what a
hasty reader takes for one letter.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "confusables_2026_09.txt"
_DIGITS_FOR_LETTERS = str.maketrans("0123456789", "olzeasgtbg")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(text: str) -> str:
    """Unicode's own skeleton: equal for two texts that look the same. Keeps case and accents."""
    prototypes = _prototypes()
    plain = "".join(
        prototypes.get(character, character) for character in unicodedata.normalize("NFD", text)
    )
    return unicodedata.normalize("NFD", plain)


def letters(text: str, *, of_capitals: bool = False) -> str:
    """The plain letters that lower-case text is hastily read as: no accents, no hyphens, letters
    for digits.

    `of_capitals` reads those that resemble something else as capitals: a Greek nu looks like v, its
    capital like N.
    """
    plain = (
        text
        if text.isascii()
        else "".join(
            _letter(character, of_capitals) for character in unicodedata.normalize("NFKD", text)
        )
    )
    return plain.translate(_DIGITS_FOR_LETTERS).replace("-", "")


def fold_pairs(plain: str) -> str:
    """One letter for pairs that run together (rn is read as m), and one for i and l."""
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain.replace("l", "i")


@lru_cache(maxsize=8192)
def _letter(character: str, of_capitals: bool) -> str:
    """The plain letters for one character; itself where it resembles none, "" for accents."""
    if character.isascii():
        return character
    wanted = (character.upper(), character) if of_capitals else (character, character.upper())
    for candidate in wanted:
        plain = _without_marks(skeleton(candidate)).lower()
        if plain.isascii() and plain.isalnum():
            return plain
    return _without_marks(skeleton(character))


def _without_marks(text: str) -> str:
    return "".join(
        character for character in text if not unicodedata.category(character).startswith("M")
    )


@lru_cache(maxsize=1)
def _prototypes() -> dict[str, str]:
    lines = (
        line.split()
        for line in _TABLE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    table = {_text(codes[:1]): _text(codes[1:]) for codes in lines}
    # Unicode takes 0, 1, I and m for other ASCII characters;
    # here they stand for themselves and are folded where warnings need it.
    return {
        character: prototype for character, prototype in table.items() if not character.isascii()
    }


def _text(codes: list[str]) -> str:
    return "".join(chr(int(code, 16)) for code in codes)

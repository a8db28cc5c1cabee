"""Names that imitate another: letters that look alike, digits for letters, hyphens, one letter off
(product rule 12).

Two names are never treated as equal because they look alike; people are warned, with both names
shown.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache

from .. import email_domains
from . import confusables, public_suffix, scripts

SHORTEST_FOR_EDITS = 5  # two four-letter names that differ in one letter are two names


def display_domain(name: str) -> str:
    """The canonical name as people may read it: in Unicode, unless a label of it mixes alphabets or
    passes for plain letters.
    """
    text = email_domains.ulabels(name)
    return name if scripts.mixes(text) or _passes_for_plain(text) else text


def mixes_scripts(name: str) -> bool:
    """Return whether a label of the domain has letters of several scripts."""
    return scripts.mixes(email_domains.ulabels(name))


def look_alike_skeleton(name: str) -> str:
    """Equal for names whose owners' names look alike to a hasty reader.

    Whatever stands beneath the registrable name is left out.
    """
    own, suffix = _own_and_suffix(name)
    return f"{confusables.fold_pairs(confusables.letters(own))}.{_folded(suffix)}"


@lru_cache(maxsize=256)
def neighbouring_skeletons(name: str) -> frozenset[str]:
    """Skeletons of `name` and of names one letter off in the registrable part: what to ask an index
    for, some 500 strings.
    """
    own, suffix = _own_and_suffix(name)
    readings = {confusables.letters(own), confusables.letters(own, of_capitals=True)}
    words = set().union(*(_with_one_letter_off(reading) for reading in readings))
    ending = _folded(suffix)
    return frozenset(f"{confusables.fold_pairs(word)}.{ending}" for word in words)


def look_alike(name: str, known: Iterable[str]) -> str | None:
    """The first of the known names, in the order given, that `name` imitates; never itself, nor a
    name of the same owner.
    """
    wanted = neighbouring_skeletons(name)
    mine = _owners_name(name)
    others = (other for other in known if _owners_name(other) != mine)
    return next((other for other in others if look_alike_skeleton(other) in wanted), None)


def _owners_name(name: str) -> str:
    """What its owner registered; a suffix is its own. fabrikam.example cannot imitate
    eng.fabrikam.example.
    """
    return public_suffix.registrable_domain(name) or name


def _own_and_suffix(name: str) -> tuple[str, str]:
    """The label that its owner chose, and what stands after it, both in Unicode."""
    own, *suffix = email_domains.labels(email_domains.ulabels(_owners_name(name)))
    return own, ".".join(suffix)


@lru_cache(maxsize=4096)
def _folded(suffix: str) -> str:
    return ".".join(
        confusables.fold_pairs(confusables.letters(label)) for label in email_domains.labels(suffix)
    )


def _with_one_letter_off(word: str) -> set[str]:
    if len(word) < SHORTEST_FOR_EDITS:
        return {word}
    gaps = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    shorter = {left + right[1:] for left, right in gaps if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in gaps if len(right) > 1}
    replaced = {
        left + letter + right[1:]
        for left, right in gaps
        if right
        for letter in string.ascii_lowercase
    }
    longer = {left + letter + right for left, right in gaps for letter in string.ascii_lowercase}
    return {word} | shorter | swapped | replaced | longer


def _passes_for_plain(text: str) -> bool:
    """Whether a label of another alphabet looks the same as one of plain ASCII letters, as a name
    whole in Cyrillic can.
    """
    others = (
        label
        for label in email_domains.labels(text)
        if not label.isascii() and scripts.scripts_of(label) != {"LATIN"}
    )
    return any(confusables.skeleton(label).isascii() for label in others)

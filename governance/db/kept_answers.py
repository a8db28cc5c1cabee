"""Answers that are kept in a process for as long as nothing is changed (docs/decisions, kept
numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 500  # answers of about 2 kB
_kept: dict[Hashable, Any] = {}


def kept_answer(version: str, question: Hashable, ask: Callable[[], tuple[str, T]]) -> T:
    """Return the answer to the question about data of that version.

    Where it is not known, `ask` returns it with the version of the data that it was read from. The
    question has to say everything that decides about the answer, the data apart.
    """
    key = version, question
    if key in (kept := _kept):
        return kept[key]
    read_from, answer = ask()
    _keep((read_from, question), answer)
    return answer


def _keep(key: Hashable, answer: object) -> None:
    """A full table is replaced and not emptied, since another thread may be reading in it."""
    global _kept
    if len(_kept) >= _MOST:
        _kept = {}
    _kept[key] = answer

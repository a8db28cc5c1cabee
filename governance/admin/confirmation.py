"""What came of an attempt to save or delete on the admin site, and what is shown before it is
done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest

from ..impact import Impact
from ..impact.sentences import Line
from ..rules.decision import Refused
from ..rules.fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class Notice:
    """Lines to read, none when it changes nothing for anybody; `fingerprint` comes back with the
    second press: of the warnings, and after a hyphen what the action wants to have been seen.
    """

    lines: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt: it is done, or `notice` has to be read first, or it was refused."""

    is_done: bool = False
    notice: Notice = Notice()
    refusal: Refused | None = None


class Seen(NamedTuple):
    """The fingerprints of the warnings and of the impact that somebody has read."""

    warnings: str
    impact: str


def notice(warnings: Iterable[str], impact: Impact | None, expected: str) -> Notice:
    """Return what has to be seen: warnings about what was typed, and the impact of saving it."""
    warnings = tuple(warnings)
    lines = (*warnings, *(_text(line) for line in (impact.lines if impact else ())))
    return Notice(lines, f"{warnings_fingerprint(warnings)}-{expected}" if lines else "")


def warnings_fingerprint(warnings: Iterable[str]) -> str:
    """Return a text that is equal for equal warnings, and empty for none."""
    warnings = tuple(warnings)
    return fingerprint(warnings) if warnings else ""


def seen(request: HttpRequest) -> Seen:
    """Return what was seen, as the page's hidden field sent it back."""
    warnings, _, impact = request.POST.get("_seen", "").partition("-")
    return Seen(warnings, impact)


def _text(line: Line) -> str:
    return f"{line.text} ({', '.join(line.names)})" if line.names else line.text

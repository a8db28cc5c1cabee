"""What a save or a deletion would do, as it is shown on the admin site before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..impact import Impact
from ..impact.sentences import Line
from ..rules.fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class Notice:
    """Lines to read, none when it changes nothing for anybody; `fingerprint` comes back with the
    second press: of the warnings, and after a hyphen what the action wants to have been seen.
    """

    lines: tuple[str, ...] = ()
    fingerprint: str = ""


class NoticeRequired(Exception):
    """Raised after something was saved whose warnings were not shown yet: its transaction is undone
    and the page asks again.
    """


def notice(warnings: Iterable[str], impact: Impact | None, expected: str) -> Notice:
    """Return what has to be seen: warnings about what was typed, and the impact of saving it."""
    warnings = tuple(warnings)
    lines = (*warnings, *(_text(line) for line in (impact.lines if impact else ())))
    return Notice(lines, f"{warnings_fingerprint(warnings)}-{expected}" if lines else "")


def warnings_fingerprint(warnings: Iterable[str]) -> str:
    """Return a text that is equal for equal warnings, and empty for none."""
    warnings = tuple(warnings)
    return fingerprint(warnings) if warnings else ""


def seen_parts(posted: str) -> tuple[str, str]:
    """Return what was seen of the warnings and of the impact, as a form posts it."""
    warnings, _, impact = posted.partition("-")
    return warnings, impact


def _text(line: Line) -> str:
    return f"{line.text} ({', '.join(line.names)})" if line.names else line.text

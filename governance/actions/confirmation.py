"""Show first, then save: an action that has an impact on others is done once that impact was seen.

Every action that can have one calls `require_confirmation` under its locks and before its first
write. The page shows the impact with its fingerprint, and sends the fingerprint back as `seen`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..impact import Impact
from ..rules.decision import Reason, Refused
from ..rules.fingerprints import fingerprint
from ..rules.roles import Actor

_confirmed = ContextVar("confirmed", default=False)
_FIRST = "Nothing is saved yet. Review the impact, then save again."
_CHANGED = "The impact changed while you were reviewing. Review it again, then save."


class ConfirmationRequired(Refused):
    """Nothing was saved: `impact` has to be seen first, and `seen` to be sent with the next
    attempt.

    `is_stale`: another impact was seen than the one that it has now.
    """

    def __init__(self, impact: Impact, expected: str, *, is_stale: bool):
        code = "effect_changed" if is_stale else "confirmation_required"
        super().__init__(Reason(code, _CHANGED if is_stale else _FIRST))
        self.impact, self.expected, self.is_stale = impact, expected, is_stale


def require_confirmation(impact: Impact, seen: str | None, *, by: Actor, answers: str = "") -> None:
    """Raise ConfirmationRequired unless this very impact was seen (product rule 14).

    `answers` is a fingerprint of what would be saved, where that was put together over several
    pages. The system needs no confirmation unless it says what it saw; a person always does. What
    happens inside an action that was confirmed as a whole is confirmed.
    """
    if _confirmed.get() or seen is None and by.person_id is None:
        return
    expected = expected_confirmation(impact, answers)
    if (seen or "") != expected:
        raise ConfirmationRequired(impact, expected, is_stale=bool(seen))


def expected_confirmation(impact: Impact, answers: str = "") -> str:
    """Return what `seen` has to be: empty when nothing has to be seen."""
    return fingerprint((answers, impact.fingerprint)) if answers else impact.fingerprint


@contextmanager
def confirmed_as_a_whole() -> Iterator[None]:
    """Let the actions inside go on without a confirmation of their own."""
    token = _confirmed.set(True)
    try:
        yield
    finally:
        _confirmed.reset(token)

"""Show first, then save:
how a page asks an action for its impact, and shows it until it was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ..actions.confirmation import ConfirmationRequired, expected_confirmation
from ..impact import Change, Impact, impact_of
from ..rules.decision import Refused
from .access import actor_of


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of pressing a button: done with a `result`, or an impact to be seen first, or
    refused.

    `seen` is what the form sends back with the next press; `is_stale`: another impact was seen
    before.
    """

    result: Any = None
    impact: Impact | None = None
    seen: str = ""
    is_stale: bool = False
    refusal: Refused | None = None
    is_asked: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the change is saved."""
        return self.impact is None and self.refusal is None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it: 409 when it is no longer as it was seen."""
        return 409 if self.is_stale or self.refusal else 200


def attempt(request, action: Callable, **given) -> Attempt:
    """Do it if its impact was seen, or if it has none; the action itself decides that."""
    acting = {"by": actor_of(request), "at": timezone.now()}
    try:
        return Attempt(action(**given, **acting, seen=request.POST.get("seen", "")))
    except ConfirmationRequired as question:
        return Attempt(
            impact=question.impact,
            seen=question.expected,
            is_stale=question.is_stale,
            is_asked=True,
        )
    except Refused as refusal:
        return Attempt(refusal=refusal)


def preview(change: Change, answers: str = "", *, refusal: Refused | None = None) -> Attempt:
    """Return what the change would do now, for a page that shows it before anything is pressed."""
    return preview_of(impact_of(change, timezone.now()), answers, refusal=refusal)


def preview_of(impact: Impact, answers: str = "", *, refusal: Refused | None = None) -> Attempt:
    """The same for an impact that is known."""
    return Attempt(impact=impact, seen=expected_confirmation(impact, answers), refusal=refusal)

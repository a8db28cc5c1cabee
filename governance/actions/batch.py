"""Doing several things in one go: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from ..impact import Change, impact_of
from ..rules.roles import Actor
from .action import action, named
from .confirmation import confirmed_as_a_whole, require_confirmation
from .locks import lock_claims


@action("Change several things", about=lambda **_: named("change", "Several changes"))
def run_batch(
    *,
    steps: Iterable[Callable[[], None]],
    changes: Callable[[], Change],
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> None:
    """Call the steps, each of which calls actions, in one transaction, once the impact of all of
    them together was seen. Each action asks its permission and leaves its own event.

    `changes` returns what they change; it is called under the lock of claims.
    """
    lock_claims()
    require_confirmation(impact_of(changes(), at), seen, by=by)
    with confirmed_as_a_whole():
        for step in steps:
            step()

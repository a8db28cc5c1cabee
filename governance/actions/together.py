"""Doing several things in one go: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from ..rules.roles import Actor
from .verb import named, verb


@verb("Change several things", about=lambda **_: named("change", "Several changes"))
def together(*, deeds: Iterable[Callable[[], None]], by: Actor, at: datetime) -> None:
    """Call the deeds, each of which calls actions, in one transaction. Each action asks its permission and leaves its own event."""
    for deed in deeds:
        deed()

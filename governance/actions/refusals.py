"""Putting refused attempts on record that never reached an action."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..rules.decision import Refused, refuse
from ..rules.roles import Actor, sentence_of_who_may
from .audit import record_refusal


def record_not_permitted(*, path: str, permission: str, by: Actor, at: datetime) -> None:
    """Write that somebody without the permission tried to change something at `path`."""
    with transaction.atomic():
        record_refusal(f"Use {path}"[:100], refuse("not_permitted", sentence_of_who_may(permission)), by=by, at=at)


def record_refused(refusal: Refused, *, by: Actor, at: datetime) -> None:
    """Write a refusal again whose event was undone together with the transaction around the action."""
    with transaction.atomic():
        record_refusal(refusal.activity or "Change on the admin site", refusal, by=by, at=at)

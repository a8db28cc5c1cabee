"""Putting refused attempts on record that never reached an action."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..rules.decision import Ref, Refused, refuse
from ..rules.roles import Actor, sentence_of_who_may
from .action import record_refusal_alone
from .audit import record_refusal


def record_not_permitted(*, path: str, permission: str | None, by: Actor, at: datetime) -> None:
    """Write that somebody without the permission (None: nobody has it) tried to change something at
    `path`.
    """
    text = sentence_of_who_may(permission) if permission else "Nobody can do this."
    with transaction.atomic():
        page = Ref("page", "", path)
        record_refusal("Use a page", refuse("not_permitted", text), by=by, at=at, target=page)


def record_refused(refusal: Refused, *, path: str, by: Actor, at: datetime) -> None:
    """Write a refusal again whose event was undone together with the transaction around the action.

    `path` is the page of it.
    """
    if not refusal.activity:
        refusal.activity, refusal.target = "Change on the admin site", Ref("page", "", path)
    record_refusal_alone(refusal, by=by, at=at)

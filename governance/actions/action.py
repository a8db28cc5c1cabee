"""What every action has in common: permission first, one transaction, refusals on record, lost
races told as refusals.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from functools import wraps

from django.db import IntegrityError, transaction
from django.db.models import Model

from ..rules.decision import Ref, Refused, refuse
from ..rules.roles import Actor, sentence_of_who_may
from .audit import events_last, record_refusal

_inside = ContextVar("inside_an_action", default=False)


def action(
    activity: str,
    *,
    needs: str | None = None,
    lost_race: Callable[..., Refused | None] | None = None,
    about: Callable[..., Ref | Model] | None = None,
):
    """Make a function an action named `activity` that takes `by=` (Actor) and `at=` (aware time)
    besides its own keywords.

    `needs` is the permission. `lost_race` is called with the action's keywords after a unique
    constraint stopped it, outside the broken transaction, and answers the Refused that says who
    won. `about` is called with the action's keywords too, and returns what a refusal of an action
    that has no row yet was about (see `named`). An action called by an action joins its
    transaction; the events of all are written at the end.
    """

    def decorate(function):
        @wraps(function)
        def run(**given):
            outermost, token = not _inside.get(), _inside.set(True)
            try:
                return _attempt(function, needs, lost_race, given)
            except Refused as refusal:
                if not refusal.activity:
                    refusal.activity = activity
                    refusal.target = about(**given) if about else _first_row(given)
                if outermost and refusal.code != "confirmation_required":
                    record_refusal_alone(refusal, by=given["by"], at=given["at"])
                raise
            finally:
                _inside.reset(token)

        run.activity = activity
        return run

    return decorate


def named(kind: str, *texts: object) -> Ref:
    """Return what an action is about, as it was typed: there is no row that could say it.

    `kind` is the model's name.
    """
    typed = ", ".join(str(text) for text in texts if text)
    readable = "".join(character if character.isprintable() else "\ufffd" for character in typed)
    return Ref(kind, "", readable or "nothing entered")


def record_refusal_alone(refusal: Refused, *, by: Actor, at: datetime) -> None:
    """Write that it was refused,
    in a transaction of its own after the rollback of what was tried.
    """
    with transaction.atomic():
        record_refusal(refusal.activity, refusal, by=by, at=at, target=refusal.target)


def _attempt(function, needs, lost_race, given):
    if needs and not given["by"].may(needs):
        raise refuse("not_permitted", sentence_of_who_may(needs))
    try:
        with transaction.atomic(), events_last():
            return function(**given)
    except IntegrityError:
        refusal = lost_race(**given) if lost_race else None
        if refusal is None:
            raise
        raise refusal from None


def _first_row(given: dict):
    """The row that the action was about, where it was given one."""
    return next((value for value in given.values() if hasattr(value, "_meta")), None)

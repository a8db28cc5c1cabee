"""What every action has in common: permission first, one transaction, refusals on record, lost
races that end as refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from ..rules.decision import Ref, Refused, refuse
from ..rules.roles import Actor, sentence_of_who_may
from .audit import events_last, record_refusal

P = ParamSpec("P")
Result = TypeVar("Result")
LostRace = Callable[..., Refused | None]
About = Callable[..., Ref | Model]
Allows = Callable[..., bool]

_inside = ContextVar("inside_an_action", default=False)


def action(
    activity: str,
    *,
    needs: str | None = None,
    allows: Allows | None = None,
    lost_race: LostRace | None = None,
    about: About | None = None,
) -> Callable[[Callable[P, Result]], Action[P, Result]]:
    """Make a function an action named `activity` that takes `by=` (Actor) and `at=` (aware time)
    besides its own keywords.

    `needs` is the permission. `allows` is called with the action's keywords where the actor lacks
    it, and may let them act on these rows all the same. `lost_race` is called with them after a
    unique constraint stopped it, outside the broken transaction, and answers the Refused that says
    who won. `about` is called with them too, and returns what a refusal of an action that has no
    row yet was about (see `named`). An action called by an action joins its
    transaction; the events of all are written at the end.
    """

    def decorate(function: Callable[P, Result]) -> Action[P, Result]:
        return Action(function, activity, needs, allows, lost_race, about)

    return decorate


class Action(Generic[P, Result]):
    """A function that `action` has made an action; it is called as the function is."""

    def __init__(
        self,
        function: Callable[P, Result],
        activity: str,
        needs: str | None,
        allows: Allows | None,
        lost_race: LostRace | None,
        about: About | None,
    ):
        update_wrapper(self, function)
        self.activity = activity
        self._function, self._needs, self._allows = function, needs, allows
        self._lost_race, self._about = lost_race, about

    def __call__(self, *args: P.args, **given: P.kwargs) -> Result:
        outermost, token = not _inside.get(), _inside.set(True)
        try:
            return self._attempt(*args, **given)
        except Refused as refusal:
            if not refusal.activity:
                refusal.activity = self.activity
                refusal.target = self._about(**given) if self._about else _first_row(given)
            if outermost and refusal.code != "confirmation_required":
                record_refusal_alone(refusal, by=_actor(given), at=_moment(given))
            raise
        finally:
            _inside.reset(token)

    def _attempt(self, *args: P.args, **given: P.kwargs) -> Result:
        if self._needs and not self._is_permitted(self._needs, given):
            raise refuse("not_permitted", sentence_of_who_may(self._needs))
        try:
            with transaction.atomic(), events_last():
                return self._function(*args, **given)
        except IntegrityError:
            refusal = self._lost_race(**given) if self._lost_race else None
            if refusal is None:
                raise
            raise refusal from None

    def _is_permitted(self, permission: str, given: Mapping[str, object]) -> bool:
        """Return whether the actor holds the permission, or may act on these rows without it."""
        if _actor(given).may(permission):
            return True
        return self._allows is not None and self._allows(**given)


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


def _first_row(given: Mapping[str, object]) -> Model | None:
    """The row that the action was about, where it was given one."""
    return next((value for value in given.values() if isinstance(value, Model)), None)


def _actor(given: Mapping[str, object]) -> Actor:
    """Return who acts."""
    if not isinstance(by := given["by"], Actor):
        raise TypeError("An action is given an Actor as `by`")
    return by


def _moment(given: Mapping[str, object]) -> datetime:
    """Return when they act."""
    if not isinstance(at := given["at"], datetime):
        raise TypeError("An action is given a moment as `at`")
    return at

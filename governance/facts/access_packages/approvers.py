"""People whom the stages of policies name: their names, and whether they can decide."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ...models import Person
from ...rules.access_packages.stages import PARTS, Stage
from ...rules.decision import Reason
from ..sponsors.sponsorships import people_by_key


def names_in(stages: Iterable[Stage]) -> dict[str, str]:
    """Return the names of everybody whom the stages name, by public id. At most one statement."""
    keys = {key for stage in stages for key in stage.everybody_named}
    if not keys:
        return {}
    people = Person.objects.filter(uuid__in=keys).exclude(state=Person.State.REMOVED)
    return {str(person.uuid): str(person) for person in people.only("uuid", "name", "email")}


def approver_problems(stages: Iterable[Stage]) -> list[Reason]:
    """Return why people whom the stages name cannot decide anything, each with the field
    "stage-<number>-<part>". At most one statement.
    """
    stages = tuple(stages)
    keys = {UUID(key) for stage in stages for key in stage.everybody_named}
    found = {str(key): person for key, person in people_by_key(keys).items()}
    return [
        problem
        for number, stage in enumerate(stages, start=1)
        for part in PARTS
        for key in getattr(stage, part)
        if (problem := why_no_approver(found.get(key), f"stage-{number}-{part}"))
    ]


def why_no_approver(person: Person | None, field: str = "") -> Reason | None:
    """Return why the person, read `with_blocked_mailbox`, cannot decide anything now."""
    if person is None or person.state == Person.State.REMOVED:
        text = "One of the people that you chose was removed. Choose again"
        return Reason("approver_gone", text, field=field)
    if person.mailbox_is_blocked:
        text = f"{person} is blocked and cannot decide requests. Choose someone else"
        return Reason("approver_blocked", text, field=field)
    if person.state != Person.State.ACTIVE:
        text = f"{person} has no active account yet and cannot decide requests. Choose someone else"
        return Reason("approver_not_active", text, field=field)
    return None

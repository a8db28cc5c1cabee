"""People whom the stages of policies name: their names, and whether they can decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...models import Person
from ...rules.access_packages.stages import PARTS, Stage
from ...rules.decision import Reason
from ..access_requests.approvers import people_who_can_decide


def people_in(stages: Iterable[Stage]) -> dict[str, Person]:
    """Return everybody whom the stages name, but people who were removed, by public id.

    At most one statement.
    """
    keys = {key for stage in stages for key in stage.everybody_named}
    if not keys:
        return {}
    people = Person.objects.filter(uuid__in=keys).exclude(state=Person.State.REMOVED)
    return {str(person.uuid): person for person in people.only("uuid", "name", "email")}


def names_in(stages: Iterable[Stage]) -> dict[str, str]:
    """Return the names of the same people. At most one statement."""
    return {key: str(person) for key, person in people_in(stages).items()}


def approver_problems(stages: Iterable[Stage], at: datetime) -> list[Reason]:
    """Return why people whom the stages name cannot decide anything, each with the field
    "stage-<number>-<part>". Three statements at most.
    """
    stages = tuple(stages)
    people = people_in(stages)
    cannot = people_who_can_decide(people.values(), at) if people else {}
    return [
        problem
        for number, stage in enumerate(stages, start=1)
        for part in PARTS
        for key in getattr(stage, part)
        if (problem := _problem(people.get(key), cannot, f"stage-{number}-{part}"))
    ]


def _problem(person: Person | None, cannot: dict[int, Reason | None], field: str) -> Reason | None:
    if person is None:
        text = "One of the people that you chose was removed. Choose again"
        return Reason("approver_gone", text, field=field)
    reason = cannot[person.pk]
    return (
        Reason(reason.code, f"{reason.text}. Choose somebody who can decide", field=field)
        if reason
        else None
    )

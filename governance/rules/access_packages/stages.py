"""The stages in which a request is approved: who decides in each, how many of them, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from uuid import UUID

from ..decision import Refused, refuse
from ..values import known_choice, known_flag, known_ids, known_list, known_number

INTERNAL_SPONSORS, EXTERNAL_SPONSORS = "internal_sponsors", "external_sponsors"
NAMED_PEOPLE = "named_people"
APPROVERS = (INTERNAL_SPONSORS, EXTERNAL_SPONSORS, NAMED_PEOPLE)
SPONSORS = (INTERNAL_SPONSORS, EXTERNAL_SPONSORS)
PARTS = ("people", "fallback", "alternates")  # of a stage, that name people
MOST_STAGES = 3
MOST_PEOPLE = 20  # named in one place of a stage
LONGEST_DAYS_TO_DECIDE = 90
SHORTEST_TO_ESCALATE = 4  # days to decide that a stage needs before it can escalate


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of approval.

    `people` decide where `approvers` is "named_people"; `fallback` decides where no sponsor can;
    `alternates` may decide too once `escalates_after` days have passed. All are public ids of
    people. `needed` of the approvers have to approve, within `days`; they are reminded after
    `reminds_after` days (None: never). `needs_reason`: an approval has to say why.
    """

    approvers: str
    people: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    needed: int = 1
    days: int = 14
    reminds_after: int | None = 7
    escalates_after: int | None = None
    needs_reason: bool = False

    @property
    def asks_sponsors(self) -> bool:
        """Return whether sponsors of the organization decide, and not people by name."""
        return self.approvers in SPONSORS

    @property
    def everybody_named(self) -> tuple[str, ...]:
        """Return everybody that the stage names, in whatever part, once each."""
        return tuple(dict.fromkeys((*self.people, *self.fallback, *self.alternates)))


def stages_to_json(stages: Iterable[Stage]) -> list[dict[str, Any]]:
    """Return the stages as they are stored, in a policy and in each request."""
    return [{name: _plain(value) for name, value in asdict(each).items()} for each in stages]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def stages_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Return the stages that `stages_to_json` stored."""
    return tuple(Stage(**{name: _frozen(value) for name, value in each.items()}) for each in stored)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def stages_from_typed(typed: object) -> tuple[Stage, ...]:
    """Return the stages out of JSON that a person typed, with the usual value for what it leaves
    out.

    Raises Refused at the field "stages" where it is no list of stages.
    """
    try:
        return stages_from_json(known_list(typed, field="stages"))
    except (TypeError, AttributeError) as wrong:
        names = ", ".join(field.name for field in fields(Stage))
        text = f"Enter a list of stages, each with some of these values: {names}"
        raise refuse("stages_unknown", text, field="stages") from wrong


def known_stages(stages: object) -> tuple[Stage, ...]:
    """Return the stages if they can be asked.

    Raises Refused for the first that cannot, with the field "stage-<number>-<part>".
    """
    found = known_list(stages, field="stages")
    if not all(isinstance(each, Stage) for each in found):
        raise refuse("stages_unknown", "Enter the stages of the approval", field="stages")
    if len(found) > MOST_STAGES:
        text = f"A policy can have at most {MOST_STAGES} stages of approval"
        raise refuse("too_many_stages", text, field="stages")
    for number, stage in enumerate(found, start=1):
        _require_known(stage, f"stage-{number}")
    if twice := _sponsors_asked_twice(found):
        raise twice
    return tuple(_with_plain_ids(stage) for stage in found)


def _with_plain_ids(stage: Stage) -> Stage:
    """Return the stage with each id in the form in which ids are compared."""
    people, fallback, alternates = (
        tuple(str(UUID(str(key))) for key in getattr(stage, part)) for part in PARTS
    )
    return replace(stage, people=people, fallback=fallback, alternates=alternates)


def _require_known(stage: Stage, prefix: str) -> None:
    known_choice(
        stage.approvers,
        APPROVERS,
        code="approvers_unknown",
        text="Choose who approves",
        field=f"{prefix}-approvers",
    )
    for part in PARTS:
        _require_people(getattr(stage, part), f"{prefix}-{part}")
    _require_days(stage, prefix)
    known_flag(stage.needs_reason, field=f"{prefix}-needs_reason")
    if refusal := _without_approvers(stage, prefix):
        raise refusal


def _require_people(people: object, field: str) -> None:
    keys = known_list(people, field=field)
    known_ids(tuple(_as_id(key) for key in keys), field=field)
    if len(keys) > MOST_PEOPLE:
        raise refuse("too_many_people", f"Choose at most {MOST_PEOPLE} people", field=field)


def _as_id(key: object) -> object:
    try:
        return UUID(key) if isinstance(key, str) else key
    except ValueError:
        return key


def _require_days(stage: Stage, prefix: str) -> None:
    text = f"Enter a number of days from 1 to {LONGEST_DAYS_TO_DECIDE}"
    bounds = {"code": "days_out_of_bounds", "text": text}
    days = known_number(stage.days, 1, LONGEST_DAYS_TO_DECIDE, field=f"{prefix}-days", **bounds)
    earlier = f"Enter a number of days from 1 to {days - 1}, or leave it empty"
    for part in ("reminds_after", "escalates_after"):
        value, field = getattr(stage, part), f"{prefix}-{part}"
        if value is not None:
            known_number(value, 1, days - 1, code="days_out_of_bounds", text=earlier, field=field)
    if stage.escalates_after is not None and days < SHORTEST_TO_ESCALATE:
        text = f"A stage that escalates needs at least {SHORTEST_TO_ESCALATE} days to decide"
        raise refuse("too_short_to_escalate", text, field=f"{prefix}-days")


def _without_approvers(stage: Stage, prefix: str) -> Refused | None:
    most = len(stage.people) if not stage.asks_sponsors else MOST_PEOPLE
    if not stage.asks_sponsors and not stage.people:
        return refuse("no_approvers", "Choose who approves", field=f"{prefix}-people")
    if stage.asks_sponsors and not stage.fallback:
        text = "Choose who decides when the organization has no sponsor who can"
        return refuse("no_fallback", text, field=f"{prefix}-fallback")
    if stage.escalates_after is not None and not stage.alternates:
        text = "Choose who else can decide once the request is escalated"
        return refuse("no_alternates", text, field=f"{prefix}-alternates")
    known_number(
        stage.needed,
        1,
        most,
        code="needed_out_of_bounds",
        text=f"Enter how many have to approve, from 1 to {most}",
        field=f"{prefix}-needed",
    )
    return None


def _sponsors_asked_twice(stages: Iterable[Stage]) -> Refused | None:
    """Each kind of sponsor is asked in one stage only, as nobody decides two (rule 38)."""
    seen: set[str] = set()
    for number, stage in enumerate(stages, start=1):
        if stage.asks_sponsors and stage.approvers in seen:
            text = "Another stage already asks these sponsors. Choose other approvers"
            return refuse("sponsors_twice", text, field=f"stage-{number}-approvers")
        seen.add(stage.approvers)
    return None

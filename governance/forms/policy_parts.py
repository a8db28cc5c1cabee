"""The stages and questions of a policy in a form: fields that are numbered, and buttons that add,
remove and move them.
"""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from ..queries.access_packages.approver_lines import typed_people
from ..rules.access_packages.questions import CHOICE, LONG, MOST_QUESTIONS, SHORT, Question
from ..rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    INTERNAL_SPONSORS,
    LONGEST_DAYS_TO_DECIDE,
    MOST_STAGES,
    NAMED_PEOPLE,
    Stage,
)
from .layout import ChoiceWithHints

MOST = {"stage": MOST_STAGES, "question": MOST_QUESTIONS}
APPROVERS = (
    (INTERNAL_SPONSORS, "Internal sponsors", "Your colleagues who sponsor the organization."),
    (EXTERNAL_SPONSORS, "External sponsors", "People of the organization who sponsor it."),
    (NAMED_PEOPLE, "Specific people", "The people that you enter."),
)
KINDS = (
    (SHORT, "One line"),
    (LONG, "Several lines"),
    (CHOICE, "A choice"),
)
ONE_PERSON_PER_LINE = "One email address or name per line."
NEW_STAGE = {"approvers": INTERNAL_SPONSORS, "needed": "1", "days": "14", "reminds_after": "7"}
NEW_QUESTION = {"kind": SHORT}
NEW = {"stage": NEW_STAGE, "question": NEW_QUESTION}


class PeopleField(forms.CharField):
    """Lines that each mean a person; their public ids."""

    depends_on_another = True  # not just optional

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.Textarea({"rows": 2, "spellcheck": "false"}), required=False, **kwargs
        )

    def clean(self, value) -> tuple[str, ...]:
        """Return the public ids of the people whom the lines mean."""
        typed = typed_people(super().clean(value))
        if typed.problems:
            raise forms.ValidationError([forms.ValidationError(text) for text in typed.problems])
        return typed.keys


class LinesField(forms.CharField):
    """One value per line."""

    depends_on_another = True

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea({"rows": 3}), required=False, **kwargs)

    def clean(self, value) -> tuple[str, ...]:
        """Return the lines that are not empty."""
        return tuple(line for line in super().clean(value).splitlines() if line.strip())


def _number(
    label: str, help_text: str = "", *, required: bool = False, initial: int | None = None
) -> forms.IntegerField:
    text = "Enter a number"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        initial=initial,
        widget=forms.NumberInput({"min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": text, "required": text},
    )


def stage_fields() -> dict[str, forms.Field]:
    """Return the fields of one stage, by their names in `Stage`."""
    longest = LONGEST_DAYS_TO_DECIDE
    return {
        "approvers": ChoiceWithHints(
            choices=APPROVERS, label="Who approves", initial=INTERNAL_SPONSORS
        ),
        "people": PeopleField(label="People", help_text=ONE_PERSON_PER_LINE),
        "fallback": PeopleField(
            label="Fallback",
            help_text=f"Decide when the organization has no sponsor who can. {ONE_PERSON_PER_LINE}",
        ),
        "needed": _number("How many have to approve", required=True, initial=1),
        "days": _number("Days to decide", f"From 1 to {longest}.", required=True, initial=14),
        "reminds_after": _number("Reminder after days", "Leave empty for none.", initial=7),
        "escalates_after": _number(
            "Escalation after days", "From then on, the alternates can decide too."
        ),
        "alternates": PeopleField(label="Alternates", help_text=ONE_PERSON_PER_LINE),
        "needs_reason": forms.BooleanField(
            label="An approval has to give a reason", required=False
        ),
    }


def question_fields() -> dict[str, forms.Field]:
    """Return the fields of one question, by their names in `Question`."""
    return {
        "text": forms.CharField(
            label="Question", strip=False, error_messages={"required": "Enter the question"}
        ),
        "kind": forms.ChoiceField(label="Answer", choices=KINDS),
        "choices": LinesField(
            label="Choices", help_text="One per line. Only used when the answer is a choice."
        ),
        "is_required": forms.BooleanField(label="An answer is required", required=False),
    }


FIELDS = {"stage": stage_fields, "question": question_fields}


def number_of(kind: str, typed: Mapping[str, str]) -> int:
    """Return how many stages or questions a form was sent with."""
    text = typed.get(f"{kind}s", "")
    number = int(text) if text.isdecimal() and len(text) < 3 else 0
    return min(number, MOST[kind])


def parts_typed(kind: str, typed: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what was typed in each stage or question."""
    return [
        {name: typed.get(f"{kind}-{number}-{name}", "") for name in FIELDS[kind]()}
        for number in range(1, number_of(kind, typed) + 1)
    ]


def numbered(kind: str, parts: list[dict]) -> dict[str, object]:
    """Return the values of stages or questions by the names of their fields in the form."""
    values: dict[str, object] = {f"{kind}s": len(parts)}
    for number, part in enumerate(parts, start=1):
        values |= {f"{kind}-{number}-{name}": value for name, value in part.items()}
    return values


def rearranged(typed: Mapping[str, str], change: str) -> dict[str, object]:
    """Return the values of all stages and questions after a button was pressed: "add-stage",
    "remove-stage-2", "up-stage-2", "down-question-1". Anything else changes nothing.
    """
    what, kind, number = (*change.split("-"), "", "", "")[:3]
    values: dict[str, object] = {}
    for each in MOST:
        parts = parts_typed(each, typed)
        place = int(number) - 1 if number.isdecimal() and len(number) < 3 else -1
        values |= numbered(each, _changed(parts, what, place, each) if each == kind else parts)
    return values


def _changed(parts: list[dict], what: str, place: int, kind: str) -> list[dict]:
    if what == "add":
        return [*parts, _new(kind, parts)][: MOST[kind]]
    if not 0 <= place < len(parts):
        return parts
    others = parts[:place] + parts[place + 1 :]
    if what == "remove":
        return others
    to = {"up": max(place - 1, 0), "down": place + 1}.get(what, place)
    return [*others[:to], parts[place], *others[to:]]


def _new(kind: str, parts: list[dict]) -> dict:
    """Return a new part; a new stage asks whom no other stage asks yet."""
    taken = {part.get("approvers") for part in parts}
    approvers = next(
        each for each, _label, _hint in APPROVERS if each not in taken - {NAMED_PEOPLE}
    )
    return NEW[kind] | ({"approvers": approvers} if kind == "stage" else {})


def stage_of(typed: Mapping) -> Stage:
    """Return the stage out of the values of its fields; people that it does not ask are left out.

    `typed` may lack fields that were not accepted.
    """
    is_named = typed.get("approvers") == NAMED_PEOPLE
    return Stage(
        typed.get("approvers", INTERNAL_SPONSORS),
        people=typed.get("people", ()) if is_named else (),
        fallback=() if is_named else typed.get("fallback", ()),
        alternates=typed.get("alternates", ()),
        needed=typed.get("needed", 1),
        days=typed.get("days", 14),
        reminds_after=typed.get("reminds_after"),
        escalates_after=typed.get("escalates_after"),
        needs_reason=typed.get("needs_reason", False),
    )


def question_of(typed: Mapping) -> Question:
    """Return the question out of the values of its fields."""
    choices = typed.get("choices", ()) if typed.get("kind") == CHOICE else ()
    return Question(typed.get("text", ""), typed.get("kind", SHORT), choices, typed["is_required"])

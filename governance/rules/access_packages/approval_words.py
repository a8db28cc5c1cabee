"""Who decides about a request and how long access lasts, in sentences.

Administrators read names. Requesters do not (product rule 45): for them `names` is None, and
people whom a policy names are "an approver".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..wording import as_sentence, capital, count_of, joined
from .lifecycle import NEVER, Lifecycle
from .questions import CHOICE, LONG, Question
from .stages import EXTERNAL_SPONSORS, INTERNAL_SPONSORS, Stage

Names = Mapping[str, str]  # of people, by public id
NO_APPROVAL = "Requests need no approval."
SOMEBODY_GONE = "somebody who was removed"
NAMES_SHOWN = 3
SPONSOR_NOUNS = {INTERNAL_SPONSORS: "internal sponsor", EXTERNAL_SPONSORS: "external sponsor"}


def approval_words(stages: Sequence[Stage], names: Names | None = None) -> str:
    """Return who decides, in which order and by when, as sentences."""
    if not stages:
        return NO_APPROVAL
    order = _in_order(stages, names)
    first = order[0] if len(order) == 1 else f"first {', then '.join(order)}"
    text = "; ".join([first, *_without_sponsors(stages, names)])
    return " ".join([as_sentence(capital(text)), *_escalations(stages, names)])


def _in_order(stages: Sequence[Stage], names: Names | None) -> list[str]:
    """Return a clause for each stage; what one shares with the stage before it is left out."""
    clauses, said = [], ("", 0)
    for stage in stages:
        verb = "decides" if stage.needed == 1 else "have to approve"
        verb_said = f" {verb}" if verb != said[0] else ""
        days_said = f" within {count_of(stage.days, 'day')}" if stage.days != said[1] else ""
        clauses.append(f"{approvers_words(stage, names)}{verb_said}{days_said}")
        said = (verb, stage.days)
    return clauses


def approvers_words(stage: Stage, names: Names | None = None) -> str:
    """Return who is asked in a stage, such as "an internal sponsor" or "2 of A, B and C"."""
    if stage.asks_sponsors:
        return _some(stage.needed, SPONSOR_NOUNS[stage.approvers], "an")
    if names is None:
        return _some(stage.needed, "approver", "an")
    if stage.needed == len(stage.people) or stage.needed == 1:
        return people_words(stage.people, names, "and" if stage.needed > 1 else "or")
    return f"{stage.needed} of {people_words(stage.people, names, 'and')}"


def _some(number: int, noun: str, article: str) -> str:
    return f"{article} {noun}" if number == 1 else count_of(number, noun)


def people_words(people: Iterable[str], names: Names, last: str) -> str:
    """Return the names of people as a list whose last two parts are joined by `last`."""
    found = [names.get(key, SOMEBODY_GONE) for key in people]
    more = len(found) - NAMES_SHOWN
    parts = [*found[:NAMES_SHOWN], f"{more} more"] if more > 0 else found
    return joined(parts, last=last)


def _without_sponsors(stages: Sequence[Stage], names: Names | None) -> list[str]:
    """Return who decides where no sponsor can: once, where that is the same in all stages."""
    asking = [stage for stage in stages if stage.asks_sponsors]
    alike = len({(stage.fallback, stage.needed > 1) for stage in asking}) == 1
    return [
        _without(stage, names, "sponsor" if alike else SPONSOR_NOUNS[stage.approvers])
        for stage in asking[: 1 if alike else None]
    ]


def _without(stage: Stage, names: Names | None, noun: str) -> str:
    if not stage.fallback:
        return f"if no {noun} can decide, the request waits"
    who = people_words(stage.fallback, names, "or") if names is not None else "another approver"
    if stage.needed > 1:
        return f"if too few {noun}s can decide, {who} can decide too"
    return f"if no {noun} can decide, {who} does"


def _escalations(stages: Sequence[Stage], names: Names | None) -> list[str]:
    return [
        escalation_words(stage, names, f" in stage {number}" if len(stages) > 1 else "")
        for number, stage in enumerate(stages, start=1)
        if stage.escalates_after
    ]


def escalation_words(stage: Stage, names: Names | None = None, where: str = "") -> str:
    """Return who can decide too once a stage is escalated, as a sentence."""
    other = people_words(stage.alternates, names, "or") if names is not None else "another approver"
    return f"After {count_of(stage.escalates_after, 'day')}{where}, {other} can decide too."


def lifecycle_words(lifecycle: Lifecycle, *, needs_approval: bool) -> str:
    """Return how long access lasts, and whether it can be extended, as sentences."""
    chosen = "an end date" if lifecycle.ends == NEVER else "dates within that"
    ending = f" The requester can choose {chosen}." if lifecycle.requester_chooses else ""
    if lifecycle.ends == NEVER:
        return f"{lifecycle.words}{ending}"
    how = "with" if needs_approval and lifecycle.extension_needs_approval else "without"
    extended = f"can be extended {how} approval" if lifecycle.can_extend else "cannot be extended"
    return f"{lifecycle.words[:-1]} and {extended}.{ending}"


def asked_words(needs_reason: bool, questions: Sequence[Question]) -> str:
    """Return what the requester is asked, as a sentence; "" for nothing."""
    parts = ["gives a reason"] if needs_reason else []
    parts += [f"answers {count_of(len(questions), 'question')}"] if questions else []
    return f"The requester {joined(parts)}." if parts else ""


def stage_details(stage: Stage, names: Names | None = None) -> tuple[tuple[str, str], ...]:
    """Return what one stage says, as pairs of a label and a value, without what it leaves out."""
    asked = "Approver" if stage.needed == 1 else "Approvers"
    pairs = (
        (asked, capital(approvers_words(stage, names))),
        ("Decides if no sponsor can", _details(stage.fallback, names)),
        ("Time to decide", count_of(stage.days, "day")),
        ("Reminder", _after(stage.reminds_after)),
        ("Escalation", _escalated(stage, names)),
        ("Reason for an approval", "Required" if stage.needs_reason else ""),
    )
    return tuple((label, value) for label, value in pairs if value)


def _details(people: Sequence[str], names: Names | None) -> str:
    if not people:
        return ""
    return "Another approver" if names is None else people_words(people, names, "or")


def _after(days: int | None) -> str:
    return f"After {count_of(days, 'day')}" if days else ""


def _escalated(stage: Stage, names: Names | None) -> str:
    who = _details(stage.alternates, names)
    return f"{_after(stage.escalates_after)}: {who}" if stage.escalates_after else ""


def stage_line(stage: Stage, names: Names | None = None) -> str:
    """Return the same in one line, for the audit log."""
    return ". ".join(f"{label}: {value}" for label, value in stage_details(stage, names))


def question_line(question: Question) -> str:
    """Return a question with how it is answered, in one line."""
    kinds = {CHOICE: f"one of {joined(question.choices)}", LONG: "several lines"}
    kind = kinds.get(question.kind, "one line")
    return f"{question.text} ({kind}, {'required' if question.is_required else 'optional'})"

"""Who decides and how long access lasts, in sentences."""

from datetime import date

import pytest

from governance.rules.access_packages.approval_words import (
    approval_words,
    asked_words,
    lifecycle_words,
    question_line,
    stage_details,
    stage_line,
)
from governance.rules.access_packages.lifecycle import HOURS, NEVER, UNTIL, Lifecycle
from governance.rules.access_packages.questions import Question
from governance.rules.access_packages.stages import Stage

from .cases import UMA

BOB, CY, DEE, EVA = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "1234")
NAMES = {UMA: "Uma", BOB: "Bob", CY: "Cy", DEE: "Dee"}


def stage(approvers: str = "internal_sponsors", **more) -> Stage:
    return Stage(approvers, **{"fallback": (UMA,)} | more)


def named(*people: str, **more) -> Stage:
    return Stage("named_people", people, **more)


INTERNAL, EXTERNAL = stage(), stage("external_sponsors")


def test_no_stage_is_no_approval():
    assert approval_words(()) == "Requests need no approval."


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        (
            [INTERNAL],
            "An internal sponsor decides within 14 days; if no sponsor can decide, Uma does.",
        ),
        (
            [stage(days=1, fallback=(UMA, BOB))],
            "An internal sponsor decides within 1 day; if no sponsor can decide, Uma or Bob does.",
        ),
        (
            [stage(fallback=())],
            "An internal sponsor decides within 14 days;"
            " if no sponsor can decide, the request waits.",
        ),
        (
            [stage(needed=2)],
            "2 internal sponsors have to approve within 14 days;"
            " if too few sponsors can decide, Uma can decide too.",
        ),
        ([named(BOB)], "Bob decides within 14 days."),
        ([named(BOB, CY)], "Bob or Cy decides within 14 days."),
        ([named(BOB, CY, needed=2)], "Bob and Cy have to approve within 14 days."),
        (
            [named(BOB, CY, DEE, needed=2)],
            "2 of Bob, Cy and Dee have to approve within 14 days.",
        ),
        ([named(BOB, CY, DEE, UMA)], "Bob, Cy, Dee or 1 more decides within 14 days."),
        ([named(EVA)], "Somebody who was removed decides within 14 days."),
    ],
)
def test_one_stage_is_one_sentence(stages, words):
    assert approval_words(stages, NAMES) == words


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        (
            [EXTERNAL, INTERNAL],
            "First an external sponsor decides within 14 days, then an internal sponsor;"
            " if no sponsor can decide, Uma does.",
        ),
        (
            [EXTERNAL, stage(days=7)],
            "First an external sponsor decides within 14 days,"
            " then an internal sponsor within 7 days; if no sponsor can decide, Uma does.",
        ),
        (
            [EXTERNAL, named(BOB), stage(fallback=(CY,))],
            "First an external sponsor decides within 14 days, then Bob, then an internal sponsor;"
            " if no external sponsor can decide, Uma does;"
            " if no internal sponsor can decide, Cy does.",
        ),
        (
            [named(BOB, CY, needed=2), INTERNAL],
            "First Bob and Cy have to approve within 14 days, then an internal sponsor decides;"
            " if no sponsor can decide, Uma does.",
        ),
    ],
)
def test_several_stages_are_said_in_their_order(stages, words):
    assert approval_words(stages, NAMES) == words


def test_escalation_is_a_sentence_of_its_own():
    escalating = stage(escalates_after=10, alternates=(BOB,))
    assert approval_words([escalating], NAMES).endswith(
        "Uma does. After 10 days, Bob can decide too."
    )
    assert approval_words([EXTERNAL, escalating], NAMES).endswith(
        "Uma does. After 10 days in stage 2, Bob can decide too."
    )


def test_requesters_read_no_names():
    stages = [
        stage(escalates_after=10, alternates=(BOB,)),
        named(BOB),
        named(BOB, CY, DEE, needed=2),
    ]
    assert approval_words(stages) == (
        "First an internal sponsor decides within 14 days, then an approver,"
        " then 2 approvers have to approve; if no sponsor can decide, another approver does."
        " After 10 days in stage 1, another approver can decide too."
    )


@pytest.mark.parametrize(
    ("lifecycle", "words"),
    [
        (Lifecycle(days=90), "Access lasts 90 days and can be extended with approval."),
        (
            Lifecycle(days=90, extension_needs_approval=False),
            "Access lasts 90 days and can be extended without approval.",
        ),
        (Lifecycle(days=1, can_extend=False), "Access lasts 1 day and cannot be extended."),
        (
            Lifecycle(HOURS, hours=8, can_extend=False),
            "Access lasts 8 hours and cannot be extended.",
        ),
        (
            Lifecycle(UNTIL, last_day=date(2026, 12, 31), can_extend=False),
            "Access ends after 31 Dec 2026 and cannot be extended.",
        ),
        (Lifecycle(NEVER), "Access has no end date."),
        (
            Lifecycle(NEVER, requester_chooses=True),
            "Access has no end date. The requester can choose an end date.",
        ),
        (
            Lifecycle(days=9, can_extend=False, requester_chooses=True),
            "Access lasts 9 days and cannot be extended."
            " The requester can choose dates within that.",
        ),
    ],
)
def test_how_long_access_lasts_is_said_with_its_extension(lifecycle, words):
    assert lifecycle_words(lifecycle, needs_approval=True) == words


def test_without_approval_an_extension_needs_none_either():
    words = lifecycle_words(Lifecycle(days=90), needs_approval=False)
    assert words == "Access lasts 90 days and can be extended without approval."


@pytest.mark.parametrize(
    ("needs_reason", "number", "words"),
    [
        (False, 0, ""),
        (True, 0, "The requester gives a reason."),
        (False, 1, "The requester answers 1 question."),
        (True, 2, "The requester gives a reason and answers 2 questions."),
    ],
)
def test_what_the_requester_is_asked_is_one_sentence(needs_reason, number, words):
    assert asked_words(needs_reason, [Question("Why?")] * number) == words


def test_a_stage_says_all_that_it_has_in_pairs():
    full = stage(escalates_after=10, alternates=(BOB,), needs_reason=True)
    assert stage_details(full, NAMES) == (
        ("Approver", "An internal sponsor"),
        ("Decides if no sponsor can", "Uma"),
        ("Time to decide", "14 days"),
        ("Reminder", "After 7 days"),
        ("Escalation", "After 10 days: Bob"),
        ("Reason for an approval", "Required"),
    )


def test_a_stage_leaves_out_what_it_does_not_have():
    bare = named(BOB, CY, needed=2, reminds_after=None, days=1)
    assert stage_details(bare, NAMES) == (("Approvers", "Bob and Cy"), ("Time to decide", "1 day"))


def test_to_requesters_a_stage_names_nobody():
    full = stage(escalates_after=10, alternates=(BOB,))
    assert dict(stage_details(full))["Decides if no sponsor can"] == "Another approver"
    assert dict(stage_details(full))["Escalation"] == "After 10 days: Another approver"


def test_for_the_audit_log_a_stage_is_one_line():
    assert stage_line(named(BOB, reminds_after=None), NAMES) == (
        "Approver: Bob. Time to decide: 14 days"
    )


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (Question("Why?"), "Why? (one line, optional)"),
        (Question("Why?", "long", (), True), "Why? (several lines, required)"),
        (Question("Where?", "choice", ("A", "B")), "Where? (one of A and B, optional)"),
    ],
)
def test_a_question_is_said_with_how_it_is_answered(question, line):
    assert question_line(question) == line

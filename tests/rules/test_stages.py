"""The stages of approval: what makes one acceptable."""

from dataclasses import replace
from uuid import uuid4

import pytest

from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    INTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
    known_stages,
    stages_from_json,
    stages_to_json,
)
from governance.rules.decision import Refused

UMA, SAM = str(uuid4()), str(uuid4())
SPONSORS = Stage(INTERNAL_SPONSORS, fallback=(UMA,))
PEOPLE = Stage(NAMED_PEOPLE, people=(UMA, SAM))


def refusal(*stages) -> tuple[str, str, str]:
    """The code, field and text with which the stages are refused."""
    with pytest.raises(Refused) as refused:
        known_stages(stages)
    reason = refused.value.reasons[0]
    return reason.code, reason.field, reason.text


def test_stages_that_can_be_asked_are_returned_as_they_are():
    stages = (Stage(EXTERNAL_SPONSORS, fallback=(UMA,)), SPONSORS, PEOPLE)
    assert known_stages(stages) == stages


def test_a_stage_asks_for_one_approval_within_two_weeks_unless_it_says_otherwise():
    stage = Stage(NAMED_PEOPLE)
    assert (stage.needed, stage.days, stage.reminds_after) == (1, 14, 7)
    assert (stage.escalates_after, stage.needs_reason) == (None, False)


def test_stages_are_stored_and_read_without_loss():
    stages = (replace(SPONSORS, alternates=(SAM,), escalates_after=3), PEOPLE)
    assert stages_from_json(stages_to_json(stages)) == stages


def test_stored_stages_are_plain_json():
    assert stages_to_json([SPONSORS]) == [
        {
            "approvers": "internal_sponsors",
            "people": [],
            "fallback": [UMA],
            "alternates": [],
            "needed": 1,
            "days": 14,
            "reminds_after": 7,
            "escalates_after": None,
            "needs_reason": False,
        }
    ]


def test_everybody_named_is_named_once():
    stage = Stage(NAMED_PEOPLE, (UMA,), (SAM,), (UMA,))
    assert stage.everybody_named == (UMA, SAM)


@pytest.mark.parametrize(
    ("kind", "asks"),
    [(INTERNAL_SPONSORS, True), (EXTERNAL_SPONSORS, True), (NAMED_PEOPLE, False)],
)
def test_a_stage_asks_sponsors_unless_it_names_people(kind, asks):
    assert Stage(kind).asks_sponsors is asks


def test_what_is_no_list_of_stages_is_refused():
    assert refusal("stage") == ("stages_unknown", "stages", "Enter the stages of the approval")


def test_more_than_three_stages_are_refused():
    found = refusal(PEOPLE, PEOPLE, PEOPLE, PEOPLE)
    assert found == ("too_many_stages", "stages", "A policy can have at most 3 stages of approval")


def test_approvers_of_an_unknown_kind_are_refused():
    found = refusal(replace(PEOPLE, approvers="everybody"))
    assert found == ("approvers_unknown", "stage-1-approvers", "Choose who approves")


def test_a_stage_of_named_people_needs_people():
    found = refusal(Stage(NAMED_PEOPLE, fallback=(UMA,)))
    assert found == ("no_approvers", "stage-1-people", "Choose who approves")


def test_a_stage_of_sponsors_needs_a_fallback():
    assert refusal(PEOPLE, Stage(EXTERNAL_SPONSORS)) == (
        "no_fallback",
        "stage-2-fallback",
        "Choose who decides when the organization has no sponsor who can",
    )


def test_a_stage_that_escalates_needs_alternates():
    assert refusal(replace(PEOPLE, escalates_after=2)) == (
        "no_alternates",
        "stage-1-alternates",
        "Choose who else can decide once the request is escalated",
    )


@pytest.mark.parametrize("days", [0, 91, None, "14", True])
def test_the_days_to_decide_are_from_1_to_90(days):
    found = refusal(replace(PEOPLE, days=days, reminds_after=None))
    text = "Enter a number of days from 1 to 90"
    assert found == ("days_out_of_bounds", "stage-1-days", text)


@pytest.mark.parametrize("days", [1, 90])
def test_the_days_to_decide_can_be_1_or_90(days):
    stage = replace(PEOPLE, days=days, reminds_after=None)
    assert known_stages([stage]) == (stage,)


@pytest.mark.parametrize("after", [0, 14, "3"])
def test_a_reminder_is_sent_before_the_time_is_over(after):
    assert refusal(replace(PEOPLE, reminds_after=after)) == (
        "days_out_of_bounds",
        "stage-1-reminds_after",
        "Enter a number of days from 1 to 13, or leave it empty",
    )


@pytest.mark.parametrize("after", [1, 13])
def test_a_reminder_can_be_sent_on_any_day_before(after):
    stage = replace(PEOPLE, reminds_after=after)
    assert known_stages([stage]) == (stage,)


def test_escalation_comes_before_the_time_is_over():
    found = refusal(replace(PEOPLE, alternates=(UMA,), escalates_after=14))
    assert found[:2] == ("days_out_of_bounds", "stage-1-escalates_after")


@pytest.mark.parametrize(("days", "is_refused"), [(3, True), (4, False)])
def test_a_stage_that_escalates_needs_four_days(days, is_refused):
    stage = replace(PEOPLE, days=days, reminds_after=None, alternates=(UMA,), escalates_after=1)
    if is_refused:
        text = "A stage that escalates needs at least 4 days to decide"
        assert refusal(stage) == ("too_short_to_escalate", "stage-1-days", text)
    else:
        assert known_stages([stage]) == (stage,)


@pytest.mark.parametrize("needed", [0, 3])
def test_no_more_have_to_approve_than_are_named(needed):
    text = "Enter how many have to approve, from 1 to 2"
    found = refusal(replace(PEOPLE, needed=needed))
    assert found == ("needed_out_of_bounds", "stage-1-needed", text)


@pytest.mark.parametrize("needed", [1, 20])
def test_of_sponsors_up_to_twenty_can_have_to_approve(needed):
    stage = replace(SPONSORS, needed=needed)
    assert known_stages([stage]) == (stage,)


def test_more_than_twenty_sponsors_cannot_have_to_approve():
    assert refusal(replace(SPONSORS, needed=21))[0] == "needed_out_of_bounds"


def test_a_kind_of_sponsors_is_asked_in_one_stage_only():
    text = "Another stage already asks these sponsors. Choose other approvers"
    found = refusal(SPONSORS, SPONSORS)
    assert found == ("sponsors_twice", "stage-2-approvers", text)


def test_named_people_can_be_asked_in_several_stages():
    assert known_stages([PEOPLE, PEOPLE]) == (PEOPLE, PEOPLE)


@pytest.mark.parametrize("part", ["people", "fallback", "alternates"])
@pytest.mark.parametrize("value", ["uma", 7])
def test_people_are_named_by_their_ids(part, value):
    found = refusal(replace(PEOPLE, **{part: (value,)}))
    assert found[:2] == ("not_an_id", f"stage-1-{part}")


@pytest.mark.parametrize("part", ["people", "fallback", "alternates"])
def test_at_most_twenty_people_are_named_in_one_place(part):
    twenty = tuple(str(uuid4()) for _ in range(20))
    assert known_stages([replace(PEOPLE, **{part: twenty})])
    found = refusal(replace(PEOPLE, **{part: (*twenty, UMA)}))
    assert found == ("too_many_people", f"stage-1-{part}", "Choose at most 20 people")


def test_whether_a_reason_is_needed_is_yes_or_no():
    assert refusal(replace(PEOPLE, needs_reason="yes"))[1] == "stage-1-needs_reason"

"""Which stages nobody could decide, for a requester who is none of the approvers."""

import pytest

from governance.rules.access_packages.stages import Stage
from governance.rules.access_requests.approval import Candidate
from governance.rules.access_requests.gaps import (
    Gap,
    enough_sponsors,
    stages_without_deciders,
    stages_without_people,
)
from governance.rules.decision import Reason

BLOCKED = Reason("approver_blocked", "Blocked")
UMA = Candidate(1, "uma", "Uma", "uma@x.example")
SAM = Candidate(2, "sam", "Sam", "sam@x.example")
BOB = Candidate(3, "bob", "Bob", "bob@x.example", BLOCKED)
NAMED = {each.key: each for each in (UMA, SAM, BOB)}
NO_INTERNAL = "no internal sponsor can decide, and the fallback cannot either"
NOBODY_ACTIVE = "everybody whom it names is blocked or has no active account"


def internal(*fallback: str, **more) -> Stage:
    return Stage("internal_sponsors", fallback=fallback, **more)


def people(*keys: str, **more) -> Stage:
    return Stage("named_people", people=keys, **more)


def gaps(*stages: Stage, **more) -> dict[int, str]:
    return stages_without_deciders(stages, NAMED, **more)


def test_a_stage_whose_fallback_can_decide_has_no_gap():
    assert gaps(internal("uma")) == {}


def test_a_stage_whose_fallback_cannot_decide_has_a_gap():
    assert gaps(internal("bob")) == {1: NO_INTERNAL}


def test_a_sponsor_closes_the_gap():
    assert gaps(internal("bob"), sponsors={"internal_sponsors": [SAM]}) == {}


def test_a_sponsor_of_another_kind_does_not_close_it():
    assert gaps(internal("bob"), sponsors={"external_sponsors": [SAM]}) == {1: NO_INTERNAL}


def test_sponsors_that_do_not_count_do_not_close_it():
    found = gaps(internal("bob"), sponsors={"internal_sponsors": [SAM]}, sponsors_count=False)
    assert found == {1: NO_INTERNAL}


def test_a_stage_without_fallback_says_so():
    assert gaps(internal()) == {1: "no internal sponsor can decide, and there is no fallback"}


def test_a_stage_that_needs_more_than_can_decide_has_a_gap():
    assert gaps(internal("uma", needed=2)) == {
        1: "fewer than 2 internal sponsors can decide, and the fallback cannot either"
    }


@pytest.mark.parametrize(("keys", "is_gap"), [(["bob"], True), (["bob", "uma"], False)])
def test_named_people_of_whom_none_can_decide_are_a_gap(keys, is_gap):
    assert gaps(people(*keys)) == ({1: NOBODY_ACTIVE} if is_gap else {})


def test_somebody_who_was_removed_can_decide_nothing():
    assert gaps(people("gone")) == {1: NOBODY_ACTIVE}


def test_nobody_decides_two_stages():
    assert gaps(people("uma"), internal("uma")) == {
        2: f"{NO_INTERNAL}, or has to decide another stage"
    }


def test_two_people_can_decide_a_stage_each():
    assert gaps(people("uma", "sam"), internal("uma")) == {}


def test_alternates_do_not_count_as_they_can_decide_only_later():
    stage = internal("bob", alternates=("uma",), escalates_after=3)
    assert gaps(stage) == {1: NO_INTERNAL}


def test_only_people_by_name_are_missing_whoever_requests():
    stages = [internal("bob"), people("bob"), people("uma")]
    assert stages_without_people(stages, NAMED) == {2}


@pytest.mark.parametrize(
    ("kinds", "found"),
    [([], {1, 2}), (["internal_sponsors"], {2}), (["external_sponsors"], {1})],
)
def test_an_organization_with_a_kind_of_sponsors_has_enough_of_them(kinds, found):
    stages = [internal("bob", needed=3), Stage("external_sponsors", fallback=("bob",))]
    assert gaps(*stages, sponsors=enough_sponsors(stages, kinds)).keys() == found


def gap(**more) -> str:
    return Gap("Drawings", "p", "Partners", "q", 2, "no one can", **more).text


WHERE = "Nobody could decide stage 2 of the policy “Partners” of Drawings"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, f"{WHERE}: no one can."),
        ({"organization": "Fabrikam"}, f"{WHERE} for Fabrikam: no one can."),
        ({"is_outside": True}, f"{WHERE} for people of no organization: no one can."),
        ({"organization": "A and B", "organizations": 2}, f"{WHERE} for A and B: no one can."),
        (
            {"organization": "A, B and C", "organizations": 1_234},
            f"{WHERE} for 1,234 organizations, such as A, B and C: no one can.",
        ),
        (
            {"organization": "A, B and C", "organizations": 10_001},
            f"{WHERE} for more than 10,000 organizations, such as A, B and C: no one can.",
        ),
    ],
)
def test_a_gap_says_whom_it_concerns(more, text):
    assert gap(**more) == text

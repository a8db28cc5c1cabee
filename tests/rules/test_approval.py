"""Who decides a stage (product rules 37 to 39)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
)
from governance.rules.access_requests.approval import Candidate, StageFacts, who_decides
from governance.rules.decision import Reason

AWAY = Reason("approver_blocked", "Eva is blocked")


def candidate(number: int, name: str, cannot: Reason | None = None) -> Candidate:
    return Candidate(number, str(uuid4()), name, f"{name.lower()}@fabrikam.example", cannot)


EVA, ERIK, UMA = candidate(1, "Eva"), candidate(2, "Erik"), candidate(3, "Uma")
SAM, ADA = candidate(4, "Sam"), candidate(5, "Ada")
NAMED = {each.key: each for each in (EVA, ERIK, UMA, SAM, ADA)}
SPONSORS = Stage(EXTERNAL_SPONSORS, fallback=(UMA.key,), alternates=(SAM.key,), escalates_after=3)
PEOPLE = Stage(NAMED_PEOPLE, people=(EVA.key, ERIK.key))


def facts(stage: Stage = SPONSORS, *sponsors: Candidate, **more) -> StageFacts:
    return StageFacts(
        stage, **{"requester_mailbox": "bob@x.example", "sponsors": sponsors, "named": NAMED} | more
    )


def names(found: StageFacts) -> list[tuple[str, str, str]]:
    """Who decides: name, as what, and for whom."""
    people = who_decides(found).people
    return [(each.candidate.name, each.part, each.instead_of) for each in people]


def test_every_sponsor_who_can_decides():
    found = facts(SPONSORS, EVA, ERIK)
    assert names(found) == [("Eva", "sponsor", ""), ("Erik", "sponsor", "")]
    assert (who_decides(found).uses_fallback, who_decides(found).problem) == (False, None)


def test_named_people_decide_where_the_stage_names_people():
    assert names(facts(PEOPLE, UMA)) == [("Eva", "named", ""), ("Erik", "named", "")]


@pytest.mark.parametrize(
    "more",
    [
        {"sponsors": ()},
        {"sponsors": (replace(EVA, cannot=AWAY),)},
        {"sponsors": (EVA,), "sponsors_count": False},
        {"sponsors": (EVA,), "requester_mailbox": EVA.mailbox},
        {"sponsors": (EVA,), "requester_id": EVA.person_id},
        {"sponsors": (EVA,), "decided_before": frozenset({EVA.person_id})},
    ],
)
def test_the_fallback_decides_where_no_sponsor_can(more):
    found = facts(**more)
    assert names(found) == [("Uma", "fallback", "")]
    assert who_decides(found).uses_fallback is True


def test_the_fallback_joins_where_too_few_sponsors_can_approve():
    found = facts(replace(SPONSORS, needed=2), EVA)
    assert names(found) == [("Eva", "sponsor", ""), ("Uma", "fallback", "")]


def test_the_fallback_stays_out_where_the_missing_approval_can_come_from_sponsors():
    found = facts(replace(SPONSORS, needed=2), EVA, ERIK, approved=frozenset({ERIK.person_id}))
    assert names(found) == [("Eva", "sponsor", "")]


def test_alternates_decide_only_once_it_is_escalated():
    assert names(facts(SPONSORS, EVA, is_escalated=True)) == [
        ("Eva", "sponsor", ""),
        ("Sam", "alternate", ""),
    ]


def test_whoever_has_approved_the_stage_does_not_decide_it_again():
    found = facts(replace(SPONSORS, needed=2), EVA, ERIK, approved=frozenset({EVA.person_id}))
    assert names(found) == [("Erik", "sponsor", "")]


def test_a_deputy_decides_for_somebody_who_is_away_and_comes_last():
    found = facts(SPONSORS, EVA, ERIK, deputies={EVA.person_id: ADA})
    assert names(found) == [
        ("Eva", "sponsor", ""),
        ("Erik", "sponsor", ""),
        ("Ada", "sponsor", "Eva"),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"requester_id": ADA.person_id},
        {"requester_mailbox": ADA.mailbox},
        {"decided_before": frozenset({ADA.person_id})},
        {"approved": frozenset({ADA.person_id})},
    ],
)
def test_a_deputy_decides_nothing_that_they_could_not_decide_themselves(more):
    found = facts(SPONSORS, EVA, deputies={EVA.person_id: ADA}, **more)
    assert names(found) == [("Eva", "sponsor", "")]


def test_a_deputy_who_is_blocked_decides_nothing():
    found = facts(SPONSORS, EVA, deputies={EVA.person_id: replace(ADA, cannot=AWAY)})
    assert names(found) == [("Eva", "sponsor", "")]


def test_somebody_who_decides_anyway_is_not_asked_as_a_deputy():
    found = facts(SPONSORS, EVA, ERIK, deputies={EVA.person_id: ERIK})
    assert names(found) == [("Eva", "sponsor", ""), ("Erik", "sponsor", "")]


def test_each_person_is_asked_once():
    found = facts(replace(SPONSORS, alternates=(EVA.key,)), EVA, is_escalated=True)
    assert names(found) == [("Eva", "sponsor", "")]


def test_somebody_who_is_no_longer_known_is_left_out():
    stage = Stage(NAMED_PEOPLE, people=(str(uuid4()), EVA.key))
    assert names(facts(stage)) == [("Eva", "named", "")]


def test_where_nobody_is_left_the_stage_waits_and_says_so():
    found = who_decides(facts(replace(SPONSORS, fallback=())))
    assert found.people == ()
    assert found.problem == Reason("nobody_decides", "Nobody can decide this stage now")


def test_where_too_few_are_left_the_stage_says_how_many_are_missing():
    found = who_decides(facts(replace(SPONSORS, needed=4), EVA))
    assert found.problem == Reason("too_few_decide", "2 more have to approve than can decide now")


def test_a_decider_is_found_by_the_person():
    found = who_decides(facts(SPONSORS, EVA, ERIK))
    assert found.decider(ERIK.person_id).candidate == ERIK
    assert found.decider(UMA.person_id) is None

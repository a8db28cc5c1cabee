"""The life of a request as one table."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.rules.access_requests.transitions import (
    CLOSED,
    NEW,
    OPEN,
    STATE_WORDS,
    STATES,
    TRANSITIONS,
    WAITING,
    WHO,
    is_open,
    state_at,
    transition,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# state, event, next state, who may
TABLE = """
new                submit          pending_approval  requester administrator
pending_approval   approve_stage   pending_approval  approver
pending_approval   approve         approved          approver system
pending_approval   deny            denied            approver
pending_approval   send_back       sent_back         approver
pending_approval   escalate        pending_approval  system
pending_approval   undo            pending_approval  approver
pending_approval   expire          expired           system
pending_approval   park            parked            system
pending_approval   withdraw        withdrawn         requester administrator system
sent_back          resubmit        pending_approval  requester
sent_back          undo            pending_approval  approver
sent_back          expire          expired           system
sent_back          withdraw        withdrawn         requester administrator system
parked             resume_approval pending_approval  administrator
parked             resume_delivery approved          administrator
parked             withdraw        withdrawn         requester administrator system
approved           undo            pending_approval  approver
approved           park            parked            system
approved           withdraw        withdrawn         requester administrator system
approved           start           delivering        system
denied             undo            pending_approval  approver
delivering         deliver         delivered         system
delivering         fail            delivery_failed   system
delivering         end             ended             requester administrator system
delivery_failed    retry           delivering        administrator
delivery_failed    end             ended             requester administrator system
delivered          extend          delivered         system administrator
delivered          end             ended             requester administrator system
"""
EXPECTED = {
    (state, event): (to, set(who))
    for state, event, to, *who in (line.split() for line in TABLE.strip().splitlines())
}


def test_the_table_has_these_transitions_and_no_others():
    assert {(t.state, t.event): (t.to, set(t.who)) for t in TRANSITIONS} == EXPECTED


def test_each_event_happens_in_a_state_in_one_way():
    assert len({(t.state, t.event) for t in TRANSITIONS}) == len(TRANSITIONS)


@pytest.mark.parametrize("who", WHO)
def test_only_those_whom_the_table_names_cause_an_event(who):
    allowed = {key for key, (_to, may) in EXPECTED.items() if who in may}
    events = {event for _state, event in EXPECTED}
    found = {(s, e) for s in (NEW, *STATES) for e in events if transition(s, e, who)}
    assert found == allowed


def test_an_event_leads_to_the_state_in_the_table():
    assert transition("pending_approval", "deny", "approver").to == "denied"


def test_every_state_has_words_of_its_own():
    assert set(STATE_WORDS) == set(STATES)
    assert len(set(STATE_WORDS.values())) == len(STATES)


def test_a_request_is_open_delivered_or_closed():
    assert {*OPEN, "delivered", *CLOSED} == set(STATES)
    assert not set(OPEN) & set(CLOSED)
    assert [state for state in STATES if is_open(state)] == [s for s in STATES if s in OPEN]


def test_nothing_but_taking_it_back_follows_a_closed_request():
    assert [t.event for t in TRANSITIONS if t.state in CLOSED] == ["undo"]


@pytest.mark.parametrize("state", WAITING)
def test_what_nobody_answered_in_time_has_expired(state):
    assert state_at(state, NOON, NOON) == "expired"
    assert state_at(state, NOON, NOON - timedelta(seconds=1)) == state


@pytest.mark.parametrize("state", sorted(set(STATES) - set(WAITING)))
def test_what_waits_for_nobody_does_not_expire(state):
    assert state_at(state, NOON, NOON + timedelta(days=1)) == state


def test_what_has_no_time_limit_does_not_expire():
    assert state_at("pending_approval", None, NOON) == "pending_approval"

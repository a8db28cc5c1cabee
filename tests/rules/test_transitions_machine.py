"""The life of a request beside a naive model of it: the same next state for every step, in walks
of any order.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from governance.rules.access_requests.transitions import (
    EVENTS,
    NEW,
    STATES,
    WHO,
    is_open,
    transition,
)

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "properties"
WALKS, STEPS = (2_500, 50) if FULL else (60, 50)
NOT_OVER = ("pending_approval", "sent_back", "parked", "approved")


def naive_next(state: str, event: str, who: str) -> str | None:
    """What happens, as somebody would write it down who has never seen the table."""
    if event == "submit":
        return (
            "pending_approval" if state == "new" and who in ("requester", "administrator") else None
        )
    if who == "approver":
        return _by_an_approver(state, event)
    if event == "withdraw":
        return "withdrawn" if state in NOT_OVER else None
    if event == "end":
        return "ended" if state in ("delivering", "delivered", "delivery_failed") else None
    if who == "requester":
        return "pending_approval" if (state, event) == ("sent_back", "resubmit") else None
    return (
        _by_an_administrator(state, event) if who == "administrator" else _by_itself(state, event)
    )


def _by_an_approver(state: str, event: str) -> str | None:
    if event == "undo":
        is_fresh = state in ("pending_approval", "sent_back", "approved", "denied")
        return "pending_approval" if is_fresh else None
    if state != "pending_approval":
        return None
    ends = {"approve": "approved", "deny": "denied", "send_back": "sent_back"}
    return "pending_approval" if event == "approve_stage" else ends.get(event)


def _by_an_administrator(state: str, event: str) -> str | None:
    if state == "parked":
        return {"resume_approval": "pending_approval", "resume_delivery": "approved"}.get(event)
    if (state, event) == ("delivery_failed", "retry"):
        return "delivering"
    return "delivered" if (state, event) == ("delivered", "extend") else None


def _by_itself(state: str, event: str) -> str | None:
    if event == "expire":
        return "expired" if state in ("pending_approval", "sent_back") else None
    if event == "park":
        return "parked" if state in ("pending_approval", "approved") else None
    if state == "pending_approval":
        return {"approve": "approved", "escalate": "pending_approval"}.get(event)
    if state == "approved":
        return "delivering" if event == "start" else None
    if state == "delivering":
        return {"deliver": "delivered", "fail": "delivery_failed"}.get(event)
    return "delivered" if (state, event) == ("delivered", "extend") else None


@pytest.mark.parametrize("state", [NEW, *STATES])
def test_every_cell_of_the_table_is_as_the_model_says(state):
    found = {(event, who): transition(state, event, who) for event in EVENTS for who in WHO}
    assert {cell: each.to if each else None for cell, each in found.items()} == {
        (event, who): naive_next(state, event, who) for event in EVENTS for who in WHO
    }


class Life(RuleBasedStateMachine):
    """One request that anything happens to."""

    def __init__(self):
        super().__init__()
        self.state = self.model = NEW
        self.is_over = False

    @rule(event=st.sampled_from(EVENTS), who=st.sampled_from(WHO))
    def happens(self, event, who):
        found = transition(self.state, event, who)
        wanted = naive_next(self.model, event, who)
        self.is_over = self.state in ("withdrawn", "expired", "ended")
        self.before = self.state
        self.state = found.to if found else self.state
        self.model = wanted or self.model

    @invariant()
    def both_say_the_same(self):
        assert self.state == self.model

    @invariant()
    def what_is_over_stays_over(self):
        assert not self.is_over or self.state == self.before

    @invariant()
    def what_is_open_can_still_lead_to_access_or_to_an_end(self):
        following = {transition(self.state, event, who) for event in EVENTS for who in WHO} - {None}
        assert not is_open(self.state) or following


@pytest.mark.properties
def test_any_walk_ends_where_the_model_ends():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=WALKS, stateful_step_count=STEPS, deadline=None)
    )

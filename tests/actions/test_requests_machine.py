"""Requests by their actions, on the database, beside a naive model: in walks of any order each step
is done or refused as the model says, and the row is where the model is.
"""

from __future__ import annotations

import os
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from governance.actions.access_requests import (
    decisions,
    ending,
    expiry,
    fulfilment,
    parking,
    submission,
    withdrawal,
)
from governance.models import AccessRequest, Assignment
from governance.rules.access_requests.transitions import NEW, TRANSITIONS
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_requests

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "properties"
WALKS, STEPS = (400, 50) if FULL else (12, 30)
ASKED = {1: ("eva", "erik"), 2: ("sam",)}
MINUTE, DAY, TIME_TO_DECIDE = timedelta(minutes=1), timedelta(days=1), timedelta(days=14)
STEP_TO = {(each.state, each.event): each.to for each in TRANSITIONS}
of_people = st.sampled_from(["eva", "erik", "sam", "uma", "bob"])


@dataclass
class Model:
    """A request as somebody would think of it: where it is, and what the last decision was."""

    state: str = "none"
    stage: int = 0
    due: datetime | None = None
    deliver_at: datetime | None = None
    parked_in: str = ""
    denied_at: datetime | None = None
    is_blocked: bool = False
    last: tuple[str, datetime, Model] | None = field(default=None, repr=False)

    def seen_at(self, now: datetime) -> str:
        waits = self.state in ("pending_approval", "sent_back")
        return "expired" if waits and self.due and now >= self.due else self.state

    def can_submit(self, now: datetime) -> bool:
        is_over = self.seen_at(now) in ("none", "denied", "withdrawn", "expired", "ended")
        is_cold = self.denied_at is None or now >= self.denied_at + DAY
        return is_over and is_cold and not self.is_blocked

    def can_decide(self, who: str, now: datetime) -> bool:
        return self.seen_at(now) == "pending_approval" and who in ASKED[self.stage]

    def can_undo(self, who: str, now: datetime) -> bool:
        return self.last is not None and self.last[0] == who and now < self.last[1] + MINUTE

    def ask(self, stage: int, now: datetime) -> None:
        self.state, self.stage, self.due = "pending_approval", stage, now + TIME_TO_DECIDE

    def hold(self) -> None:
        self.parked_in, self.state = self.state, "parked"


class Requests(RuleBasedStateMachine):
    """Bob's requests for Drawings: an external sponsor decides, then an internal one."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.model, self.row, self.rule = make.NOON, Model(), None, None
        fabrikam = make.organization()
        self.people = {
            "eva": make.guest("eva@fabrikam.example", name="Eva"),
            "erik": make.guest("erik@fabrikam.example", name="Erik"),
            "bob": make.guest("bob@fabrikam.example", name="Bob"),
            "sam": make.member("sam@harbourgate.example", name="Sam"),
            "uma": make.member("uma@harbourgate.example", name="Uma"),
        }
        for name in ("eva", "erik", "sam"):
            make.sponsor(fabrikam, self.people[name])
        policy = make.policy(make.package("Drawings"), "named", fabrikam)
        stages = make_requests.external_then_internal(self.people["uma"])
        self.package = make_requests.with_stages(policy, stages).package

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, wanted: bool, action, **given):
        """Do it, and compare with whether the model wants it to be done."""
        before, code, done = copy(self.model), "", None
        try:
            done = action(**{"by": SYSTEM, "at": self.now} | given)
        except Refused as refusal:
            code = refusal.code
        assert wanted == (done is not None), f"{action.__name__}: {code or 'done'}"
        if done is None:
            return None
        self.model.last, self.before = None, before
        return done

    def decided(self, who: str) -> None:
        self.model.last = (who, self.now, self.before)

    @rule(seconds=st.sampled_from([1, 30, 61, 3_600, 86_400, 14 * 86_400]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def submit(self):
        self.now += timedelta(seconds=1)
        new = submission.NewRequest("bob@fabrikam.example", "Falcon")
        wanted = self.model.can_submit(self.now)
        if row := self.attempt(wanted, submission.submit, package=self.package, new=new):
            self.row = row
            self.model.ask(1, self.now)

    @rule(who=of_people)
    def approve(self, who):
        if self._decide(decisions.approve, who):
            if self.model.is_blocked:
                self.model.hold()
                return
            if self.model.stage == 1:
                self.model.ask(2, self.now)
            else:
                self.model.state, self.model.deliver_at = "approved", self.now + MINUTE
            self.decided(who)

    @rule(who=of_people)
    def deny(self, who):
        if self._decide(decisions.deny, who):
            self.model.state, self.model.denied_at = "denied", self.now
            self.decided(who)

    @rule(who=of_people)
    def send_back(self, who):
        if self._decide(decisions.send_back, who):
            self.model.state, self.model.due = "sent_back", self.now + TIME_TO_DECIDE
            self.decided(who)

    @rule(who=of_people)
    def undo(self, who):
        if self.row is None:
            return
        self.now += timedelta(seconds=1)
        last, by = self.model.last, make.actor(self.people[who])
        wanted = self.model.can_undo(who, self.now)
        if self.attempt(wanted, decisions.undo, request=self.row, by=by):
            is_blocked, self.model = self.model.is_blocked, last[2]
            self.model.is_blocked, self.model.last = is_blocked, None

    @rule()
    def resubmit(self):
        given = {"mailbox": "bob@fabrikam.example", "reason": "Falcon"}
        if self._happens("sent_back", submission.resubmit, **given):
            self.model.ask(self.model.stage, self.now)

    @rule()
    def withdraw(self):
        states = ("pending_approval", "sent_back", "parked", "approved")
        if self._happens(states, withdrawal.withdraw, mailbox="bob@fabrikam.example"):
            self.model.state = "withdrawn"

    @rule()
    def expire(self):
        if self.row is None:
            return
        self.now += timedelta(seconds=1)
        wanted = self.model.seen_at(self.now) == "expired" != self.model.state
        if self.attempt(wanted, expiry.expire, request=self.row):
            self.model.state = "expired"

    @rule()
    def start(self):
        if self.row is None:
            return
        self.now += timedelta(seconds=1)
        is_due = self.model.state == "approved" and self.now >= self.model.deliver_at
        if self.attempt(is_due, fulfilment.start, request=self.row):
            if self.model.is_blocked:
                self.model.hold()
            else:
                self.model.state = "delivered"

    @rule()
    def resume(self):
        wanted = "parked" if not self.model.is_blocked else ()
        if self._happens(wanted, parking.resume):
            if self.model.parked_in == "approved":
                self.model.state, self.model.deliver_at = "approved", self.now
            else:
                self.model.ask(self.model.stage, self.now)

    @rule()
    def end(self):
        assignment = Assignment.objects.order_by("-id").first()
        if assignment is None:
            return
        self.now += timedelta(seconds=1)
        given = {"assignment": assignment, "reason": "Left"}
        if self.attempt(self.model.state == "delivered", ending.end_assignment, **given):
            self.model.state = "ended"

    @rule()
    def block_or_allow_the_domain(self):
        if self.rule:
            self.rule.delete()
        self.rule = None if self.rule else make.list_rule("fabrikam.example")
        self.model.is_blocked = self.rule is not None

    def _decide(self, decide, who: str):
        if self.row is None:
            return None
        self.now += timedelta(seconds=1)
        wanted, by = self._can_decide(who), make.actor(self.people[who])
        return self.attempt(wanted, decide, request=self.row, reason="Because", by=by)

    def _can_decide(self, who: str) -> bool:
        """A block of their domain stops guests from deciding, so that the fallback does."""
        if not self.model.is_blocked or self.model.stage != 1:
            return self.model.can_decide(who, self.now)
        return who == "uma" and self.model.seen_at(self.now) == "pending_approval"

    def _happens(self, states, action, **given):
        if self.row is None:
            return None
        self.now += timedelta(seconds=1)
        states = (states,) if isinstance(states, str) else states
        wanted = self.model.seen_at(self.now) in states
        return self.attempt(wanted, action, request=self.row, **given)

    @invariant()
    def the_row_is_where_the_model_is(self):
        if self.row:
            self.row = AccessRequest.objects.get(pk=self.row.pk)
            is_asked = self.row.state in ("pending_approval", "sent_back")
            assert self.row.state == self.model.state
            assert not is_asked or (self.row.stage, self.row.due_at) == (
                self.model.stage,
                self.model.due,
            )

    @invariant()
    def nobody_decides_twice_and_no_access_is_given_twice(self):
        present = Assignment.objects.present().count()
        assert present == (self.model.state == "delivered")
        if self.row:
            stages = self.row.decisions.filter(undone_at=None).values_list("round", "stage")
            assert len(set(stages)) == len(stages)

    @invariant()
    def the_timeline_is_a_walk_along_the_table(self):
        if self.row:
            state = NEW
            for event in self.row.events.order_by("id").values_list("event", flat=True):
                state = STEP_TO[state, event]
            assert state == self.row.state


@pytest.mark.django_db
def test_any_walk_ends_where_the_model_ends():
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

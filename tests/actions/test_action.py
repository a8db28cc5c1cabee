"""What all actions have in common: permission, one transaction, one event, refusals on record."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from governance.actions.action import action
from governance.actions.audit import record
from governance.facts.audit_chain import check_chain
from governance.models import AuditEvent, Organization
from governance.rules.decision import refuse
from governance.rules.roles import SYSTEM, USER_ADMINISTRATOR, Actor
from tests import make
from tests.actions import every_action
from tests.actions.every_action import ACTIONS

NOBODY = Actor(None, "Nobody")


@action("Do", needs="change_organization")
def do(*, by, at, row=None, fails=None):
    Organization.objects.update(description="done")
    record(do.activity, by=by, at=at, target=row)
    if fails:
        raise fails
    return "done"


@action("Do twice")
def do_twice(*, by, at, fails=None):
    do(by=by, at=at)
    do(by=by, at=at, fails=fails)


def events():
    return list(
        AuditEvent.objects.exclude(activity="Create connected organization")
        .order_by("pk")
        .values_list("activity", "result", "reason")
    )


def test_what_is_done_leaves_one_event_and_answers_its_result(fabrikam):
    assert do(by=SYSTEM, at=make.NOON) == "done"
    assert events() == [("Do", "done", "")]


def test_without_the_permission_nothing_is_done_and_the_attempt_is_on_record(fabrikam):
    with pytest.raises(
        Exception, match="Only a Global administrator or User administrator can do this."
    ):
        do(by=NOBODY, at=make.NOON, row=fabrikam)
    assert events() == [
        (
            "Do",
            "refused",
            "not_permitted: Only a Global administrator or User administrator can do this.",
        )
    ]
    assert (Organization.objects.get().description, AuditEvent.objects.latest("pk").target) == (
        "",
        "Fabrikam",
    )


def test_a_refusal_undoes_everything_and_leaves_one_event_of_its_own(fabrikam):
    with pytest.raises(Exception, match="no"):
        do(by=SYSTEM, at=make.NOON, fails=refuse("code", "no"))
    assert (events(), Organization.objects.get().description) == (
        [("Do", "refused", "code: no")],
        "",
    )


def test_a_failure_undoes_everything_and_is_no_event(fabrikam):
    with pytest.raises(ZeroDivisionError):
        do(by=SYSTEM, at=make.NOON, fails=ZeroDivisionError())
    assert (events(), Organization.objects.get().description) == ([], "")


def test_a_verb_inside_another_leaves_its_own_event(fabrikam):
    do_twice(by=SYSTEM, at=make.NOON)
    assert events() == [("Do", "done", ""), ("Do", "done", "")]


def test_a_verb_inside_another_asks_its_own_permission(fabrikam):
    with pytest.raises(Exception, match="Only a Global"):
        do_twice(by=NOBODY, at=make.NOON)
    assert events() == [
        (
            "Do",
            "refused",
            "not_permitted: Only a Global administrator or User administrator can do this.",
        )
    ]


def test_the_refusal_of_a_part_undoes_the_whole_and_is_recorded_once_under_its_own_name(fabrikam):
    with pytest.raises(Exception, match="no"):
        do_twice(
            by=Actor(1, "Uma", frozenset({USER_ADMINISTRATOR})),
            at=make.NOON,
            fails=refuse("code", "no"),
        )
    assert events() == [("Do", "refused", "code: no")]


def test_a_lost_race_is_told_as_the_refusal_that_says_who_won(db):
    @action("Race", lost_race=lambda **given: refuse("taken", f"{given['name']} was quicker"))
    def race(*, name, by, at):
        raise IntegrityError

    with pytest.raises(Exception, match="Uma was quicker"):
        race(name="Uma", by=SYSTEM, at=make.NOON)
    assert events() == [("Race", "refused", "taken: Uma was quicker")]


def test_a_broken_constraint_that_nobody_won_is_a_fault(db):
    @action("Race", lost_race=lambda **given: None)
    def race(*, by, at):
        raise IntegrityError

    with pytest.raises(IntegrityError):
        race(by=SYSTEM, at=make.NOON)


# Preferences leave no event; the others do what several verbs do, each with its own.
WITHOUT_AN_EVENT_OF_THEIR_OWN = {
    "change_preferences",
    "fill",
    "load_demo",
    "run_batch",
    "change_organization",
}
# What each of these does besides leaves events of its own.
WITH_OTHER_EVENTS = {
    "create_whole_package",
    "end_assignment",
    "end_expired",
    "give_back",
    "refuse_organization",
    "start",
}
CALLED = sorted(set(ACTIONS) - WITHOUT_AN_EVENT_OF_THEIR_OWN)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(CALLED) & WITH_OTHER_EVENTS))
def test_an_action_that_does_more_leaves_an_event_for_each_thing(name):
    call = getattr(every_action, name)()
    before = AuditEvent.objects.latest("pk").pk
    call()
    events = list(AuditEvent.objects.filter(pk__gt=before).values_list("activity", "result"))
    assert {result for _activity, result in events} == {"done"}
    assert len({activity for activity, _result in events}) > 1
    assert check_chain().problems == ()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(CALLED) - WITH_OTHER_EVENTS))
def test_every_action_leaves_exactly_one_event(name):
    call = getattr(every_action, name)()
    before = AuditEvent.objects.latest("pk").pk if AuditEvent.objects.exists() else 0
    call()
    assert list(AuditEvent.objects.filter(pk__gt=before).values_list("result", flat=True)) == [
        "done"
    ]
    assert check_chain().problems == ()

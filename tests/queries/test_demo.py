"""Whom removing the demo data lets in, shuts out or moves, among those who are not made up."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions.demo import load_demo
from governance.models import ListRule, Package, Person
from governance.queries.demo import demo_effect
from governance.queries.effects import Move
from governance.rules.roles import SYSTEM
from tests import make


@pytest.fixture(autouse=True)
def loaded(db):
    load_demo(by=SYSTEM, at=make.NOON)


def effect():
    return demo_effect(make.NOON)


def test_made_up_people_are_not_told_of():
    assert effect().moves_nobody


def test_what_goes_is_told_by_name():
    goes = effect().goes
    assert {what: len(names) for what, names in goes.items()} == {
        "connected organizations": 9,
        "people": 11,
        "access packages": 5,
        "list rules": 1,
        "what-if tests": 2,
        "known directories": 8,
    }
    assert goes["list rules"] == ["norr.example"]


def test_what_people_made_their_own_does_not_go():
    make.saved_test("ann@fabrikam.example", Package.objects.get(name="Visitor network"))
    ListRule.objects.update(version=2)
    assert ("Visitor network" in effect().goes["access packages"], effect().goes["list rules"]) == (
        False,
        [],
    )


def test_a_guest_at_a_demo_organization_is_shut_out():
    make.guest("max@eu.pumpworks.example", name="Max Frei")
    shut_out = effect().shut_out
    assert (shut_out.number, shut_out.people) == (
        1,
        (Move("Max Frei", "max@eu.pumpworks.example", "Pumpworks Group", None),),
    )


def test_a_guest_beneath_the_demo_block_rule_is_let_in_where_another_organization_covers_them():
    make.organization("Castings", "eu.norr.example")
    make.guest("max@eu.norr.example", name="Max Frei")
    assert effect().let_in.people == (
        Move("Max Frei", "max@eu.norr.example", "Castings", "Castings"),
    )


def test_whoever_could_not_ask_before_and_cannot_then_changes_organization_only():
    make.guest("lea@sub.tideline.example", name="Lea Rot")
    assert effect().moved.people == (
        Move("Lea Rot", "lea@sub.tideline.example", "Tideline Surveys", None),
    )


def test_whoever_stays_blocked_is_not_let_in():
    make.organization("Castings", "eu.norr.example")
    make.guest("max@eu.norr.example", state="blocked")
    assert effect().let_in.number == 0


def test_a_block_that_goes_with_a_demo_person_lets_in_the_others_at_that_mailbox():
    Person.objects.filter(email="lea@service.pumpworks.example").update(
        state="blocked", is_active=False
    )
    make.organization("Service", "service.pumpworks.example")
    make.guest("lea+two@service.pumpworks.example", name="Lea Two")
    assert [move.person for move in effect().let_in.people] == ["Lea Two"]


def test_guests_who_were_removed_are_not_told_of():
    make.guest("max@eu.pumpworks.example", state="removed")
    assert effect().shut_out.number == 0


def test_whoever_an_own_name_shuts_out_is_not_told_of():
    make.guest("max@eu.pumpworks.example")
    make.own_name("eu.pumpworks.example")
    assert effect().shut_out.number == 0


def test_the_fingerprint_differs_for_other_people_and_for_other_rows():
    first = effect().fingerprint
    make.guest("max@eu.pumpworks.example")
    second = effect().fingerprint
    ListRule.objects.update(version=2)
    assert len({first, second, effect().fingerprint, effect().fingerprint}) == 3


def test_ten_are_named_and_all_counted_in_five_statements():
    for number in range(12):
        make.guest(f"g{number:02}@s{number}.pumpworks.example")
    with CaptureQueriesContext(connection) as captured:
        shut_out = effect().shut_out
    assert (shut_out.number, [move.person for move in shut_out.people], shut_out.more) == (
        12,
        [f"G{number:02}" for number in range(10)],
        2,
    )
    assert len(captured) == 5

"""What goes with the demo data, and what that does to others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.facts.sample_data import demo_names
from governance.impact import impact_of
from governance.impact.sample_data import removing_demo
from governance.models import ListRule, Package
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make


@pytest.fixture(autouse=True)
def loaded(db):
    load_demo(by=SYSTEM, at=make.NOON)


def test_made_up_people_are_not_said_to_lose_anything():
    assert impact_of(removing_demo(), make.NOON).people == ()


def test_what_goes_is_listed_by_name():
    goes = demo_names()
    assert {what: len(names) for what, names in goes.items()} == {
        "connected organizations": 10,
        "people": 13,
        "access packages": 5,
        "groups": 6,
        "catalogs": 2,
        "list rules": 1,
        "what-if tests": 2,
        "known directories": 8,
    }
    assert goes["list rules"] == ["norr.example"]


def test_what_people_made_their_own_does_not_go():
    make.saved_test("ann@fabrikam.example", Package.objects.get(name="Visitor network"))
    ListRule.objects.update(version=2)
    goes = demo_names()
    assert ("Visitor network" in goes["access packages"], goes["list rules"]) == (False, [])


def test_a_guest_at_a_demo_organization_loses_it_and_its_packages():
    make.guest("max@eu.pumpworks.example", name="Max Frei")
    (person,) = impact_of(removing_demo(), make.NOON).people
    difference = person.difference
    assert (person.name, difference.before, difference.after) == ("Max Frei", "Pumpworks Group", "")
    assert [access.package for access in difference.loses] == [
        "Project calendar",
        "Supplier drawings",
        "Visitor network",
    ]


def test_the_number_of_statements_does_not_grow_with_the_people():
    numbers = []
    for count in (1, 20):
        for number in range(count):
            make.guest(f"p{count}-{number}@pumpworks.example")
        with CaptureQueriesContext(connection) as captured:
            impact_of(removing_demo(), make.NOON)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]

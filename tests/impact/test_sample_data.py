"""What removing the demo data does to those who are not part of it."""

from __future__ import annotations

import pytest

from governance.impact import Impact, impact_of
from governance.impact.sample_data import removing_demo
from governance.models import ListRule, Package, Person
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

from .reading import groups_of, people_of

GONE = "-Project calendar -Supplier drawings -Visitor network"


@pytest.fixture(autouse=True)
def loaded(db):
    load_demo(by=SYSTEM, at=make.NOON)


def impact() -> Impact:
    return impact_of(removing_demo(), make.NOON)


def test_people_and_sponsors_of_the_demo_data_are_not_spoken_of():
    told = impact()
    assert (told.people, told.sponsors, told.invitations, told.tests) == ((), (), (), ())


def test_a_guest_at_a_demo_organization_loses_its_packages():
    make.guest("max@eu.pumpworks.example", name="Max Frei")
    assert people_of(impact()) == [("Max Frei", GONE, "Pumpworks Group > none")]


def test_members_and_strangers_lose_what_is_for_them():
    assert {packages for _who, packages in groups_of(impact())} == {"-Visitor network"}


def test_a_package_that_somebody_changed_stays_and_so_does_access_to_it():
    Package.objects.filter(name="Visitor network").update(version=2)
    assert groups_of(impact()) == []


def test_the_rule_of_the_demo_data_blocks_nobody_afterwards():
    make.organization("Castings", "eu.norr.example")
    make.policy(make.package("Badge"), "all_configured")
    make.guest("max@eu.norr.example", name="Max Frei")
    assert people_of(impact()) == [("Max Frei", "+Badge", "")]


def test_a_rule_that_somebody_changed_stays():
    make.organization("Castings", "eu.norr.example")
    make.policy(make.package("Badge"), "all_configured")
    make.guest("max@eu.norr.example")
    ListRule.objects.update(version=2)
    assert people_of(impact()) == []


def test_a_block_that_goes_with_a_person_of_the_demo_data_ends_for_the_mailbox():
    email = "lea@service.pumpworks.example"
    Person.objects.filter(email=email).update(state="blocked", is_active=False)
    make.organization("Service", "service.pumpworks.example")
    make.policy(make.package("Badge"), "all_configured")
    make.guest("lea+two@service.pumpworks.example", name="Lea Two")
    assert people_of(impact()) == [("Lea Two", "+Badge", "")]

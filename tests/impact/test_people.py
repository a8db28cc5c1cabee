"""What blocking and removing people, and changing sponsors, do."""

from __future__ import annotations

import pytest

from governance.actions.people import invitations
from governance.impact import Impact, impact_of
from governance.impact import people as changes
from governance.rules.roles import SYSTEM
from tests import make

from .reading import invitations_of, people_of, sponsors_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sponsored(fabrikam, bob):
    """Bob is the only sponsor of Fabrikam, and can request Drawings."""
    make.sponsor(fabrikam, bob)
    make.policy(make.package(), "all_configured")


def impact(change) -> Impact:
    return impact_of(change, make.NOON)


def test_blocking_takes_packages_and_the_only_sponsor(bob):
    told = impact(changes.blocking(bob))
    assert (people_of(told), sponsors_of(told)) == (
        [("Bob Ferreira", "-Drawings", "")],
        [("Bob Ferreira", "stops", 0)],
    )


def test_blocking_one_address_takes_them_from_every_account_of_the_mailbox(bob):
    make.guest("bob+x@eng.fabrikam.example", name="Bob Tagged")
    assert people_of(impact(changes.blocking(bob))) == [
        ("Bob Ferreira", "-Drawings", ""),
        ("Bob Tagged", "-Drawings", ""),
    ]


def test_unblocking_gives_all_back(bob):
    bob.state, bob.is_active = "blocked", False
    bob.save()
    told = impact(changes.unblocking(bob))
    assert (people_of(told), sponsors_of(told)) == (
        [("Bob Ferreira", "+Drawings", "")],
        [("Bob Ferreira", "counts", 1)],
    )


def test_unblocking_one_of_two_blocked_accounts_of_a_mailbox_gives_nothing_back(bob):
    make.guest("bob+x@eng.fabrikam.example", state="blocked")
    bob.state, bob.is_active = "blocked", False
    bob.save()
    assert impact(changes.unblocking(bob)).is_empty


def test_removing_a_guest_says_how_many_sponsors_are_left(fabrikam, bob, sam):
    make.sponsor(fabrikam, sam)
    told = impact(changes.removing(bob))
    assert (people_of(told), sponsors_of(told)) == ([], [("Bob Ferreira", "stops", 1)])


def test_removing_somebody_who_was_invited_stops_the_invitation():
    given = {"email": "ann@fabrikam.example", "name": "Ann", "message": ""}
    person = invitations.invite_guest(**given, by=SYSTEM, at=make.NOON)
    assert invitations_of(impact(changes.removing(person))) == [("ann@fabrikam.example", "stops")]


def test_removing_the_last_sponsor_is_said(fabrikam, bob):
    told = impact(changes.removing_sponsors(fabrikam, [bob]))
    assert sponsors_of(told) == [("Bob Ferreira", "stops", 0)]


def test_a_sponsor_who_does_not_count_is_removed_without_an_impact(fabrikam, bob):
    make.list_rule("fabrikam.example")
    assert impact(changes.removing_sponsors(fabrikam, [bob])).is_empty


def test_sponsors_of_the_other_kind_stay(fabrikam, sam):
    make.sponsor(fabrikam, sam)
    told = impact(changes.changing_sponsors(fabrikam, "internal", []))
    assert sponsors_of(told) == [("Sam Adeyemi", "stops", 1)]

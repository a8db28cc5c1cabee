"""What changes of the allow and deny list, and of your own domains, do to others."""

from __future__ import annotations

import pytest

from governance.actions.people import invitations
from governance.impact import Change, Impact, impact_of
from governance.impact import domain_list as changes
from governance.rules.domain_list import NewListRule
from governance.rules.roles import SYSTEM
from tests import make

from .reading import domains_of, groups_of, invitations_of, people_of, sponsors_of

pytestmark = pytest.mark.django_db
ELSEWHERE = "People whose domain is in no connected organization and no rule"


@pytest.fixture(autouse=True)
def drawings(db):
    """A package for every configured organization."""
    make.policy(row := make.package(), "all_configured")
    return row


def rule(name: str, effect: str = "block", breadth: str = "with_subdomains") -> NewListRule:
    return NewListRule(name, breadth, effect)


def impact(change: Change) -> Impact:
    return impact_of(change, make.NOON)


def test_a_block_takes_all_from_people_at_and_beneath_the_domain(fabrikam, bob, eve):
    assert people_of(impact(changes.adding_rules([rule("fabrikam.example")]))) == [
        ("Bob Ferreira", "-Drawings", "")
    ]


def test_a_rule_for_one_domain_leaves_its_subdomains(fabrikam, bob):
    told = impact(changes.adding_rules([rule("fabrikam.example", breadth="alone")]))
    assert (people_of(told), domains_of(told)) == (
        [],
        [("fabrikam.example", False, "-Drawings", "")],
    )


def test_an_exception_beneath_a_blocked_parent_is_not_concerned(fabrikam, bob):
    make.list_rule("eng.fabrikam.example", "allow")
    told = impact(changes.adding_rules([rule("fabrikam.example")]))
    assert (people_of(told), [each.domain for each in told.domains]) == (
        [],
        ["fabrikam.example", "fabrikam.example"],
    )


def test_a_block_stops_an_open_invitation_and_a_sponsor(fabrikam, bob):
    make.sponsor(fabrikam, bob)
    given = {"email": "ann@fabrikam.example", "name": "Ann", "message": ""}
    invitations.invite_guest(**given, by=SYSTEM, at=make.NOON)
    told = impact(changes.adding_rules([rule("fabrikam.example")]))
    assert (invitations_of(told), sponsors_of(told)) == (
        [("ann@fabrikam.example", "stops")],
        [("Bob Ferreira", "stops", 0)],
    )


def test_removing_a_block_gives_back_what_it_took(fabrikam, bob):
    make.sponsor(fabrikam, bob)
    told = impact(changes.removing_rule(make.list_rule("fabrikam.example")))
    assert (people_of(told), sponsors_of(told)) == (
        [("Bob Ferreira", "+Drawings", "")],
        [("Bob Ferreira", "counts", 1)],
    )


def test_removing_an_exception_puts_people_beneath_the_blocked_parent(fabrikam, bob):
    make.list_rule("fabrikam.example")
    told = impact(changes.removing_rule(make.list_rule("eng.fabrikam.example", "allow")))
    assert people_of(told) == [("Bob Ferreira", "-Drawings", "")]


def test_changing_the_effect_of_a_rule_is_one_change(fabrikam, bob):
    told = impact(
        changes.changing_rule(make.list_rule("fabrikam.example"), rule("fabrikam.example", "allow"))
    )
    assert people_of(told) == [("Bob Ferreira", "+Drawings", "")]


def test_blocking_by_default_takes_all_from_everybody_without_a_rule(fabrikam, bob):
    make.organization("Norr", "norr.example")
    make.list_rule("norr.example", "allow")
    make.guest("max@norr.example")
    make.policy(make.package("Visitors"), "any_outside")
    told = impact(changes.changing_default("block"))
    assert (people_of(told), groups_of(told)) == (
        [("Bob Ferreira", "-Drawings -Visitors", "")],
        [(ELSEWHERE, "-Visitors")],
    )


def test_an_own_domain_takes_the_people_beneath_it_out_of_their_organization(fabrikam, bob):
    told = impact(changes.adding_own_domain("eng.fabrikam.example"))
    assert people_of(told) == [("Bob Ferreira", "-Drawings", "Fabrikam > none")]


def test_an_own_domain_that_is_removed_gives_them_back(fabrikam):
    make.own_name("eng.fabrikam.example")
    make.guest("bob@eng.fabrikam.example", name="Bob Ferreira")
    told = impact(changes.removing_own_domain("eng.fabrikam.example"))
    assert people_of(told) == [("Bob Ferreira", "+Drawings", "none > Fabrikam")]


def test_whoever_is_beneath_an_own_domain_before_and_after_is_not_concerned(fabrikam, bob):
    make.own_name("eng.fabrikam.example")
    told = impact(changes.changing_own_domain("eng.fabrikam.example", "fabrikam.example"))
    assert people_of(told) == []


def test_a_rule_where_nobody_can_request_anything_has_no_impact():
    assert impact(changes.adding_rules([rule("unknown.example")])).is_empty


def test_another_person_concerned_is_another_fingerprint(fabrikam):
    change = changes.adding_rules([rule("fabrikam.example")])
    seen = impact(change).fingerprint
    make.guest("max@fabrikam.example")
    assert len({"", seen, impact(change).fingerprint}) == 3

"""An impact in plain English, word for word."""

from __future__ import annotations

import pytest

from governance.actions.organizations import deletion
from governance.actions.people import invitations
from governance.facts.organizations.new_organizations import preview_of
from governance.facts.organizations.restorations import restoration_of
from governance.impact import Change, impact_of
from governance.impact import domain_list as list_changes
from governance.impact import organizations as changes
from governance.impact.access_packages import opening, putting_policy, removing_policies
from governance.impact.people import removing, removing_sponsors
from governance.impact.result import Access, Difference, Impact, PersonImpact
from governance.models import Organization
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
AT_FABRIKAM = "Anyone with an address at fabrikam.example and its subdomains"
ELSEWHERE = "People whose domain is in no connected organization and no rule"
BLOCK = NewListRule("fabrikam.example", "with_subdomains", "block")


def said(change: Change) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in impact_of(change, make.NOON).lines]


@pytest.fixture
def drawings(fabrikam, bob):
    """A package that Bob of Fabrikam can request."""
    make.policy(row := make.package(), "all_configured", needs_approval=False)
    return row


def test_deleting_pumpworks_in_the_demo_data_says_that_three_packages_are_lost():
    load_demo(**ACTING)
    pumpworks = Organization.objects.get(name="Pumpworks Group")
    packages = "Project calendar, Supplier drawings and Visitor network"
    reserved = (
        "Pumpworks Group was deleted, and pumpworks.example is still reserved for it."
        " Restore the organization, release the domain, or add it to another organization."
    )
    assert said(changes.deleting(pumpworks)) == [
        ("lose", f"3 people can no longer request {packages}."),
        (
            "lose",
            f"Anyone with an address at one of these 5 domains can no longer request {packages}.",
        ),
        (
            "lose",
            "Anneke Kuiper, Tomas Oyelaran and Rosa Bianchi no longer count as sponsors of"
            " Pumpworks Group, which then has no sponsor.",
        ),
        ("lose", "3 open requests are withdrawn."),
        (
            "note",
            (
                "The saved test “Rosa can request drawings” would fail."
                f" The answer would be: “{reserved}”"
            ),
        ),
    ]


@pytest.mark.parametrize(("needs", "words"), [(False, "without approval"), (True, "with approval")])
def test_configuring_says_what_anyone_at_the_domain_can_request_from_then_on(needs, words):
    make.policy(make.package(), "all_configured", needs_approval=needs)
    norr = make.organization("Norr", "norr.example", state="proposed")
    who = "Anyone with an address at norr.example and its subdomains"
    assert said(changes.changing_state(norr, "configured")) == [
        ("gain", f"{who} can request Drawings {words}.")
    ]


def test_blocking_a_domain_says_its_open_invitation_and_its_sponsor(fabrikam, bob):
    make.sponsor(fabrikam, bob)
    invitations.invite_guest(email="ann@fabrikam.example", name="Ann", message="", **ACTING)
    assert said(list_changes.adding_rules([BLOCK])) == [
        (
            "lose",
            "Bob Ferreira no longer counts as a sponsor of Fabrikam, which then has no sponsor.",
        ),
        ("lose", "The open invitation of ann@fabrikam.example stops working."),
    ]


def test_a_subdomain_with_its_own_rule_is_named_as_an_exception(drawings):
    make.list_rule("shop.fabrikam.example", "allow")
    assert said(list_changes.adding_rules([BLOCK]))[1] == (
        "lose",
        f"{AT_FABRIKAM} (except shop.fabrikam.example) can no longer request Drawings.",
    )


def test_a_subdomain_that_shares_the_impact_is_not_named_again(drawings):
    fabrikam = make.organization("Group", "fabrikam.test", "shop.fabrikam.test")
    assert said(changes.deleting(fabrikam))[0] == (
        "lose",
        (
            "Anyone with an address at fabrikam.test"
            " and its subdomains can no longer request Drawings."
        ),
    )


def test_more_than_three_exceptions_are_counted(drawings):
    for number in range(4):
        make.list_rule(f"s{number}.fabrikam.example", "allow")
    assert said(list_changes.adding_rules([BLOCK]))[1] == (
        "lose",
        f"{AT_FABRIKAM} (except 4 of them) can no longer request Drawings.",
    )


def test_many_losses_do_not_hide_who_gains_access(db):
    gains = Difference(gains=(Access("Badge", False),))
    losses = [
        PersonImpact(
            key, f"P{key}", f"p{key}@a.example", Difference(loses=(Access(str(key), True),))
        )
        for key in range(22)
    ]
    impact = Impact(people=(*losses, PersonImpact(99, "Ann", "ann@a.example", gains)))
    assert [line.text for line in impact.lines][-2:] == [
        "2 more changes take access away and are not listed here.",
        "Ann can request Badge without approval.",
    ]


def test_one_person_is_called_by_name_and_several_are_counted(drawings):
    assert said(list_changes.adding_rules([BLOCK]))[0] == (
        "lose",
        "Bob Ferreira can no longer request Drawings.",
    )
    make.guest("lea@fabrikam.example")
    assert said(list_changes.adding_rules([BLOCK]))[0] == (
        "lose",
        "2 people can no longer request Drawings.",
    )


def test_ten_people_are_named_and_the_others_counted(drawings):
    for number in range(12):
        make.guest(f"a{number:02}@fabrikam.example")
    first = impact_of(list_changes.adding_rules([BLOCK]), make.NOON).lines[0]
    names = [f"A{number:02} (a{number:02}@fabrikam.example)" for number in range(10)]
    assert first.names == (*names, "and 3 more")


def test_closing_a_package_says_that_nobody_can_request_it(drawings):
    assert said(opening(drawings, False)) == [
        ("lose", "Bob Ferreira can no longer request Drawings."),
        ("lose", f"{AT_FABRIKAM} can no longer request Drawings."),
        ("lose", "Nobody can request Drawings any more."),
    ]


def test_another_approval_is_a_note(drawings):
    wanted = NewPolicy("Policy", "all_configured", stages=make.stages())
    change = putting_policy(drawings, drawings.policies.get(), wanted)
    assert said(change) == [
        ("note", "Bob Ferreira needs approval for Drawings."),
        ("note", f"{AT_FABRIKAM} needs approval for Drawings."),
    ]


def test_members_and_people_of_no_organization_are_said_as_a_whole(db):
    members, anyone = (make.policy(make.package(s), s) for s in ("members", "any_outside"))
    assert said(removing_policies([members, anyone])) == [
        ("lose", "Uma Castellanos can no longer request members."),
        ("lose", "People in your directory can no longer request members."),
        ("lose", f"{ELSEWHERE} can no longer request any_outside."),
        ("lose", "Nobody can request any_outside or members any more."),
    ]


def test_an_organization_without_packages_is_said_where_addresses_belong(db):
    new = NewOrganization("Contoso", sources=(NewSource("contoso.example"),))
    who = "Anyone with an address at contoso.example and its subdomains"
    begins = said(changes.connecting(preview_of(new, **ACTING).claims))
    make.organization("Contoso", "contoso.example")
    assert [*begins, *said(changes.releasing(["contoso.example"]))] == [
        ("note", f"{who} now belongs to Contoso."),
        ("note", f"{who} no longer belongs to Contoso or any other organization."),
    ]


def test_a_deleted_organization_without_packages_is_said_to_be_deleted(fabrikam):
    assert said(changes.deleting(fabrikam)) == [
        ("note", f"{AT_FABRIKAM} belongs to a deleted organization.")
    ]


def test_a_restored_organization_without_packages_is_said_by_name(fabrikam):
    row = deletion.delete(organization=fabrikam, **ACTING)
    assert said(changes.restoring(row, restoration_of(row, by=SYSTEM))) == [
        ("note", f"{AT_FABRIKAM} belongs to Fabrikam.")
    ]


def test_a_sponsor_who_leaves_others_says_how_many(fabrikam, bob, sam, ada):
    for person in (bob, sam, ada):
        make.sponsor(fabrikam, person)
    assert said(removing_sponsors(fabrikam, [bob])) == [
        (
            "lose",
            "Bob Ferreira no longer counts as a sponsor of Fabrikam, which keeps 2 others.",
        )
    ]


def test_removing_somebody_of_whom_nothing_depends_says_nothing(eve):
    assert said(removing(eve)) == []


def test_a_policy_without_an_organization_is_said_to_let_nobody_request(fabrikam):
    make.policy(make.package("Badge"), "named", fabrikam)
    assert said(changes.deleting(fabrikam))[1:] == [
        (
            "lose",
            "The policy Named (Badge) has no organization left and lets nobody request access.",
        ),
        ("lose", "Nobody can request Badge any more."),
    ]

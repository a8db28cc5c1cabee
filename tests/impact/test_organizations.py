"""What connecting, configuring, deleting, restoring and releasing do to others."""

from __future__ import annotations

import pytest

from governance.actions.organizations import deletion
from governance.actions.people import invitations
from governance.facts.organizations.new_organizations import preview_of
from governance.facts.organizations.restorations import restoration_of
from governance.facts.organizations.source_changes import source_changes
from governance.impact import Impact, impact_of
from governance.impact.organizations import (
    changing_sources,
    changing_state,
    connecting,
    deleting,
    releasing,
    restoring,
)
from governance.models import Organization
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM
from tests import make

from .reading import accounts, domains_of, invitations_of, people_of, sponsors_of

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}


@pytest.fixture
def offered(fabrikam, bob):
    """Fabrikam with Bob; Badge is for configured organizations, Drawings names Fabrikam."""
    make.policy(make.package("Badge"), "all_configured")
    make.policy(make.package("Drawings"), "named", fabrikam)
    return Organization.objects.get()


def connected(*names: str) -> Impact:
    new = NewOrganization("Contoso", sources=tuple(NewSource(name) for name in names))
    return impact_of(connecting(preview_of(new, **ACTING).claims), make.NOON)


def with_sources(organization, *sources: NewSource) -> Impact:
    changes = source_changes(organization, sources, by=SYSTEM)
    return impact_of(changing_sources(changes), make.NOON)


def deleted(organization) -> Organization:
    return deletion.delete(organization=organization, **ACTING)


# Connected, and its domains


def test_guests_at_the_domain_of_a_new_organization_belong_to_it(offered):
    make.guest("eve@contoso.example", name="Eve Novak")
    impact = connected("contoso.example")
    assert people_of(impact) == [("Eve Novak", "+Badge", "none > Contoso")]


def test_guests_beneath_a_longer_domain_move_to_its_organization_and_lose_what_named_the_old_one(
    offered,
):
    impact = connected("eng.fabrikam.example")
    assert people_of(impact) == [("Bob Ferreira", "-Drawings", "Fabrikam > Contoso")]


def test_a_new_organization_without_guests_is_said_by_its_domains(offered):
    assert domains_of(connected("contoso.example", "contoso.test")) == [
        (domain, is_beneath, "+Badge", "none > Contoso")
        for domain in ("contoso.example", "contoso.test")
        for is_beneath in (False, True)
    ]


def test_a_guest_who_was_removed_is_concerned_by_nothing():
    make.guest("eve@contoso.example", state="removed")
    assert people_of(connected("contoso.example")) == []


def test_switching_subdomains_off_concerns_the_subdomains_alone(offered):
    make.guest("lea@fabrikam.example")
    impact = with_sources(offered, NewSource("fabrikam.example", covers_subdomains=False))
    loss = ("-Badge -Drawings", "Fabrikam > none")
    assert people_of(impact) == [("Bob Ferreira", *loss)]
    assert domains_of(impact) == [("fabrikam.example", True, *loss)]


def test_a_guest_sponsor_at_a_domain_that_is_removed_counts_no_more(fabrikam, bob, sam):
    make.sponsor(fabrikam, bob)
    make.sponsor(fabrikam, sam)
    impact = with_sources(fabrikam, NewSource("other.example"))
    assert sponsors_of(impact) == [("Bob Ferreira", "stops", 1)]


# Configured and proposed


def test_proposing_takes_what_policies_for_configured_organizations_gave(offered):
    impact = impact_of(changing_state(offered, "proposed"), make.NOON)
    assert people_of(impact) == [("Bob Ferreira", "-Badge", "")]


def test_configuring_says_what_the_domain_can_request_where_nobody_is_known():
    make.policy(make.package("Badge"), "all_configured", needs_approval=False)
    row = make.organization("Norr", "norr.example", state="proposed")
    impact = impact_of(changing_state(row, "configured"), make.NOON)
    gains = {access for each in impact.domains for access in each.difference.gains}
    assert [(access.package, access.needs_approval) for access in gains] == [("Badge", False)]


def test_the_same_state_has_no_impact(offered):
    assert impact_of(changing_state(offered, "configured"), make.NOON).is_empty


# Deleted, restored, released


def test_deleting_takes_what_is_for_any_outside_person_too(offered):
    make.policy(make.package("Visitors"), "any_outside")
    impact = impact_of(deleting(offered), make.NOON)
    loss = ("Bob Ferreira", "-Badge -Drawings -Visitors", "Fabrikam > Fabrikam (deleted)")
    assert people_of(impact) == [loss]


def test_deleting_says_which_policies_name_no_organization_and_which_packages_are_for_nobody(
    offered,
):
    make.organization("Contoso", "contoso.example")
    impact = impact_of(deleting(offered), make.NOON)
    assert (impact.policies, impact.packages) == (("Named (Drawings)",), ("Drawings",))


def test_people_whom_the_list_blocks_lose_nothing_and_those_at_an_exception_beneath_do(offered):
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    make.guest("hal@hr.fabrikam.example", name="Hal Yu")
    impact = impact_of(changing_state(offered, "proposed"), make.NOON)
    assert people_of(impact) == [("Bob Ferreira", "-Badge", "")]


@pytest.mark.parametrize("state", ["blocked", "removed"])
def test_people_without_an_account_that_works_lose_no_package(offered, bob, state):
    bob.state, bob.is_active = state, False
    bob.save()
    impact = impact_of(changing_state(offered, "proposed"), make.NOON)
    assert people_of(impact) == []


def test_deleting_ends_what_its_sponsors_count_for(offered, sam):
    make.sponsor(offered, sam)
    assert sponsors_of(impact_of(deleting(offered), make.NOON)) == [("Sam Adeyemi", "stops", 0)]


def test_restoring_gives_back_what_deleting_took(offered):
    took = accounts(impact_of(deleting(offered), make.NOON))
    row = deleted(offered)
    gave = accounts(impact_of(restoring(row, restoration_of(row, by=SYSTEM)), make.NOON))
    assert gave == [(name, *reversed(both)) for name, *both in took]


def test_restoring_gives_nothing_at_a_domain_that_was_given_to_another(offered):
    row = deleted(offered)
    make.organization("Contoso", "eng.fabrikam.example")
    impact = impact_of(restoring(row, restoration_of(row, by=SYSTEM)), make.NOON)
    assert people_of(impact) == []


def test_a_released_domain_is_of_nobody_and_only_for_policies_for_any_outside_person(offered):
    make.policy(make.package("Visitors"), "any_outside")
    deleted(offered)
    impact = impact_of(releasing(["fabrikam.example"]), make.NOON)
    assert people_of(impact) == [("Bob Ferreira", "+Visitors", "Fabrikam (deleted) > none")]


def test_an_open_invitation_goes_on_when_its_organization_is_deleted(offered):
    given = {"email": "ann@fabrikam.example", "name": "Ann", "message": ""}
    invitations.invite_guest(**given, **ACTING)
    assert invitations_of(impact_of(deleting(offered), make.NOON)) == []

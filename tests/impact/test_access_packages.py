"""What changes of policies and packages do to guests, members and people who are not known yet."""

from __future__ import annotations

import pytest

from governance.impact import Impact, impact_of
from governance.impact.access_packages import opening, putting_policy, removing_policies
from governance.rules.access_packages.lifecycle import Lifecycle
from governance.rules.access_packages.terms import NewPolicy
from tests import make

from .reading import domains_of, groups_of, people_of

pytestmark = pytest.mark.django_db
ELSEWHERE = "People whose domain is in no connected organization and no rule"
MEMBERS = "People in your directory"


@pytest.fixture(autouse=True)
def portal(fabrikam, bob, eve, ada):
    """Bob of Fabrikam, Eve of no organization,
    Ada of your directory, and a proposed organization.
    """
    return make.organization("Norr", "norr.example", state="proposed")


def put(package, scope: str, *organizations, row=None, **more) -> Impact:
    keys = tuple(organization.uuid for organization in organizations)
    policy = NewPolicy("Policy", scope, keys, **{"stages": make.stages()} | more)
    return impact_of(putting_policy(package, row, policy), make.NOON)


def test_a_policy_for_configured_organizations_is_for_their_people_alone():
    assert people_of(put(make.package(), "all_configured")) == [("Bob Ferreira", "+Drawings", "")]


def test_a_policy_for_any_outside_person_is_for_strangers_too():
    told = put(make.package(), "any_outside")
    assert people_of(told) == [("Bob Ferreira", "+Drawings", ""), ("Eve Novak", "+Drawings", "")]
    assert groups_of(told) == [(ELSEWHERE, "+Drawings")]


def test_a_policy_for_members_is_for_members_alone():
    told = put(make.package(), "members")
    assert (people_of(told), domains_of(told), groups_of(told)) == (
        [("Ada Okafor", "+Drawings", "")],
        [],
        [(MEMBERS, "+Drawings")],
    )


def test_a_policy_that_names_a_proposed_organization_is_for_its_domain(portal):
    assert domains_of(put(make.package(), "named", portal)) == [
        ("norr.example", is_beneath, "+Drawings", "") for is_beneath in (False, True)
    ]


def test_switching_approval_off_takes_the_package_from_shared_mailboxes():
    make.guest("support@fabrikam.example", name="Support")
    row = make.policy(make.package(), "all_configured")
    told = put(row.package, "all_configured", row=row, stages=())
    assert people_of(told) == [("Bob Ferreira", "~Drawings", ""), ("Support", "-Drawings", "")]


def test_switching_approval_on_gives_it_to_shared_mailboxes_of_members_too():
    make.member("support@harbourgate.example", name="Support")
    row = make.policy(make.package(), "members", needs_approval=False)
    told = put(row.package, "members", row=row)
    assert people_of(told) == [("Ada Okafor", "~Drawings", ""), ("Support", "+Drawings", "")]


def test_a_removed_policy_is_made_up_for_by_another_that_lets_the_same_people_request():
    package = make.package()
    row, other = (make.policy(package, scope) for scope in ("all_configured", "any_outside"))
    alone, both = (impact_of(removing_policies(rows), make.NOON) for rows in ([row], [row, other]))
    assert (alone.is_empty, people_of(both)) == (
        True,
        [("Bob Ferreira", "-Drawings", ""), ("Eve Novak", "-Drawings", "")],
    )


def test_closing_a_package_takes_it_from_all_and_opening_gives_it_back():
    make.policy(open_one := make.package(), "all_configured")
    make.policy(closed := make.package("Badge", is_open=False), "all_configured")
    told = [impact_of(opening(*each), make.NOON) for each in ((open_one, False), (closed, True))]
    assert [(people_of(each), each.packages) for each in told] == [
        ([("Bob Ferreira", "-Drawings", "")], ("Drawings",)),
        ([("Bob Ferreira", "+Badge", "")], ()),
    ]


def test_a_policy_of_a_closed_package_has_no_impact():
    assert put(make.package(is_open=False), "all_configured").is_empty


def test_a_package_that_stays_open_has_no_impact():
    make.policy(package := make.package(), "all_configured")
    assert impact_of(opening(package, True), make.NOON).is_empty


def test_a_policy_with_the_same_terms_and_another_duration_has_no_impact():
    row = make.policy(make.package(), "any_outside")
    assert put(row.package, "any_outside", row=row, lifecycle=Lifecycle(days=3)).is_empty


def test_people_whom_the_list_blocks_and_people_who_are_blocked_gain_nothing():
    make.list_rule("eng.fabrikam.example")
    make.guest("lea@fabrikam.example", state="blocked")
    assert people_of(put(make.package(), "all_configured")) == []

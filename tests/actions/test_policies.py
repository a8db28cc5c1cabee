"""What can be done to the policies of a package (product rules 18, 26 and 33)."""

import json

import pytest

from governance.actions.access_packages.policies import change_policy, create_policy, remove_policy
from governance.actions.organizations.deletion import delete
from governance.models import AuditEvent, Policy
from governance.rules.access_packages.lifecycle import Lifecycle
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}


@pytest.fixture
def badge():
    return make.package("Badge")


def named(*organizations, **more) -> NewPolicy:
    return NewPolicy(
        "Partners", "named", tuple(organization.uuid for organization in organizations), **more
    )


def names_of(policy: Policy) -> list[str]:
    return sorted(policy.organizations.values_list("name", flat=True))


def refusal_of(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        action(**given, **ACTING)
    return refused.value.code, refused.value.reasons[0].field


def test_a_policy_names_organizations_and_its_event_says_which(badge, fabrikam):
    create_policy(package=badge, policy=named(fabrikam), **ACTING)
    event = AuditEvent.objects.latest("id")
    assert (event.activity, json.loads(event.after)["organizations"]) == (
        "Create access package assignment policy",
        ["Fabrikam"],
    )


@pytest.mark.parametrize("scope", ["all_configured", "any_outside", "members"])
def test_a_package_has_one_policy_of_each_wide_scope(badge, scope):
    create_policy(package=badge, policy=NewPolicy("One", scope, (), make.stages()), **ACTING)
    second = NewPolicy("Two", scope, (), make.stages())
    assert refusal_of(create_policy, package=badge, policy=second) == (
        "scope_taken",
        "scope",
    )


def test_another_package_has_its_own(badge):
    create_policy(package=badge, policy=NewPolicy("One", "all_configured"), **ACTING)
    create_policy(
        package=make.package("Drawings"), policy=NewPolicy("One", "all_configured"), **ACTING
    )
    assert Policy.objects.count() == 2


def test_one_policy_of_a_package_names_an_organization(badge, fabrikam):
    create_policy(package=badge, policy=named(fabrikam), **ACTING)
    assert refusal_of(create_policy, package=badge, policy=named(fabrikam)) == (
        "organization_named",
        "organizations",
    )


def test_any_outside_person_always_needs_approval(badge):
    assert refusal_of(create_policy, package=badge, policy=NewPolicy("All", "any_outside")) == (
        "any_outside_needs_approval",
        "stages",
    )


@pytest.mark.parametrize("days", [0, -1, 3661, 2**63])
def test_access_lasts_from_a_day_to_ten_years(badge, days):
    policy = NewPolicy("All", "members", lifecycle=Lifecycle(days=days))
    assert refusal_of(create_policy, package=badge, policy=policy) == (
        "length_out_of_bounds",
        "lasts_days",
    )


def test_the_last_named_organization_can_be_taken_out(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    assert names_of(change_policy(row=policy, policy=named(), **ACTING)) == []


def test_a_policy_made_wide_names_nobody(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    change_policy(row=policy, policy=NewPolicy("Partners", "members", (fabrikam.uuid,)), **ACTING)
    assert names_of(policy) == []


def test_a_deleted_organization_stays_named_for_when_it_is_restored(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    delete(organization=fabrikam, **ACTING)
    change_policy(
        row=policy, policy=named(make.organization("Contoso", "contoso.example")), **ACTING
    )
    assert names_of(policy) == ["Contoso", "Fabrikam"]


def test_what_somebody_saved_meanwhile_is_not_overwritten(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    change_policy(row=policy, policy=named(), **ACTING)
    assert (
        refusal_of(change_policy, row=policy, policy=named(fabrikam), version=1)[0]
        == "changed_meanwhile"
    )


def test_a_removed_policy_leaves_what_it_was(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    remove_policy(row=policy, **ACTING)
    event = AuditEvent.objects.latest("id")
    assert (event.activity, event.target, json.loads(event.before)["organizations"]) == (
        "Delete access package assignment policy",
        "Badge: Partners",
        ["Fabrikam"],
    )


def test_a_policy_made_wide_names_no_deleted_organization_either(badge, fabrikam):
    policy = create_policy(package=badge, policy=named(fabrikam), **ACTING)
    delete(organization=fabrikam, **ACTING)
    change_policy(row=policy, policy=NewPolicy("All", "all_configured"), **ACTING)
    assert names_of(policy) == []

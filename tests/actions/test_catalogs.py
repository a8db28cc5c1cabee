"""Catalogs, and what their managers may do without a role: in their catalog, and nowhere else."""

from __future__ import annotations

import pytest

from governance.actions import catalogs
from governance.actions.access_packages import creation, packages, policies, resources
from governance.actions.resources import groups, webhooks
from governance.models import AuditEvent, Catalog, Package, Person, Resource
from governance.rules.access_packages.new_packages import NewPackage
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_access
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
FIELDS = {"name": "Changed", "description": "", "is_listed": True, "is_open": True}


@pytest.fixture
def theirs(rob):
    """A package in the catalog that Rob manages, which gives a group."""
    package = make.package("Theirs", catalog=make_access.catalog("Theirs", rob))
    make_access.resource(package, make_access.group("Their group"))
    return package


@pytest.fixture
def others(sam):
    """A package in another catalog, which gives a group."""
    package = make.package("Others", catalog=make_access.catalog("Others", sam))
    make_access.resource(package, make_access.group("Other group"))
    return package


def code_of(action, by, **given) -> str:
    """The code with which somebody is refused; "" when it is done."""
    try:
        confirmed(action, **given, by=make.actor(by), at=make.NOON)
    except Refused as refusal:
        return refusal.code
    return ""


def calls_about(package) -> dict:
    """A call of every action that changes a package, by its name."""
    policy, resource = make.policy(package), package.resources.get()
    free = make_access.group(f"Free in {package}")
    other = make.package(f"Beside {package}", catalog=package.catalog)
    make_access.resource(other, free)
    return {
        "change_package": (packages.change_package, {"package": package, **FIELDS}),
        "create_policy": (
            policies.create_policy,
            {"package": package, "policy": NewPolicy("None", "nobody")},
        ),
        "change_policy": (
            policies.change_policy,
            {"row": policy, "policy": NewPolicy("None", "nobody")},
        ),
        "remove_policy": (policies.remove_policy, {"row": policy}),
        "add_resource": (resources.add_resource, {"package": package, "group": free}),
        "remove_resource": (resources.remove_resource, {"row": resource}),
    }


def test_a_manager_changes_the_packages_policies_and_resources_of_their_catalog(theirs, rob):
    calls = calls_about(theirs)
    codes = {name: code_of(action, rob, **given) for name, (action, given) in calls.items()}
    assert codes == dict.fromkeys(calls, "")


def test_a_manager_changes_nothing_in_another_catalog(theirs, others, rob):
    calls = calls_about(others)
    codes = {name: code_of(action, rob, **given) for name, (action, given) in calls.items()}
    assert codes == dict.fromkeys(calls, "not_permitted")


def test_a_manager_changes_nothing_in_general(theirs, rob):
    general = make.package("General one")
    make_access.resource(general, make_access.group("General group"))
    calls = calls_about(general)
    codes = {name: code_of(action, rob, **given) for name, (action, given) in calls.items()}
    assert codes == dict.fromkeys(calls, "not_permitted")


@pytest.mark.parametrize("change", [{"state": "blocked", "is_active": False}, {"kind": "guest"}])
def test_who_is_no_active_member_any_more_manages_nothing(theirs, rob, change):
    Person.objects.filter(pk=rob.pk).update(**change)
    given = {"package": theirs, **FIELDS}
    assert code_of(packages.change_package, rob, **given) == "not_permitted"


def test_who_is_a_manager_no_more_changes_nothing(theirs, rob):
    catalogs.change_catalog(
        catalog=theirs.catalog, name="Theirs", description="", managers=[], **ACTING
    )
    given = {"package": theirs, **FIELDS}
    assert code_of(packages.change_package, rob, **given) == "not_permitted"


def test_a_manager_creates_packages_in_their_catalog_alone(theirs, others, rob):
    codes = [
        code_of(packages.create_package, rob, **FIELDS | {"name": name, "catalog": catalog})
        for name, catalog in (("A", theirs.catalog), ("B", others.catalog), ("C", None))
    ]
    assert codes == ["", "not_permitted", "not_permitted"]


def test_a_manager_creates_whole_packages_in_their_catalog_alone(theirs, others, rob):
    codes = [
        code_of(creation.create_whole_package, rob, new=NewPackage(name, catalog=key))
        for name, key in (("A", theirs.catalog.uuid), ("B", others.catalog.uuid), ("C", None))
    ]
    assert codes == ["", "not_permitted", "not_permitted"]


def test_a_manager_gives_nobody_a_group_of_another_catalog(theirs, others, rob):
    group = others.resources.get().group
    assert code_of(resources.add_resource, rob, package=theirs, group=group) == (
        "resource_of_others"
    )


def test_a_manager_gives_nobody_a_webhook_that_is_in_no_package(theirs, rob):
    webhook = make_access.webhook()
    assert code_of(resources.add_resource, rob, package=theirs, webhook=webhook) == (
        "resource_of_others"
    )


def test_a_new_package_of_a_manager_gives_nothing_of_another_catalog(theirs, others, rob):
    new = NewPackage("A", catalog=theirs.catalog.uuid, groups=(others.resources.get().group.uuid,))
    assert (code_of(creation.create_whole_package, rob, new=new), Package.objects.count()) == (
        "resource_of_others",
        2,
    )


def test_a_manager_moves_no_package_out_of_their_catalogs_or_into_another(theirs, others, rob):
    codes = [
        code_of(catalogs.move_package, rob, package=package, catalog=catalog)
        for package, catalog in (
            (theirs, others.catalog),
            (theirs, None),
            (others, theirs.catalog),
            (make.package("General one"), theirs.catalog),
        )
    ]
    assert codes == ["not_permitted"] * 4


def test_a_manager_of_both_catalogs_moves_a_package_between_them(theirs, rob):
    second = make_access.catalog("Second", rob)
    assert code_of(catalogs.move_package, rob, package=theirs, catalog=second) == ""


def test_nobody_makes_themselves_a_manager(theirs, rob, gil):
    given = {"name": "Theirs", "description": ""}
    codes = [
        code_of(
            catalogs.change_catalog,
            person,
            catalog=theirs.catalog,
            managers=[person.uuid],
            **given,
        )
        for person in (rob, gil)
    ]
    made = code_of(catalogs.create_catalog, rob, name="Mine", description="", managers=[rob.uuid])
    assert (codes, made) == (["not_permitted"] * 2, "not_permitted")


def test_a_manager_changes_no_group_and_no_webhook(theirs, rob):
    group, webhook = theirs.resources.get().group, make_access.webhook()
    codes = [
        code_of(groups.add_group_member, rob, group=group, person=rob),
        code_of(groups.change_group, rob, group=group, name="X", description=""),
        code_of(groups.create_group, rob, name="X", description=""),
        code_of(webhooks.renew_webhook_secret, rob, webhook=webhook),
    ]
    assert codes == ["not_permitted"] * 4


def test_a_refused_manager_is_on_record(others, rob):
    code_of(packages.change_package, rob, package=others, **FIELDS)
    event = AuditEvent.objects.latest("pk")
    assert (event.actor, event.result, event.target) == ("Rob Lindholm", "refused", "Others")


def test_only_active_members_are_made_managers(bob, rob):
    Person.objects.filter(pk=rob.pk).update(state="blocked", is_active=False)
    codes = set()
    for person in (bob, rob):
        with pytest.raises(Refused) as refused:
            make_access.catalog("X", person)
        codes.add((refused.value.code, refused.value.reasons[0].field))
    assert (codes, Catalog.objects.count()) == ({("manager_gone", "managers")}, 0)


def test_a_catalog_with_packages_is_not_removed(theirs):
    with pytest.raises(Refused) as refused:
        catalogs.remove_catalog(catalog=theirs.catalog, **ACTING)
    assert refused.value.code == "catalog_in_use"


def test_a_change_of_managers_is_on_record(rob, sam):
    catalog = make_access.catalog("X", rob)
    given = {"name": "X", "description": "", "managers": [sam.uuid]}
    catalogs.change_catalog(catalog=catalog, **given, **ACTING)
    event = AuditEvent.objects.latest("pk")
    assert ("rob@" in event.before, "sam@" in event.after) == (True, True)


def test_moving_a_package_changes_nobodys_access(theirs, bob):
    make_access.access(theirs, bob)
    catalogs.move_package(package=theirs, catalog=None, **ACTING)
    theirs.refresh_from_db()
    assert (theirs.catalog, Resource.objects.filter(removed_at=None).count()) == (None, 1)

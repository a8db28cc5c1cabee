"""Roles as Django groups, and permissions that come from them alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from governance.models import Person
from governance.models.roles import install_roles
from governance.rules.roles import (
    GLOBAL_ADMINISTRATOR,
    GUEST_INVITER,
    READER,
    ROLES,
    ROLES_BY_PERMISSION,
    USER_ADMINISTRATOR,
    permissions_of,
)
from tests import make

pytestmark = pytest.mark.django_db
OURS = {f"governance.{name}" for name in ROLES_BY_PERMISSION}


def groups() -> dict[str, set[str]]:
    return {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }


def test_every_role_is_a_group_with_the_permissions_of_the_table():
    assert groups() == {role: permissions_of(role) for role in ROLES}


def test_every_permission_of_the_table_has_its_row():
    known = Permission.objects.filter(content_type__app_label="governance")
    assert set(ROLES_BY_PERMISSION) - set(known.values_list("codename", flat=True)) == set()


def test_a_group_that_somebody_tampered_with_is_put_right_by_the_next_migrate():
    Group.objects.get(name=READER).permissions.set(Permission.objects.filter(codename="grant_role"))
    install_roles()
    assert groups()[READER] == permissions_of(READER)


@pytest.mark.parametrize("role", ROLES)
def test_a_member_has_the_permissions_of_the_role(role):
    person = make.member("x@harbourgate.example", role)
    assert person.get_all_permissions() == {f"governance.{name}" for name in permissions_of(role)}


def test_two_roles_add_up():
    person = make.member("x@harbourgate.example", GUEST_INVITER, READER)
    assert person.get_all_permissions() == {
        f"governance.{name}" for name in permissions_of(GUEST_INVITER) | permissions_of(READER)
    }


def test_a_permission_given_to_a_person_alone_counts_for_nothing(rob):
    rob.user_permissions.set(Permission.objects.all())
    assert Person.objects.get(pk=rob.pk).get_all_permissions() == set()


def test_a_permission_put_into_a_group_by_hand_counts_for_nothing(gil):
    Group.objects.get(name=GUEST_INVITER).permissions.set(Permission.objects.all())
    assert Person.objects.get(pk=gil.pk).has_perm("governance.grant_role") is False


def test_a_group_that_is_no_role_gives_nothing(rob):
    group = Group.objects.create(name="Root")
    group.permissions.set(Permission.objects.all())
    rob.groups.add(group)
    assert Person.objects.get(pk=rob.pk).get_all_permissions() == set()


def test_a_guest_in_a_group_has_no_role(bob):
    bob.groups.add(Group.objects.get(name=GLOBAL_ADMINISTRATOR))
    guest = Person.objects.get(pk=bob.pk)
    assert (guest.role_names, guest.get_all_permissions() & OURS, guest.is_staff) == (
        frozenset(),
        set(),
        False,
    )


@pytest.mark.parametrize("state", ["invited", "blocked", "removed"])
def test_only_active_members_hold_roles(state):
    person = make.member("x@harbourgate.example", GLOBAL_ADMINISTRATOR, state=state)
    assert (person.role_names, person.get_all_permissions()) == (frozenset(), set())


def test_the_admin_site_opens_for_those_who_administer():
    staff = [
        role for role in ROLES if make.member(f"{len(role)}@harbourgate.example", role).is_staff
    ]
    assert staff == [GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR]


def test_no_permission_holds_for_one_object_alone(ada):
    assert ada.has_perm("governance.view_person", obj=ada) is False

"""What each role may do: the table of the product, cell by cell (rule 43)."""

from __future__ import annotations

import pytest

from governance.rules.roles import (
    GLOBAL_ADMINISTRATOR,
    GUEST_INVITER,
    READER,
    ROLES,
    ROLES_BY_PERMISSION,
    SYSTEM,
    USER_ADMINISTRATOR,
    Actor,
    permission_to_block,
    permission_to_invite,
    permissions_of,
    roles_that_may,
    sentence_of_who_may,
)

ALL = (GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, GUEST_INVITER, READER)
ADMINISTRATORS, INVITERS = ALL[:2], ALL[:3]
READERS = (GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, READER)
TABLE = {
    ("view_organization", "view_person"): ALL,
    ("add_organization", "invite_guest"): INVITERS,
    ("change_organization", "delete_organization", "block_guest", "change_package"): ADMINISTRATORS,
    ("view_package", "view_policy", "view_listrule", "use_what_if", "view_auditevent"): READERS,
    ("view_accessrequest",): READERS,
    ("change_assignment", "give_voucher"): ADMINISTRATORS,
    (
        "change_list",
        "change_ownname",
        "change_knowndirectory",
        "change_settings",
        "add_member",
        "block_member",
        "grant_role",
        "view_mail",
    ): ALL[:1],
}


def test_the_table_says_who_may_what():
    written = {
        permission: set(roles) for permissions, roles in TABLE.items() for permission in permissions
    }
    assert written == ROLES_BY_PERMISSION


def test_a_global_administrator_may_everything():
    assert permissions_of(GLOBAL_ADMINISTRATOR) == set(ROLES_BY_PERMISSION)


@pytest.mark.parametrize("role", ROLES)
def test_an_actor_may_what_the_role_may(role):
    assert {
        name for name in ROLES_BY_PERMISSION if Actor(1, "x", frozenset({role})).may(name)
    } == permissions_of(role)


def test_who_has_no_role_may_nothing_and_the_system_everything():
    assert [
        any(actor.may(name) for name in ROLES_BY_PERMISSION) for actor in (Actor(1, "x"), SYSTEM)
    ] == [False, True]


def test_the_roles_that_may_are_named_strongest_first():
    assert roles_that_may("add_organization") == INVITERS


@pytest.mark.parametrize(
    ("permission", "sentence"),
    [
        ("change_list", "Only a Global administrator can do this."),
        ("block_guest", "Only a Global administrator or User administrator can do this."),
        (
            "invite_guest",
            "Only a Global administrator, User administrator or Guest inviter can do this.",
        ),
    ],
)
def test_a_refusal_says_who_may(permission, sentence):
    assert sentence_of_who_may(permission) == sentence


def test_what_one_needs_depends_on_the_kind_of_person():
    needed = {
        kind: (permission_to_block(kind), permission_to_invite(kind))
        for kind in ("member", "guest")
    }
    assert needed == {
        "member": ("block_member", "add_member"),
        "guest": ("block_guest", "invite_guest"),
    }

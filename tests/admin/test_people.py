"""People on the admin site: the same rules, mails and events as on the People page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from governance.models import AuditEvent, Invitation, Mail, Person
from governance.rules.roles import GLOBAL_ADMINISTRATOR, READER, USER_ADMINISTRATOR
from tests import make

from .conftest import controls, problems


def events():
    return list(
        AuditEvent.objects.exclude(activity="Create connected organization")
        .order_by("pk")
        .values_list("activity", "result")
    )


def test_a_guest_is_invited_by_mail(desk, fabrikam):
    answer = desk.add(Person, kind="guest", email="Ann@Fabrikam.example", name="Ann Other")
    ann = Person.objects.get(email="ann@fabrikam.example")
    assert (answer.status_code, ann.kind, ann.state, ann.organization) == (
        302,
        "guest",
        "invited",
        fabrikam,
    )
    assert (Mail.objects.get().to, events()) == (
        "ann@fabrikam.example",
        [("Invite external user", "done")],
    )


def test_a_guest_whose_address_imitates_a_known_name_is_invited_after_the_warning(desk, fabrikam):
    asked = desk.add(Person, kind="guest", email="ann@fabrlkam.example", name="Ann Other")
    assert asked.context["notice"].lines == (
        (
            "fabrlkam.example looks like the known domain fabrikam.example."
            " Check that it is not an imitation."
        ),
    )
    assert not Mail.objects.exists()
    assert desk.again(asked).status_code == 302
    assert Mail.objects.get().to == "ann@fabrlkam.example"


def test_a_guest_whose_address_looks_like_a_blocked_name_is_invited_without_a_warning(desk):
    make.list_rule("acrne-tools.example")
    answer = desk.add(Person, kind="guest", email="bob@acme-tools.example", name="Bob")
    assert (answer.status_code, Mail.objects.get().to) == (302, "bob@acme-tools.example")


def test_a_member_is_added_by_mail(desk):
    desk.add(Person, kind="member", email="mia@harbourgate.example", name="Mia Park", unit="Sales")
    mia = Person.objects.get(email="mia@harbourgate.example")
    assert (mia.kind, mia.state, mia.unit, events()) == (
        "member",
        "invited",
        "Sales",
        [("Add user", "done")],
    )


def test_a_user_administrator_can_only_choose_a_guest(desk_of, uma):
    desk = desk_of(uma)
    assert [
        value
        for value, _label in desk.read(Person, "add")
        .context["adminform"]
        .form.fields["kind"]
        .choices
    ] == ["guest"]
    answer = desk.add(Person, kind="member", email="mia@harbourgate.example", name="Mia Park")
    assert list(problems(answer)) == ["kind"]
    assert not Person.objects.filter(email="mia@harbourgate.example").exists()


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"email": ""}, "email"),
        ({"email": "not an address"}, "email"),
        ({"email": '"a@b"@c.example'}, "email"),
        ({"email": "ann@norr.example"}, "email"),
        ({"email": "bob@eng.fabrikam.example"}, "email"),
        ({"email": "bob+x@eng.fabrikam.example"}, "email"),
        ({"name": "\u202egnp.exe"}, "name"),
    ],
    ids=[
        "empty",
        "no address",
        "quoted",
        "blocked by the list",
        "taken",
        "taken mailbox",
        "turned name",
    ],
)
def test_an_invitation_that_cannot_be_is_refused_at_its_field(desk, bob, typed, where):
    make.list_rule("norr.example")
    if typed.get("email", "").startswith("bob+"):
        bob.state, bob.is_active = Person.State.BLOCKED, False
        bob.save()
    given = {
        "kind": "guest",
        "email": "ann@fabrikam.example",
        "name": "Ann Other",
        "unit": "Kept",
        **typed,
    }
    answer = desk.add(Person, **given)
    assert list(problems(answer)) == [where]
    assert {name: controls(answer)[name] for name in ("email", "name", "unit")} == {
        name: given[name] for name in ("email", "name", "unit")
    }
    assert (Mail.objects.count(), Person.objects.filter(email="ann@fabrikam.example").count()) == (
        0,
        0,
    )


def test_name_unit_block_and_roles_of_one_save_are_an_event_each(desk, rob):
    reader = Group.objects.get(name=READER)
    answer = desk.change(rob, name="Rob Roy", unit="Sales", is_blocked="on")
    assert answer.status_code == 302
    desk.change(rob, is_blocked=[])
    desk.change(rob, roles=[reader.pk])
    assert events() == [
        (activity, "done")
        for activity in ("Update user", "Block user", "Unblock user", "Add member to role")
    ]
    rob.refresh_from_db()
    assert (rob.name, rob.unit, set(rob.groups.values_list("name", flat=True))) == (
        "Rob Roy",
        "Sales",
        {READER},
    )


def test_a_refusal_of_one_part_undoes_the_others(desk, ada):
    answer = desk.change(ada, name="Ada Lovelace", is_blocked="on")
    assert problems(answer) == {"__all__": ["You cannot block yourself"]}
    ada.refresh_from_db()
    assert (ada.name, ada.state) == ("Ada Okafor", "active")
    event = AuditEvent.objects.get()
    assert (event.activity, event.result, event.target) == ("Block user", "refused", "Ada Okafor")


def test_nobody_changes_their_own_roles(desk, ada):
    answer = desk.change(ada, roles=[])
    assert problems(answer) == {
        "__all__": ["You cannot change your own roles. Ask another Global administrator"]
    }
    assert ada.groups.get().name == GLOBAL_ADMINISTRATOR


def test_changing_roles_asks_for_the_password_again(desk_with_password, confirm, rob):
    reader = Group.objects.get(name=READER)
    asked = desk_with_password.change(rob, name="Rob Roy", roles=[reader.pk])
    rob.refresh_from_db()
    assert (asked.status_code, asked.url.partition("?")[0], rob.name, rob.role_names) == (
        302,
        "/accounts/reauthenticate/",
        "Rob Lindholm",
        frozenset(),
    )
    assert confirm(desk_with_password, asked).status_code == 302
    assert Person.objects.get(pk=rob.pk).role_names == {READER}


def test_a_name_is_changed_without_the_password(desk_with_password, rob):
    desk_with_password.change(rob, name="Rob Roy")
    assert Person.objects.get(pk=rob.pk).name == "Rob Roy"


@pytest.mark.parametrize("key", ["9" * 23, "x", "\0"], ids=["huge", "text", "NUL"])
def test_a_role_that_cannot_be_is_refused_at_its_field(desk, rob, key):
    assert problems(desk.change(rob, roles=[key])) == {
        "roles": [f"Select a valid choice. {key} is not one of the available choices."]
    }


def test_a_guest_gets_no_role(desk, bob):
    assert "roles" not in controls(desk.read(bob))
    reader = Group.objects.get(name=READER)
    desk.change(bob, roles=[reader.pk])
    assert not bob.groups.exists()


def test_a_user_administrator_changes_guests_and_reads_members(desk_of, uma, bob, rob):
    desk = desk_of(uma)
    assert desk.change(bob, name="Bob the Second").status_code == 302
    refused = desk.client.post(
        f"/admin/governance/person/{rob.pk}/change/",
        {"name": "x", "roles": [Group.objects.get(name=USER_ADMINISTRATOR).pk]},
    )
    assert (refused.status_code, "Global administrator" in refused.content.decode()) == (403, True)
    assert desk.read(rob).status_code == 200
    rob.refresh_from_db()
    assert (rob.name, rob.groups.count()) == ("Rob Lindholm", 0)


def test_the_address_kind_and_state_stay(desk, bob):
    desk.change(
        bob,
        email="eve@evil.example",
        kind="member",
        state="removed",
        is_superuser="on",
        organization="",
        version="9",
    )
    before = (bob.email, bob.kind, bob.state, bob.organization_id)
    bob.refresh_from_db()
    assert (bob.email, bob.kind, bob.state, bob.organization_id) == before


def test_deleting_a_guest_removes_them_by_the_action(desk, bob):
    desk.delete(bob)
    bob.refresh_from_db()
    assert (bob.state, events()) == ("removed", [("Delete external user", "done")])


def test_a_member_is_not_deleted(desk, rob, bob):
    assert desk.read(rob, "delete").status_code == 403
    desk.client.post(
        "/admin/governance/person/",
        {"action": "delete_selected", "_selected_action": [bob.pk, rob.pk], "post": "yes"},
    )
    assert list(Person.objects.filter(pk__in=[bob.pk, rob.pk]).values_list("state", flat=True)) == [
        "active",
        "active",
    ]


def test_guests_removed_together_leave_an_event_each(desk, bob, eve):
    desk.delete_all(bob, eve)
    assert events() == [("Delete external user", "done")] * 2


def test_choices_tell_people_of_one_name_apart(desk, bob):
    make.guest("bob@other.example", name="Bob Ferreira")
    given = desk.client.get(
        "/admin/autocomplete/?app_label=governance&model_name=sponsorship&field_name=person&term=ferreira"
    ).json()["results"]
    assert {choice["text"] for choice in given} == {
        "Bob Ferreira (bob@eng.fabrikam.example)",
        "Bob Ferreira (bob@other.example)",
    }


def test_invitations_are_read_without_their_secret(desk, fabrikam):
    desk.add(Person, kind="guest", email="ann@fabrikam.example", name="Ann Other")
    invitation = Invitation.objects.get()
    page = desk.read(invitation).content.decode()
    assert (
        invitation.token_hash in page,
        desk.client.post(f"/admin/governance/invitation/{invitation.pk}/change/", {}).status_code,
    ) == (False, 403)

"""What can be done to people: blocking, removing, roles.

Nobody rises above what they may; the last Global administrator stays.
"""

from __future__ import annotations

import contextlib

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction

from governance.actions.people import own_account
from governance.models import AuditEvent, Mail, Organization, OwnName, Person, Sponsorship
from governance.rules.decision import Refused
from governance.rules.roles import GLOBAL_ADMINISTRATOR, GUEST_INVITER, READER, SYSTEM
from tests import make
from tests.confirmed import accounts, invitations

pytestmark = pytest.mark.django_db


def act(action, person, by, **more):
    return action(person=person, by=make.actor(by), at=make.NOON, **more)


def refused(action, person, by, **more) -> str:
    """The code of the refusal, and that nothing changed."""
    before = (
        Person.objects.values("state", "session_epoch", "groups").get(pk=person.pk)
        if not person.role_names
        else None
    )
    with pytest.raises(Refused) as refusal:
        act(action, person, by, **more)
    assert before in (
        None,
        Person.objects.values("state", "session_epoch", "groups").get(pk=person.pk),
    )
    return refusal.value.code


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def token_in(mail: Mail) -> str:
    return mail.secret.rstrip("/").rpartition("/")[2]


def last_event() -> AuditEvent:
    return AuditEvent.objects.latest("id")


# the first administrator


def test_the_first_administrator_is_a_global_administrator_and_brings_the_own_name(db):
    person = accounts.create_first_administrator(
        email="Ann@Harbourgate.example", password=make.PASSWORD, by=SYSTEM, at=make.NOON
    )
    assert (person.email, person.kind, person.state, person.role_names) == (
        "ann@harbourgate.example",
        "member",
        "active",
        {GLOBAL_ADMINISTRATOR},
    )
    assert (
        person.check_password(make.PASSWORD),
        list(OwnName.objects.values_list("name", flat=True)),
    ) == (True, ["harbourgate.example"])


def test_there_is_one_first_administrator(ada):
    assert (
        accounts.create_first_administrator(
            email="x@y.example", password=make.PASSWORD, by=SYSTEM, at=make.NOON
        )
        is None
    )


def test_public_mail_never_becomes_an_own_name(db):
    accounts.create_first_administrator(
        email="ann@gmail.com", password=make.PASSWORD, by=SYSTEM, at=make.NOON
    )
    assert OwnName.objects.count() == 0


# blocking


def test_a_blocked_person_is_not_active_and_leaves_one_event(uma, bob):
    act(accounts.block, bob, uma)
    event = last_event()
    assert (now(bob).state, now(bob).is_active) == ("blocked", False)
    assert (event.activity, event.actor, event.target_key, event.result) == (
        "Block user",
        "Uma Castellanos",
        str(bob.uuid),
        "done",
    )


def test_blocking_raises_the_epoch_that_every_session_of_the_mailbox_carries(uma, bob):
    tagged = make.guest("bob+x@eng.fabrikam.example")
    before = {person.pk: person.get_session_auth_hash() for person in (bob, tagged)}
    act(accounts.block, bob, uma)
    assert [
        now(person).get_session_auth_hash() != before[person.pk] for person in (bob, tagged)
    ] == [True, True]


def test_blocking_one_address_leaves_the_state_of_the_others(uma, bob):
    tagged = make.guest("bob+x@eng.fabrikam.example")
    act(accounts.block, bob, uma)
    assert (now(tagged).state, now(tagged).is_shut_out) == ("active", True)


def test_sponsorships_stay_while_a_person_is_blocked(ada, sam, fabrikam):
    make.sponsor(fabrikam, sam)
    act(accounts.block, sam, ada)
    assert Sponsorship.objects.filter(person=sam).count() == 1


def test_a_user_administrator_blocks_guests_but_no_members(uma, bob, sam):
    act(accounts.block, bob, uma)
    assert refused(accounts.block, sam, uma) == "not_permitted"


def test_a_guest_is_not_blocked_whose_mailbox_a_member_uses_by_who_may_not_block_that_member(
    ada, uma
):
    guest = make.guest("ada+x@harbourgate.example")
    with pytest.raises(Refused) as refusal:
        act(accounts.block, guest, uma)
    assert (
        str(refusal.value)
        == "Ada Okafor has the same mailbox. Only a Global administrator can do this."
    )


def test_a_member_who_was_removed_long_ago_protects_nobody(uma):
    make.member("x@harbourgate.example", state="removed")
    guest = make.guest("x+y@harbourgate.example")
    act(accounts.block, guest, uma)
    assert now(guest).state == "blocked"


def test_nobody_blocks_themselves_by_any_address(ada, make_global):
    make_global("second@harbourgate.example")
    tagged = make.member("ada+x@harbourgate.example")
    assert [refused(accounts.block, person, ada) for person in (ada, tagged)] == [
        "yourself",
        "yourself",
    ]


@pytest.mark.parametrize(
    ("state", "code"), [("blocked", "already_blocked"), ("removed", "already_removed")]
)
def test_who_is_out_already_is_not_blocked(uma, state, code):
    assert refused(accounts.block, make.guest("x@partner.example", state=state), uma) == code


@pytest.mark.parametrize("name", ["gil", "rob", "bob"])
def test_who_may_not_block_is_refused_on_record(name, request, eve):
    with pytest.raises(Refused):
        act(accounts.block, eve, request.getfixturevalue(name))
    assert (last_event().activity, last_event().result, now(eve).state) == (
        "Block user",
        "refused",
        "active",
    )


def test_unblocking_brings_back_who_had_a_password_as_active_and_others_as_invited(uma):
    entered, never = (
        make.guest("a@partner.example", password=make.PASSWORD),
        make.guest("b@partner.example", state="invited"),
    )
    for person in (entered, never):
        act(accounts.block, person, uma)
        act(accounts.unblock, person, uma)
    assert [now(person).state for person in (entered, never)] == ["active", "invited"]


def test_only_blocked_people_are_unblocked(uma, bob):
    assert refused(accounts.unblock, bob, uma) == "not_blocked"


# removing


def test_a_removed_guest_keeps_a_row_and_nothing_to_sign_in_with(uma, bob, fabrikam):
    bob.set_password(make.PASSWORD)
    bob.save()
    make.sponsor(fabrikam, bob)
    Authenticator.objects.create(user=bob, type="totp", data={"secret": "x"})
    act(accounts.remove_guest, bob, uma)
    row = now(bob)
    assert (
        row.state,
        row.is_active,
        row.has_usable_password(),
        row.sponsorships.count(),
        Authenticator.objects.count(),
    ) == ("removed", False, False, 0, 0)


def test_the_event_of_a_removal_names_the_sponsorships_that_ended(uma, bob, fabrikam):
    make.sponsor(fabrikam, bob)
    act(accounts.remove_guest, bob, uma)
    assert '"sponsor of": ["Fabrikam"]' in last_event().before


def test_a_removed_guest_is_counted_no_more_and_the_organization_has_no_sponsor(uma, bob, fabrikam):
    make.sponsor(fabrikam, bob)
    act(accounts.remove_guest, bob, uma)
    organization = Organization.objects.get(pk=fabrikam.pk)
    assert (organization.people_count, organization.sponsored_by) == (
        0,
        Organization.SponsoredBy.NOBODY,
    )


@pytest.mark.parametrize(
    ("state", "code"), [("blocked", "blocked_stays"), ("removed", "already_removed")]
)
def test_removing_never_lifts_a_block(uma, state, code):
    assert refused(accounts.remove_guest, make.guest("x@partner.example", state=state), uma) == code


def test_members_are_not_removed(ada, sam):
    assert refused(accounts.remove_guest, sam, ada) == "not_a_guest"


# names and units


def test_a_changed_name_is_on_record_with_before_and_after(uma, bob):
    act(accounts.change_details, bob, uma, name="  Robert   Ferreira ", unit=" Sales ")
    assert (now(bob).name, now(bob).unit) == ("Robert Ferreira", "Sales")
    assert (last_event().before, last_event().after) == (
        '{"name": "Bob Ferreira", "unit": ""}',
        '{"name": "Robert Ferreira", "unit": "Sales"}',
    )


def test_saving_what_is_there_already_leaves_no_event(uma, bob):
    events = AuditEvent.objects.count()
    act(accounts.change_details, bob, uma, name="Bob Ferreira", unit="")
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"name": "a\u202eb"}, "unseen_character"),
        ({"unit": "x" * 201}, "unit_too_long"),
        ({"unit": "a\x00"}, "unseen_character"),
    ],
)
def test_a_name_or_unit_that_cannot_be_is_refused(uma, bob, typed, code):
    assert (
        refused(accounts.change_details, bob, uma, **{"name": "Bob", "unit": "", **typed}) == code
    )


def test_preferences_leave_no_event(rob):
    events = AuditEvent.objects.count()
    act(own_account.change_preferences, rob, rob, theme="dark", shortcuts=False)
    assert (now(rob).theme, now(rob).shortcuts, AuditEvent.objects.count()) == (
        "dark",
        False,
        events,
    )


# roles


@pytest.fixture
def make_global():
    return lambda email: make.member(email, GLOBAL_ADMINISTRATOR, password=make.PASSWORD)


@pytest.mark.parametrize(
    ("before", "after", "activity"),
    [
        ([], [READER], "Add member to role"),
        ([READER], [], "Remove member from role"),
        ([READER], [GUEST_INVITER], "Change roles"),
    ],
    ids=["granted", "taken", "exchanged"],
)
def test_roles_are_granted_and_taken_with_an_event_that_says_which(ada, before, after, activity):
    person = make.member("x@harbourgate.example", *before)
    act(accounts.change_roles, person, ada, roles=after)
    assert (now(person).role_names, last_event().activity) == (set(after), activity)


def test_the_same_roles_again_leave_no_event(ada, gil):
    events = AuditEvent.objects.count()
    act(accounts.change_roles, gil, ada, roles=[GUEST_INVITER])
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("name", ["uma", "gil", "rob", "bob"])
def test_only_a_global_administrator_grants_roles(name, request, sam):
    assert (
        refused(accounts.change_roles, sam, request.getfixturevalue(name), roles=[READER])
        == "not_permitted"
    )


def test_nobody_changes_their_own_roles(ada, make_global):
    make_global("second@harbourgate.example")
    assert refused(accounts.change_roles, ada, ada, roles=[]) == "yourself"


def test_guests_hold_no_role(ada, bob):
    assert refused(accounts.change_roles, bob, ada, roles=[READER]) == "only_members_hold_roles"


def test_a_blocked_member_gets_no_role_and_can_lose_theirs(ada):
    person = make.member("x@harbourgate.example", READER, state="blocked")
    granted = refused(accounts.change_roles, person, ada, roles=[READER, GUEST_INVITER])
    act(accounts.change_roles, person, ada, roles=[])
    assert (granted, person.groups.count()) == ("only_members_hold_roles", 0)


@pytest.mark.parametrize(
    ("action", "more"),
    [
        (accounts.change_roles, {"roles": []}),
        (accounts.change_details, {"name": "Other", "unit": ""}),
        (accounts.unblock, {}),
    ],
)
def test_nothing_is_changed_about_somebody_who_was_removed(ada, action, more):
    person = make.member("x@harbourgate.example", state="removed")
    assert refused(action, person, ada, **more) == "person_gone"


@pytest.mark.parametrize(
    ("action", "more"),
    [
        (own_account.change_password, {"password": make.PASSWORD}),
        (own_account.change_preferences, {"theme": "dark"}),
        (own_account.note_second_factor, {"method": "passkey"}),
        (own_account.note_second_factor_gone, {"method": "passkey"}),
    ],
)
def test_what_people_do_about_their_own_account_nobody_does_for_them(ada, rob, action, more):
    assert refused(action, rob, ada, **more) == "not_yourself"


def test_a_role_that_does_not_exist_is_refused(ada, sam):
    assert refused(accounts.change_roles, sam, ada, roles=["Root"]) == "role_unknown"


def test_the_last_global_administrator_keeps_the_role_and_is_not_blocked(ada, uma):
    by = {"by": SYSTEM, "at": make.NOON}
    codes = []
    for action, more in ((accounts.change_roles, {"roles": [READER]}), (accounts.block, {})):
        with pytest.raises(Refused) as refusal:
            action(person=ada, **more, **by)
        codes.append(refusal.value.code)
    assert (codes, now(ada).role_names, now(ada).state) == (
        ["last_global_administrator"] * 2,
        {GLOBAL_ADMINISTRATOR},
        "active",
    )


@pytest.mark.parametrize("state", ["invited", "blocked"])
def test_a_global_administrator_who_cannot_sign_in_does_not_count(ada, state):
    make.member("second@harbourgate.example", GLOBAL_ADMINISTRATOR, state=state)
    with pytest.raises(Refused) as refusal:
        accounts.block(person=ada, by=SYSTEM, at=make.NOON)
    assert refusal.value.code == "last_global_administrator"


def test_the_last_global_administrator_is_not_blocked_by_another_address_of_the_mailbox(ada):
    tagged = make.member("ada+x@harbourgate.example")
    with pytest.raises(Refused) as refusal:
        accounts.block(person=tagged, by=SYSTEM, at=make.NOON)
    assert refusal.value.code == "last_global_administrator"


def test_one_of_two_global_administrators_can_go(ada, make_global):
    second = make_global("second@harbourgate.example")
    act(accounts.change_roles, second, ada, roles=[])
    assert now(second).role_names == frozenset()


def test_a_member_whose_invitation_was_cancelled_comes_back_without_the_roles_of_before(ada):
    person = invitations.add_member(
        email="x@harbourgate.example", name="X Y", unit="", by=make.actor(ada), at=make.NOON
    )
    act(accounts.change_roles, person, ada, roles=[GLOBAL_ADMINISTRATOR])
    act(invitations.cancel, person, ada)
    again = invitations.add_member(
        email="x@harbourgate.example", name="X Y", unit="", by=make.actor(ada), at=make.NOON
    )
    assert (again.pk, again.groups.count()) == (person.pk, 0)


# no way up: every sequence of up to six actions, by every role below the highest


@pytest.fixture
def everybody(ada, uma, gil, rob, bob):
    """Who can be acted on, with those whose state hides a role: a blocked Global administrator, and
    one who has not come yet.
    """
    make.member(
        "shut@harbourgate.example", GLOBAL_ADMINISTRATOR, state="blocked", password=make.PASSWORD
    )
    pending = invitations.add_member(
        email="pending@harbourgate.example", name="Pending", unit="", by=SYSTEM, at=make.NOON
    )
    accounts.change_roles(person=pending, roles=[GLOBAL_ADMINISTRATOR], by=SYSTEM, at=make.NOON)
    return {
        "User administrator": uma,
        "Guest inviter": gil,
        "Reader": make.member("rea@harbourgate.example", READER),
        "no role": rob,
        "guest": bob,
    }


def moves(actor: Person):
    """Every action about people that can change what somebody may do."""
    by = {"by": make.actor(actor), "at": make.NOON}
    for person in Person.objects.exclude(
        email__in=["ada@harbourgate.example", "gil@harbourgate.example"]
    ):
        for action in (accounts.block, accounts.unblock, accounts.remove_guest, invitations.cancel):
            yield action, {"person": person, **by}
        for roles in ([GLOBAL_ADMINISTRATOR], []):
            yield accounts.change_roles, {"person": person, "roles": roles, **by}
    for email in (
        "mine@partner.example",
        "pending@harbourgate.example",
        "shut+mine@harbourgate.example",
    ):
        yield invitations.invite_guest, {"email": email, "name": "Mine", "message": "", **by}
        yield invitations.add_member, {"email": email, "name": "Mine", "unit": "", **by}
    for mail in Mail.objects.filter(to="mine@partner.example").order_by("-id")[:1]:
        yield (
            invitations.accept,
            {"token": token_in(mail), "name": "Mine", "password": make.PASSWORD, **by},
        )


def powers() -> set[tuple[str, str]]:
    return {
        (person.email, role)
        for person in Person.objects.active().members()
        for role in person.role_names
    }


def explore(actor: Person, depth: int, seen: dict, found: set) -> None:
    """Tries every move in a savepoint, and from every new state every move again."""
    for action, given in moves(actor):
        with transaction.atomic():
            with contextlib.suppress(Refused):
                action(**given)
                found |= powers()
                state = tuple(
                    Person.objects.order_by("email").values_list("email", "kind", "state")
                )
                if seen.get(state, 0) < depth:
                    seen[state] = depth
                    explore(actor, depth - 1, seen, found)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "who", ["User administrator", "Guest inviter", "Reader", "no role", "guest"]
)
def test_no_sequence_of_six_actions_gives_anybody_a_role(who, everybody):
    before, found = powers(), set()
    explore(everybody[who], 5, {}, found)
    assert found - before == set()

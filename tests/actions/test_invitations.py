"""Inviting and adding: a link by mail that works once, for a while; the list and the person are
asked at both ends.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from governance.models import AuditEvent, Invitation, Mail, Organization, Person
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM, Actor
from tests import make
from tests.at_once import at_once, needs_rows_that_lock
from tests.confirmed import accounts, invitations

pytestmark = pytest.mark.django_db
STRANGER = Actor(None, "x@partner.example", frozenset(), "203.0.113.7", "r-1")


def invite(by, email="x@partner.example", name="Xenia", message="", at=make.NOON) -> Person:
    return invitations.invite_guest(
        email=email, name=name, message=message, by=make.actor(by), at=at
    )


def add(by, email="x@harbourgate.example", name="Xenia", unit="", at=make.NOON) -> Person:
    return invitations.add_member(email=email, name=name, unit=unit, by=make.actor(by), at=at)


def token(email="x@partner.example") -> str:
    return Mail.objects.filter(to=email).latest("id").secret.rstrip("/").rpartition("/")[2]


def accept(which: str, name="Xenia", at=make.NOON, password=make.PASSWORD) -> Person:
    return invitations.accept(token=which, name=name, password=password, by=STRANGER, at=at)


def refusal(action, *args, **more) -> Refused:
    """Why, and that nothing but the refusal's own event was written."""
    before = (
        Person.objects.count(),
        Mail.objects.count(),
        list(Invitation.objects.order_by("id").values()),
    )
    with pytest.raises(Refused) as refused:
        action(*args, **more)
    assert (
        Person.objects.count(),
        Mail.objects.count(),
        list(Invitation.objects.order_by("id").values()),
    ) == before
    return refused.value


def code(action, *args, **more) -> str:
    return refusal(action, *args, **more).code


def last_event() -> AuditEvent:
    return AuditEvent.objects.latest("id")


# inviting a guest


def test_an_invited_guest_belongs_to_the_organization_that_covers_the_address(gil, fabrikam):
    person = invite(gil, "New@ENG.fabrikam.example", "New  Person")
    assert (person.email, person.name, person.kind, person.state, person.organization) == (
        "new@eng.fabrikam.example",
        "New Person",
        "guest",
        "invited",
        fabrikam,
    )
    assert Organization.objects.get(pk=fabrikam.pk).people_count == 1


def test_without_a_covering_claim_a_guest_belongs_nowhere(gil):
    assert invite(gil).organization is None


def test_an_invitation_is_one_event_and_one_mail(gil, fabrikam):
    invite(gil, "new@fabrikam.example")
    event, mail = last_event(), Mail.objects.get()
    assert (event.activity, event.actor, event.organization, event.result) == (
        "Invite external user",
        "Gil Marchetti",
        "Fabrikam",
        "done",
    )
    assert (mail.to, mail.subject, mail.body.count(mail.secret)) == (
        "new@fabrikam.example",
        "Gil Marchetti invites you to Harbourgate",
        1,
    )


def test_the_message_stands_in_the_mail(gil):
    invite(gil, message=" See you\r\non Monday ")
    assert "Gil Marchetti writes:\nSee you\non Monday\n" in Mail.objects.get().body


def test_of_a_link_only_the_hash_is_kept(gil):
    invite(gil)
    row = Invitation.objects.get()
    assert row.token_hash == invitations.token_hash(token())
    assert token() not in str(Invitation.objects.values().get()) + str(
        list(AuditEvent.objects.values())
    )


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("maria.silva@partner.example", "maria.silva"),
        ("_-@partner.example", "_-@partner.example"),
        ("system@partner.example", "system@partner.example"),
    ],
)
def test_without_a_name_the_address_gives_one(gil, email, name):
    assert invite(gil, email, name="").name == name


def test_an_address_that_the_list_blocks_is_refused(gil):
    make.list_rule("partner.example")
    reason = refusal(invite, gil).reasons[0]
    assert (reason.code, reason.field) == ("domain_blocked", "email")


def test_a_blocked_default_refuses_and_an_allow_rule_lets_in(gil):
    make.list_default("block")
    refused = code(invite, gil)
    make.list_rule("partner.example", "allow")
    assert (refused, invite(gil).state) == ("domain_blocked", "invited")


def test_our_own_name_is_for_members(gil):
    make.own_name("harbourgate.example")
    assert code(invite, gil, "x@eu.harbourgate.example") == "own_name"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "x@",
        "@partner.example",
        "x@partner",
        "x@[192.0.2.1]",
        "x@y@partner.example",
        "x%y@partner.example",
        '"x"@partner.example',
        "x@partner.example\nBcc: y@z.example",
        "x\0@partner.example",
    ],
)
def test_what_is_no_plain_address_is_refused(gil, email):
    assert code(invite, gil, email) == "address_malformed"


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"name": "a\u202eb"}, "unseen_character"),
        ({"name": "x" * 201}, "name_too_long"),
        ({"name": "..."}, "name_without_letter"),
        ({"message": "x" * 501}, "description_too_long"),
        ({"message": "a\u2066b"}, "unseen_character"),
        ({"message": "a\0b"}, "unseen_character"),
    ],
)
def test_names_and_messages_that_cannot_be_are_refused_at_their_field(gil, typed, refused):
    reason = refusal(invite, gil, **typed).reasons[0]
    assert (reason.code, reason.field) == (refused, *typed)


@pytest.mark.parametrize(
    ("state", "words"), [("active", "already has an account"), ("invited", "is already invited")]
)
def test_who_is_here_is_not_invited_again(gil, state, words):
    make.guest("x@partner.example", state=state)
    refused = refusal(invite, gil)
    assert (refused.code, words in str(refused)) == ("already_here", True)


@pytest.mark.parametrize(
    "email", ["x@partner.example", "x+other@partner.example", "X@PARTNER.example."]
)
def test_inviting_never_unblocks_a_mailbox(gil, email):
    make.guest("x@partner.example", state="blocked")
    assert code(invite, gil, email) == "person_blocked"


@pytest.mark.parametrize("name", ["rob", "bob"])
def test_who_may_not_invite_is_refused_on_record(name, request, fabrikam):
    assert (code(invite, request.getfixturevalue(name)), last_event().result) == (
        "not_permitted",
        "refused",
    )


def test_a_reader_invites_nobody(db):
    assert code(invite, make.member("rea@harbourgate.example", "Reader")) == "not_permitted"


# taken up again


def test_a_removed_guest_is_taken_up_again_with_nothing_left_of_before(uma, fabrikam):
    person = invite(uma, "x@fabrikam.example", "Old Name")
    accept(token("x@fabrikam.example"))
    accounts.remove_guest(person=person, by=make.actor(uma), at=make.NOON)
    again = invite(uma, "x@fabrikam.example", "New Name")
    assert (again.pk, again.state, again.name, again.has_usable_password(), again.organization) == (
        person.pk,
        "invited",
        "New Name",
        False,
        fabrikam,
    )
    assert Organization.objects.get(pk=fabrikam.pk).people_count == 1


def test_links_from_before_the_removal_stay_dead(uma):
    person = invite(uma)
    old = token()
    accounts.remove_guest(person=person, by=make.actor(uma), at=make.NOON)
    invite(uma)
    assert (code(accept, old), accept(token()).state) == ("invitation_over", "active")


def test_a_removed_guest_can_become_a_member_of_the_same_address(ada):
    make.organization("Ours by now", "harbourgate.example")
    guest = make.guest("x@harbourgate.example", state="removed")
    member = add(ada)
    assert (member.pk, member.kind, member.organization, member.state) == (
        guest.pk,
        "member",
        None,
        "invited",
    )


# adding a member


def test_an_added_member_is_invited_to_set_a_password(ada):
    person = add(ada, name="Xenia", unit="  Legal   team ")
    assert (
        person.kind,
        person.state,
        person.unit,
        person.has_usable_password(),
        last_event().activity,
    ) == ("member", "invited", "Legal team", False, "Add user")
    assert "Set your password:" in Mail.objects.get().body


def test_a_member_is_not_asked_of_the_list_or_the_own_names(ada):
    make.own_name("harbourgate.example")
    make.list_default("block")
    add(ada)
    assert accept(token("x@harbourgate.example")).state == "active"


def test_a_members_first_password_is_on_record_as_what_it_is(ada):
    add(ada)
    with pytest.raises(Refused):
        accept(token("x@harbourgate.example"), password="short")
    refused = last_event()
    accept(token("x@harbourgate.example"))
    done = last_event()
    assert [(e.activity, e.result, e.target) for e in (refused, done)] == [
        ("Set first password", "refused", "Xenia"),
        ("Set first password", "done", "Xenia"),
    ]


@pytest.mark.parametrize("action", ["redeem", "set_first_password"])
def test_a_link_is_for_what_it_was_mailed_for(ada, action):
    invite(ada)
    add(ada)
    email = {"redeem": "x@harbourgate.example", "set_first_password": "x@partner.example"}[action]
    call = getattr(invitations, action)
    more = {"name": "Xenia", "password": make.PASSWORD, "by": STRANGER, "at": make.NOON}
    assert code(call, token=token(email), **more) == "invitation_over"


def test_a_refused_invitation_is_on_record_with_its_address(gil):
    make.list_rule("partner.example")
    assert (code(invite, gil), last_event().target_kind, last_event().target) == (
        "domain_blocked",
        "person",
        "x@partner.example",
    )


@pytest.mark.parametrize("name", ["uma", "gil", "rob"])
def test_only_a_global_administrator_adds_members(name, request):
    assert code(add, request.getfixturevalue(name)) == "not_permitted"


@pytest.mark.parametrize("state", ["active", "invited", "blocked"])
def test_an_address_that_is_here_is_not_added(ada, state):
    make.member("x@harbourgate.example", state=state)
    reason = refusal(add, ada).reasons[0]
    assert (reason.code, reason.field) == ("already_here", "email")


def test_of_a_blocked_mailbox_no_member_is_added(ada):
    make.guest("x+a@harbourgate.example", state="blocked")
    assert code(add, ada) == "person_blocked"


# accepting


def test_a_guest_who_accepts_is_active_with_the_name_and_password_they_chose(gil):
    invite(gil, name="Given")
    person = accept(token(), name=" Chosen  Name ")
    assert (person.state, person.is_active, person.name, person.check_password(make.PASSWORD)) == (
        "active",
        True,
        "Chosen Name",
        True,
    )


def test_accepting_is_an_event_of_the_person_from_where_they_are(gil):
    person = invite(gil)
    accept(token())
    event = last_event()
    assert (event.activity, event.actor_id, event.actor, event.ip) == (
        "Redeem external user invite",
        person.pk,
        "Xenia",
        "203.0.113.7",
    )


def test_a_link_works_once(gil):
    invite(gil)
    accept(token())
    assert code(accept, token(), password="another password altogether") == "invitation_over"


@pytest.mark.parametrize(
    ("later", "works"),
    [(invitations.LASTS - timedelta(seconds=1), True), (invitations.LASTS, False)],
)
def test_a_link_ends_at_its_moment(gil, later, works):
    invite(gil)
    at = make.NOON + later
    assert (accept(token(), at=at).state if works else code(accept, token(), at=at)) == (
        "active" if works else "invitation_over"
    )


def test_a_made_up_link_is_over(db):
    assert code(accept, "no-such-token") == "invitation_over"


def test_the_list_is_asked_again_when_the_guest_accepts(gil):
    invite(gil)
    make.list_rule("partner.example")
    assert (code(accept, token()), Person.objects.get(email="x@partner.example").state) == (
        "domain_blocked",
        "invited",
    )


def test_the_mailbox_is_asked_again_when_a_guest_or_a_member_accepts(ada):
    invite(ada), add(ada)
    for blocked in ("x+b@partner.example", "x+b@harbourgate.example"):
        make.guest(blocked, state="blocked")
    assert [
        code(accept, token(email)) for email in ("x@partner.example", "x@harbourgate.example")
    ] == ["person_blocked", "person_blocked"]


def test_a_person_blocked_before_accepting_gets_nowhere_and_the_link_works_again_once_unblocked(
    uma,
):
    person = invite(uma)
    accounts.block(person=person, by=SYSTEM, at=make.NOON)
    refused = code(accept, token())
    accounts.unblock(person=person, by=SYSTEM, at=make.NOON)
    assert (refused, accept(token()).state) == ("invitation_over", "active")


# resending and cancelling


def test_resending_stops_the_older_links_and_keeps_the_message(gil):
    person = invite(gil, message="See you")
    old = token()
    invitations.resend(person=person, by=make.actor(gil), at=make.NOON)
    assert (
        code(accept, old),
        "See you" in Mail.objects.latest("id").body,
        accept(token()).state,
    ) == ("invitation_over", True, "active")


def test_resending_asks_the_list_again(gil):
    person = invite(gil)
    make.list_rule("partner.example")
    assert (
        code(invitations.resend, person=person, by=make.actor(gil), at=make.NOON)
        == "domain_blocked"
    )


def test_a_cancelled_invitation_is_over_and_the_person_is_counted_no_more(gil, fabrikam):
    person = invite(gil, "x@fabrikam.example")
    invitations.cancel(person=person, by=make.actor(gil), at=make.NOON)
    assert (code(accept, token("x@fabrikam.example")), Person.objects.get(pk=person.pk).state) == (
        "invitation_over",
        "removed",
    )
    assert Invitation.objects.get().cancelled_at == make.NOON
    assert Organization.objects.get(pk=fabrikam.pk).people_count == 0


def test_a_cancelled_invitation_ends_the_sponsorships_of_who_never_came(uma, gil, fabrikam):
    person = invite(gil, "x@fabrikam.example")
    make.sponsor(fabrikam, person)
    invitations.cancel(person=person, by=make.actor(uma), at=make.NOON)
    assert (
        fabrikam.sponsorships.count(),
        Organization.objects.get(pk=fabrikam.pk).sponsored_by,
    ) == (0, Organization.SponsoredBy.NOBODY)


def test_who_may_not_change_an_organization_ends_none_of_its_sponsorships_by_cancelling(
    gil, fabrikam
):
    person = invite(gil, "x@fabrikam.example")
    make.sponsor(fabrikam, person)
    with pytest.raises(Refused) as refusal:
        invitations.cancel(person=person, by=make.actor(gil), at=make.NOON)
    assert (
        refusal.value.code,
        fabrikam.sponsorships.count(),
        Invitation.objects.get().cancelled_at,
    ) == ("sponsors", 1, None)


def test_who_was_cancelled_can_be_invited_again(gil):
    person = invite(gil)
    invitations.cancel(person=person, by=make.actor(gil), at=make.NOON)
    assert (invite(gil).pk, accept(token()).state) == (person.pk, "active")


@pytest.mark.parametrize("verb", [invitations.resend, invitations.cancel], ids=["resend", "cancel"])
def test_only_who_waits_has_an_invitation_to_resend_or_cancel(verb, gil, bob):
    assert code(verb, person=bob, by=make.actor(gil), at=make.NOON) == "not_invited"


@pytest.mark.parametrize("verb", [invitations.resend, invitations.cancel], ids=["resend", "cancel"])
@pytest.mark.parametrize("name", ["uma", "gil", "rob"])
def test_the_invitation_of_a_member_is_for_global_administrators(verb, name, request, ada):
    person = add(ada)
    assert (
        code(verb, person=person, by=make.actor(request.getfixturevalue(name)), at=make.NOON)
        == "not_permitted"
    )


# two at once


@needs_rows_that_lock
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("removed_before", [False, True], ids=["new", "taken up again"])
def test_of_two_who_invite_one_address_at_once_one_is_told_so(gil, uma, removed_before):
    if removed_before:
        make.guest("x@partner.example", state="removed")
    actors = [make.actor(person) for person in (gil, uma)]
    calls = [
        lambda by=by: invitations.invite_guest(
            email="x@partner.example", name="X", message="", by=by, at=make.NOON
        )
        for by in actors
    ]
    assert (
        at_once(*calls),
        Person.objects.filter(email="x@partner.example").count(),
        Mail.objects.count(),
    ) == (["already_here", "done"], 1, 1)


@needs_rows_that_lock
@pytest.mark.django_db(transaction=True)
def test_guests_invited_at_once_are_all_counted(gil, fabrikam):
    by = make.actor(gil)
    calls = [
        lambda n=n: invitations.invite_guest(
            email=f"x{n}@fabrikam.example", name="X", message="", by=by, at=make.NOON
        )
        for n in range(6)
    ]
    assert (at_once(*calls), Organization.objects.get(pk=fabrikam.pk).people_count) == (
        ["done"] * 6,
        6,
    )


@needs_rows_that_lock
@pytest.mark.django_db(transaction=True)
def test_one_link_used_twice_at_once_works_once(gil):
    invite(gil)
    which = token()
    assert at_once(lambda: accept(which), lambda: accept(which)) == ["done", "invitation_over"]


@needs_rows_that_lock
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["roles", "block"])
def test_two_global_administrators_cannot_end_each_other_at_once(ada, deed):
    second = make.member("second@harbourgate.example", "Global administrator")
    pairs = [(ada, make.actor(second)), (second, make.actor(ada))]
    deeds = {
        "roles": lambda p, by: accounts.change_roles(person=p, roles=[], by=by, at=make.NOON),
        "block": lambda p, by: accounts.block(person=p, by=by, at=make.NOON),
    }
    for _ in range(8):
        ended = at_once(*[lambda p=p, by=by: deeds[deed](p, by) for p, by in pairs])
        assert (ended, Person.objects.active().holding("Global administrator").count()) == (
            ["done", "last_global_administrator"],
            1,
        )
        Person.objects.update(state="active", is_active=True)
        for person in (ada, second):
            person.groups.set(Group.objects.filter(name="Global administrator"))

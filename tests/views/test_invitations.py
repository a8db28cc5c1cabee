"""The page behind a mailed link: who comes with it, what is asked, and the one sentence for all
that is over.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.actions.people import accounts, invitations
from governance.models import AuditEvent, Mail, Person
from governance.rules.roles import SYSTEM
from tests import make

from .reading import markup_of

pytestmark = pytest.mark.django_db
OVER = "This link no longer works"
TYPED = {"name": "Xenia Park", "password": make.PASSWORD}


def invite(email="x@partner.example", name="Xenia", by=SYSTEM, ago=timedelta()) -> str:
    """Invites, and answers the path in the mail."""
    invitations.invite_guest(email=email, name=name, message="", by=by, at=timezone.now() - ago)
    return path_to(email)


def add(email="x@harbourgate.example") -> str:
    invitations.add_member(email=email, name="Xenia", unit="", by=SYSTEM, at=timezone.now())
    return path_to(email)


def path_to(email: str) -> str:
    return re.search(r"/invitations/\S+/", Mail.objects.filter(to=email).latest("id").body)[0]


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def errors(page) -> dict:
    return dict(page.context["form"].errors)


def test_the_page_says_who_invited_whom(client, gil, fabrikam):
    page = client.get(invite("x@fabrikam.example", by=make.actor(gil)))
    assert "Gil Marchetti invited x@fabrikam.example of Fabrikam." in text_of(page)


def test_a_member_sets_a_password_instead(client):
    page = markup_of(client.get(add()))
    assert (re.findall("<h1>(.*?)</h1>", page), "Set password</button>" in page) == (
        ["Set your password"],
        True,
    )


def test_looking_at_the_page_changes_nothing(client):
    path = invite()
    events = AuditEvent.objects.count()
    client.get(path), client.head(path)
    assert (Person.objects.get().state, AuditEvent.objects.count()) == ("invited", events)


def test_who_accepts_is_signed_in_and_welcomed(client, ada):
    page = client.post(invite(), TYPED, follow=True)
    assert (
        page.redirect_chain,
        page.context["request"].user.email,
        "Welcome, Xenia Park." in text_of(page),
    ) == ([("/", 303)], "x@partner.example", True)


def test_accepting_changes_the_key_of_the_session(client):
    path = invite()
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    client.post(path, TYPED)
    assert client.session.session_key != key


def test_somebody_else_s_session_ends_where_an_invitation_is_accepted(signed_in, gil):
    client = signed_in(gil)
    client.post(invite(), TYPED)
    assert client.get("/account/").context["request"].user.email == "x@partner.example"


def test_the_form_is_sent_with_its_origin(client):
    """A page without a referrer sends "Origin: null", which the protection against forged requests
    refuses.
    """
    assert client.get(invite())["Referrer-Policy"] == "same-origin"


def test_a_link_works_once(client):
    path = invite()
    client.post(path, TYPED)
    client.logout()
    answers = [
        client.get(path),
        client.post(path, {**TYPED, "password": "another password altogether"}),
    ]
    assert [(answer.status_code, OVER in text_of(answer)) for answer in answers] == [
        (410, True)
    ] * 2


def dead_links() -> dict:
    def cancelled():
        path = invite("c@partner.example")
        invitations.cancel(
            person=Person.objects.get(email="c@partner.example"), by=SYSTEM, at=make.NOON
        )
        return path

    def resent():
        path = invite("r@partner.example")
        invitations.resend(
            person=Person.objects.get(email="r@partner.example"), by=SYSTEM, at=timezone.now()
        )
        return path

    def blocked():
        path = invite("b@partner.example")
        accounts.block(
            person=Person.objects.get(email="b@partner.example"), by=SYSTEM, at=make.NOON
        )
        return path

    return {
        "made up": lambda: "/invitations/no-such-token/",
        "long": lambda: f"/invitations/{'x' * 5000}/",
        "old": lambda: invite(ago=invitations.LASTS),
        "cancelled": cancelled,
        "resent": resent,
        "blocked": blocked,
    }


@pytest.mark.parametrize("case", dead_links())
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(client, case):
    path = dead_links()[case]()
    answers = [client.get(path), client.post(path, TYPED)]
    usual = client.get("/invitations/usual/")
    assert [(answer.status_code, text_of(answer)) for answer in answers] == [
        (410, text_of(usual))
    ] * 2


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": ""}, "name", "Enter a name"),
        (
            {"name": "a\u202eb"},
            "name",
            "Name has a character that cannot be seen (right-to-left override). Remove it",
        ),
        ({"name": "x" * 201}, "name", "Name must be 200 characters or fewer (now 201)"),
        ({"name": "a\0b"}, "name", "This has a character that cannot be seen (U+0000). Remove it"),
        ({"password": ""}, "password", "Enter a password"),
        (
            {"password": "short"},
            "password",
            "This password is too short. It must contain at least 12 characters.",
        ),
        ({"password": "password1234"}, "password", "This password is too common."),
        (
            {"password": "x@partner.example"},
            "password",
            "The password is too similar to the email.",
        ),
        (
            {"password": "a\0bcdefghijklmn"},
            "password",
            "This has a character that cannot be seen (U+0000). Remove it",
        ),
    ],
    ids=[
        "no name",
        "bidi",
        "long name",
        "NUL in name",
        "no password",
        "short",
        "common",
        "like the address",
        "NUL in password",
    ],
)
def test_what_cannot_be_is_said_at_its_field_with_the_name_kept_and_the_password_not_shown(
    client, typed, field, message
):
    path = invite()
    page = client.post(path, {**TYPED, **typed})
    assert (page.status_code, errors(page), page.context["form"]["name"].value()) == (
        422,
        {field: [message]},
        {**TYPED, **typed}["name"],
    )
    assert (Person.objects.get().state, make.PASSWORD in page.content.decode()) == (
        "invited",
        False,
    )


@pytest.mark.parametrize("case", ["the list", "the mailbox"])
def test_whatever_stands_against_a_person_they_get_one_sentence_and_the_audit_log_the_reason(
    client, case
):
    path = invite()
    make.list_rule("partner.example") if case == "the list" else make.guest(
        "x+y@partner.example", state="blocked"
    )
    page = client.post(path, TYPED)
    reason = AuditEvent.objects.latest("id").reason.partition(":")[0]
    assert (page.status_code, errors(page)) == (
        422,
        {"__all__": ["This is not open to you. Ask the person who sent you the link."]},
    )
    assert ("partner.example is blocked" in page.content.decode(), reason) == (
        False,
        "domain_blocked" if case == "the list" else "person_blocked",
    )


def test_no_field_but_the_asked_ones_is_taken(client):
    client.post(
        invite(),
        {
            **TYPED,
            "kind": "member",
            "is_staff": "1",
            "is_superuser": "1",
            "groups": "1",
            "email": "root@harbourgate.example",
            "state": "blocked",
        },
    )
    person = Person.objects.get()
    assert (
        person.kind,
        person.email,
        person.state,
        person.groups.count(),
        person.is_superuser,
    ) == ("guest", "x@partner.example", "active", 0, False)

"""What people set for themselves."""

from __future__ import annotations

import pytest

from governance.models import AuditEvent, Person
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNT, THEME = "/account/", "/account/theme/"


def look_of(page) -> str:
    return page.content.decode().partition("<html")[2].partition(">")[0]


@pytest.fixture
def client(signed_in, rob):
    return signed_in(rob)


@pytest.mark.parametrize(
    ("chosen", "kept", "look"),
    [
        ("dark", "dark", ' lang="en" data-bs-theme="dark"'),
        ("light", "light", ' lang="en" data-bs-theme="light"'),
        ("system", "", ' lang="en"'),
    ],
)
def test_a_theme_is_kept_and_shown(client, rob, chosen, kept, look):
    page = client.post(ACCOUNT, {"theme": chosen, "shortcuts": "on"}, follow=True)
    assert (
        Person.objects.get(pk=rob.pk).theme,
        look_of(page),
        "Saved." in page.content.decode(),
    ) == (kept, look, True)


def test_shortcuts_can_be_switched_off(client, rob):
    page = client.post(ACCOUNT, {"theme": "system"}, follow=True)
    assert (Person.objects.get(pk=rob.pk).shortcuts, "data-shortcuts" in page.content.decode()) == (
        False,
        False,
    )


def test_what_is_set_is_shown(signed_in):
    person = make.member("x@harbourgate.example")
    Person.objects.filter(pk=person.pk).update(theme="dark", shortcuts=False)
    page = signed_in(person).get(ACCOUNT)
    assert (page.context["form"]["theme"].value(), page.context["form"]["shortcuts"].value()) == (
        "dark",
        False,
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Choose a theme"),
        ("pink", "Select a valid choice. pink is not one of the available choices."),
    ],
)
def test_a_theme_that_is_none_is_refused(client, rob, typed, message):
    page = client.post(ACCOUNT, {"theme": typed})
    assert (
        page.status_code,
        dict(page.context["form"].errors),
        Person.objects.get(pk=rob.pk).theme,
    ) == (422, {"theme": [message]}, "")


def test_preferences_leave_no_event(client):
    client.post(ACCOUNT, {"theme": "dark"})
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("theme", "kept"), [("dark", "dark"), ("light", "light"), ("pink", ""), ("", "")]
)
def test_the_switch_in_the_header_sets_the_theme(client, rob, theme, kept):
    client.post(THEME, {"theme": theme, "back": ACCOUNT})
    assert Person.objects.get(pk=rob.pk).theme == kept


@pytest.mark.parametrize(
    ("back", "to"),
    [
        (ACCOUNT, ACCOUNT),
        ("/people/?q=a", "/people/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_switch_leads_back_and_nowhere_outside(client, back, to):
    answer = client.post(THEME, {"theme": "dark", "back": back})
    assert (answer.status_code, answer.url) == (303, to)


def test_no_field_but_the_asked_ones_is_taken(client, rob):
    client.post(
        ACCOUNT,
        {
            "theme": "dark",
            "email": "boss@harbourgate.example",
            "kind": "guest",
            "state": "blocked",
            "groups": "1",
            "unit": "Board",
        },
    )
    person = Person.objects.get(pk=rob.pk)
    assert (person.email, person.kind, person.state, person.groups.count(), person.unit) == (
        rob.email,
        "member",
        "active",
        0,
        "",
    )


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("localhost", "Authenticator, passkeys and recovery codes"),
        ("127.0.0.1", "Authenticator and recovery codes"),
    ],
)
def test_passkeys_are_named_where_browsers_take_them(client, host, words):
    assert words in client.get(ACCOUNT, HTTP_HOST=host).content.decode()

"""Signing in and out, the forgotten password, the second factor: over HTTP, as people do it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from governance.actions.people import accounts as people
from governance.models import AuditEvent, Mail, Person
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
NEW = "a quite different password"


@pytest.fixture
def ada(ada):
    ada.set_password(make.PASSWORD)
    ada.save()
    return ada


@pytest.fixture
def bob(bob):
    bob.set_password(make.PASSWORD)
    bob.save()
    return bob


def sign_in(client, person, password=make.PASSWORD, **more):
    return client.post(LOGIN, {"login": person.email, "password": password}, **more)


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def errors(page) -> list[str]:
    return [error for messages in page.context["form"].errors.values() for error in messages]


# signing in


def test_a_member_signs_in_with_address_and_password(client, ada):
    assert (sign_in(client, ada).url, is_in(client)) == ("/", True)


def test_the_case_of_the_address_does_not_matter(client, ada):
    assert (
        client.post(LOGIN, {"login": "ADA@Harbourgate.Example", "password": make.PASSWORD}).url
        == "/"
    )


def test_the_key_of_the_session_changes_at_sign_in(client, ada):
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    sign_in(client, ada)
    assert client.session.session_key != key


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, ada):
    known, unknown = (
        client.post(LOGIN, {"login": email, "password": "not the password"})
        for email in (ada.email, "nobody@partner.example")
    )
    assert errors(known) == errors(unknown) == ["The email address or the password is not correct"]


def test_empty_fields_say_what_is_missing(client):
    assert errors(client.post(LOGIN, {})) == ["Enter your email address", "Enter your password"]


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:///evil.example",
        "\thttps://evil.example",
    ],
)
def test_sign_in_leads_nowhere_outside(client, ada, next_page):
    assert (
        client.post(LOGIN, {"login": ada.email, "password": make.PASSWORD, "next": next_page}).url
        == "/"
    )


def test_nobody_can_sign_up(client):
    page = client.post(
        "/accounts/signup/", {"email": "new@partner.example", "password1": NEW, "password2": NEW}
    )
    assert (
        page.status_code,
        "Invitation needed" in page.content.decode(),
        Person.objects.count(),
    ) == (
        200,
        True,
        0,
    )


@pytest.mark.parametrize("state", ["invited", "blocked", "removed"])
def test_only_active_people_sign_in(client, state):
    person = make.guest("x@partner.example", state=state, password=make.PASSWORD)
    assert (sign_in(client, person).url, is_in(client)) == ("/accounts/inactive/", False)


@pytest.mark.parametrize("state", ["invited", "blocked", "removed"])
def test_whoever_does_not_know_the_password_does_not_learn_the_state(client, state):
    person = make.guest("x@partner.example", state=state, password=make.PASSWORD)
    assert errors(sign_in(client, person, "guess")) == [
        "The email address or the password is not correct"
    ]


def test_of_a_blocked_mailbox_no_other_address_signs_in(client, ada):
    tagged, plain = (
        make.guest(email, password=make.PASSWORD)
        for email in ("x+a@partner.example", "x@partner.example")
    )
    people.block(person=plain, by=SYSTEM, at=make.NOON)
    assert (sign_in(client, tagged).url, is_in(client)) == ("/accounts/inactive/", False)


def test_signing_out_is_a_post(client, ada):
    sign_in(client, ada)
    client.get("/accounts/logout/")
    still = is_in(client)
    client.post("/accounts/logout/")
    assert (still, is_in(client)) == (True, False)


# tries that fail


def fail_often(email: str, ip: str, times: int = 21):
    for _ in range(times):
        answer = Client(REMOTE_ADDR=ip).post(LOGIN, {"login": email, "password": "wrong"})
    return answer


def test_too_many_failures_from_one_place_are_stopped_there(ada):
    stopped = fail_often(ada.email, "203.0.113.7")
    assert errors(stopped) == [
        "Too many failed attempts from your network. Wait five minutes, then try again"
    ]


def test_failures_of_others_never_lock_an_address(client, ada):
    fail_often(ada.email, "203.0.113.7")
    assert sign_in(client, ada).url == "/"


def test_a_page_says_when_to_try_again(client, ada):
    for _ in range(31):
        answer = sign_in(client, ada)
        client.logout()
    assert (answer.status_code, "Wait five minutes" in answer.content.decode()) == (429, True)


# what ends a session


def test_changing_the_password_ends_all_other_sessions_and_keeps_this_one(ada):
    here, there = Client(), Client()
    sign_in(here, ada), sign_in(there, ada)
    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert (changed.status_code, is_in(here), is_in(there)) == (302, True, False)


def test_a_changed_password_is_on_record_and_nothing_of_it(ada):
    here = Client()
    sign_in(here, ada)
    here.post(
        "/accounts/password/change/",
        {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW},
    )
    event = AuditEvent.objects.get(activity="Change password")
    assert (event.actor, event.target, event.before, event.after, NEW in event.canonical) == (
        "Ada Okafor",
        "Ada Okafor",
        "",
        "",
        False,
    )


def test_the_present_password_is_asked_for_a_new_one(client, ada):
    sign_in(client, ada)
    page = client.post(
        "/accounts/password/change/", {"oldpassword": "guess", "password1": NEW, "password2": NEW}
    )
    assert errors(page) == ["This is not your current password"]


def test_blocking_ends_every_session_at_once(client, bob):
    sign_in(client, bob)
    people.block(person=bob, by=SYSTEM, at=make.NOON)
    assert is_in(client) is False


def test_blocking_one_address_ends_the_sessions_of_the_whole_mailbox(client, bob):
    tagged = make.guest("bob+work@eng.fabrikam.example", password=make.PASSWORD)
    sign_in(client, tagged)
    people.block(person=bob, by=SYSTEM, at=make.NOON)
    assert is_in(client) is False


def test_unblocking_does_not_bring_old_sessions_back(client, bob):
    sign_in(client, bob)
    people.block(person=bob, by=SYSTEM, at=make.NOON)
    people.unblock(person=bob, by=SYSTEM, at=make.NOON)
    assert (is_in(client), sign_in(client, bob).url) == (False, "/")


# the forgotten password


def reset_link(email: str) -> str:
    body = Mail.objects.filter(to=email).latest("id").body
    return re.search(rf"{settings.ORIGIN}(/accounts/password/reset/key/\S+)", body)[1]


def test_a_forgotten_password_is_set_anew_by_a_mailed_link(client, ada):
    client.post(RESET, {"email": ada.email})
    form = client.get(reset_link(ada.email)).url
    done = client.post(form, {"password1": NEW, "password2": NEW})
    assert (done.url, sign_in(client, ada, NEW).url) == ("/accounts/password/reset/key/done/", "/")


def test_the_link_works_once(client, ada):
    client.post(RESET, {"email": ada.email})
    link = reset_link(ada.email)
    client.post(client.get(link).url, {"password1": NEW, "password2": NEW})
    again = Client().get(link)
    assert "This link no longer works" in again.content.decode()


def test_a_new_password_ends_every_session(client, ada):
    sign_in(client, ada)
    elsewhere = Client()
    elsewhere.post(RESET, {"email": ada.email})
    elsewhere.post(elsewhere.get(reset_link(ada.email)).url, {"password1": NEW, "password2": NEW})
    assert is_in(client) is False


@pytest.mark.parametrize(
    "email",
    [
        "ada@harbourgate.example",
        "nobody@partner.example",
        "blocked@partner.example",
        "invited@partner.example",
    ],
)
def test_known_unknown_blocked_and_invited_addresses_get_the_same_answer(client, ada, email):
    for state in ("blocked", "invited"):
        make.guest(f"{state}@partner.example", state=state, password=make.PASSWORD)
    answer = client.post(RESET, {"email": email})
    assert (answer.status_code, answer.url, Mail.objects.count()) == (
        302,
        "/accounts/password/reset/done/",
        1,
    )


def test_a_known_and_an_unknown_address_cost_the_same_statements(client, ada):
    """What takes longer tells that somebody is known."""
    costs = []
    for email in (ada.email, "nobody@partner.example"):
        with CaptureQueriesContext(connection) as statements:
            client.post(RESET, {"email": email}, REMOTE_ADDR=f"203.0.113.{len(costs)}")
        costs.append(
            [
                re.sub(r"\W.*", "", query["sql"])
                for query in statements
                if "portal_cache" not in query["sql"]
            ]
        )
    assert costs[0] == costs[1]


@pytest.mark.parametrize("state", ["blocked", "invited", "removed"])
def test_who_cannot_sign_in_gets_no_link(client, state):
    make.guest("x@partner.example", state=state, password=make.PASSWORD)
    client.post(RESET, {"email": "x@partner.example"})
    assert (Mail.objects.get().subject, Mail.objects.get().secret) == (
        "Nobody can sign in to Harbourgate with this address",
        "",
    )


def test_the_mail_names_the_portal_s_own_origin_whatever_host_the_request_named(
    client, ada, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": ada.email}, HTTP_HOST="evil.example")
    mail = Mail.objects.get()
    assert ("evil.example" in mail.body, settings.ORIGIN in mail.body) == (False, True)


def test_the_link_is_the_secret_of_its_mail(client, ada):
    client.post(RESET, {"email": ada.email})
    mail = Mail.objects.get()
    assert (
        mail.secret.startswith(f"{settings.ORIGIN}/accounts/password/reset/key/"),
        mail.body.count(mail.secret),
    ) == (True, 1)


# the second factor


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def confirm(client) -> None:
    """What changes the account is asked for with the password once more."""
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})


def with_authenticator(client, person) -> str:
    """Enrols the person's authenticator over HTTP; answers its secret."""
    sign_in(client, person)
    confirm(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    return secret


def test_an_authenticator_is_enrolled_and_asked_for_at_the_next_sign_in(client, ada):
    secret = with_authenticator(client, ada)
    elsewhere = Client()
    asked = sign_in(elsewhere, ada)
    inside_before_code = is_in(elsewhere)
    elsewhere.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert (asked.url, inside_before_code, is_in(elsewhere)) == (
        "/accounts/2fa/authenticate/",
        False,
        True,
    )


def test_a_wrong_code_lets_nobody_in(client, ada):
    secret = with_authenticator(client, ada)
    wrong = "000000" if code_for(secret) != "000000" else "111111"
    elsewhere = Client()
    sign_in(elsewhere, ada)
    page = elsewhere.post("/accounts/2fa/authenticate/", {"code": wrong})
    assert (errors(page), is_in(elsewhere)) == (["Incorrect code."], False)


def test_a_recovery_code_works_once_in_place_of_the_authenticator(client, ada):
    with_authenticator(client, ada)
    code = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()[0]
    entered = []
    for _ in range(2):
        elsewhere = Client()
        sign_in(elsewhere, ada)
        elsewhere.post("/accounts/2fa/authenticate/", {"code": code})
        entered.append(is_in(elsewhere))
    assert entered == [True, False]


def test_an_authenticator_can_be_enrolled_after_a_forgotten_password(client, ada):
    client.post(RESET, {"email": ada.email})
    client.post(
        client.get(reset_link(ada.email)).url,
        {"password1": make.PASSWORD, "password2": make.PASSWORD},
    )
    with_authenticator(client, ada)
    assert Authenticator.objects.filter(user=ada, type="totp").count() == 1


def test_that_an_authenticator_came_and_went_is_on_record(
    client, ada, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        with_authenticator(client, ada)
    client.post("/accounts/2fa/totp/deactivate/")
    told = (
        AuditEvent.objects.filter(activity__endswith="security info")
        .order_by("pk")
        .values_list("activity", "before", "after", "actor")
    )
    assert list(told) == [
        ("User registered security info", "", '{"method": "authenticator app"}', "Ada Okafor"),
        ("User deleted security info", '{"method": "authenticator app"}', "", "Ada Okafor"),
    ]


def test_an_authenticator_is_taken_off_again(client, ada):
    with_authenticator(client, ada)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=ada).count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_the_second_factor_is_changed_only_after_the_password_was_given_again(client, ada, path):
    sign_in(client, ada)
    assert client.get(path).url == f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}"


PAGES = {
    "/accounts/2fa/": "Second factor",
    "/accounts/2fa/totp/activate/": "Set up an authenticator app",
    "/accounts/2fa/webauthn/": "Passkeys and security keys",
    "/accounts/2fa/webauthn/add/": "Add a key",
    "/accounts/password/change/": "Change password",
    "/accounts/reauthenticate/": "Enter your password again",
    "/accounts/logout/": "Sign out?",
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_sign_in_are_in_our_look(client, ada, path):
    sign_in(client, ada)
    confirm(client)
    page = client.get(path).content.decode()
    assert (
        re.findall(r"<h1>(.*?)</h1>", page),
        page.count('class="card-p calm-card"'),
        "portal.css" in page,
    ) == ([PAGES[path]], 1, True)


@pytest.mark.parametrize(
    "path",
    [LOGIN, RESET, "/accounts/password/reset/done/", "/accounts/inactive/", "/accounts/signup/"],
)
def test_pages_for_strangers_are_in_our_look(client, db, path):
    page = client.get(path).content.decode()
    assert (page.count('class="card-p calm-card"'), page.count("<h1>")) == (1, 1)


def test_a_passkey_sign_in_begins_with_a_challenge(client, db):
    assert set(
        client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json").json()[
            "request_options"
        ]["publicKey"]
    ) >= {"challenge", "rpId"}


@pytest.mark.parametrize(
    ("host", "offered"), [("localhost", True), ("127.0.0.1", False), ("[::1]", False)]
)
def test_passkeys_are_offered_only_where_browsers_take_them(client, db, host, offered):
    page = client.get(LOGIN, HTTP_HOST=host).content.decode()
    assert ("Sign in with a passkey" in page) is offered


# what django-allauth has and the portal has not

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_login_webauthn",
}
CLOSED = {
    "account_email": "/accounts/email/",
    "account_email_verification_sent": "/accounts/confirm-email/",
    "account_confirm_email": "/accounts/confirm-email/abc/",
    "account_confirm_login_code": "/accounts/login/code/confirm/",
}


def names_under(patterns) -> set[str]:
    return {
        name
        for each in patterns
        for name in (
            names_under(each.url_patterns) if hasattr(each, "url_patterns") else [each.name]
        )
    }


def test_every_page_of_django_allauth_is_offered_or_closed():
    accounts = [
        pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "accounts/"
    ]
    assert names_under(accounts) == OFFERED | set(CLOSED)


@pytest.mark.parametrize("path", CLOSED.values(), ids=CLOSED)
def test_a_closed_page_is_not_there(client, ada, path):
    sign_in(client, ada)
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]


def test_nobody_changes_their_own_address(client, bob):
    sign_in(client, bob)
    client.post("/accounts/email/", {"action_add": "", "email": "boss@contoso.example"})
    client.post("/accounts/email/", {"action_primary": "", "email": "boss@contoso.example"})
    assert Person.objects.get(pk=bob.pk).email == "bob@eng.fabrikam.example"

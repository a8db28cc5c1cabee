"""Signing in to My Access by a code: the same pages for every address, and nothing told before it
is proved.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import AuditEvent, Mail, Person, SignInCode
from governance.web import visitor as visitors
from tests import make
from tests.make_visits import ask_for_code, code_in_mail, visitor
from tests.make_vouchers import voucher as make_voucher
from tests.views.reading import markup_of

pytestmark = pytest.mark.django_db
START, CODE = "/my-access/", "/my-access/code/"


@pytest.fixture
def everyone(fabrikam, bob, sam):
    """An address of every kind."""
    make.own_name("harbourgate.example")
    make.list_rule("norr.example")
    make.guest("blocked@fabrikam.example", state="blocked")
    make.guest("invited@fabrikam.example", state="invited")
    make.guest("removed@fabrikam.example", state="removed")
    return {
        "unknown": "x@nowhere.example",
        "known guest": bob.email,
        "new at a partner": "new@fabrikam.example",
        "blocked": "blocked@fabrikam.example",
        "invited": "invited@fabrikam.example",
        "removed": "removed@fabrikam.example",
        "member": sam.email,
        "own domain": "x@harbourgate.example",
        "blocked domain": "x@norr.example",
        "public mail": "x@gmail.com",
    }


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def errors(page) -> dict:
    return {name: list(said) for name, said in page.context["form"].errors.items()}


def enter(client: Client, code: str, **more):
    return client.post(CODE, {"code": code}, **more)


def move_clock(monkeypatch, by: timedelta) -> None:
    now = timezone.now() + by
    monkeypatch.setattr(visitors.timezone, "now", lambda: now)


# asking for a code


def test_a_stranger_sees_one_field(client):
    page = client.get(START)
    names = re.findall(r'<input type="text" name="(\w+)"', markup_of(page))
    assert (page.status_code, names) == (200, ["email"])


def test_every_kind_of_address_gets_the_same_page(everyone):
    pages = {}
    for kind, email in everyone.items():
        client = Client()
        answer = client.post(START, {"email": email})
        page = re.sub(re.escape(email), "ADDRESS", text_of(client.get(CODE)))
        pages[kind] = (answer.status_code, answer["Location"], page)
    assert len(set(pages.values())) == 1
    assert pages["unknown"][:2] == (303, CODE)


def test_every_kind_of_address_takes_the_same_statements(everyone):
    asked = {}
    for kind, email in everyone.items():
        with CaptureQueriesContext(connection) as statements:
            Client().post(START, {"email": email})
        asked[kind] = [re.sub(r"'[^']*'|\d+", "?", each["sql"])[:60] for each in statements]
    assert len({tuple(each) for each in asked.values()}) == 1


def test_every_kind_of_address_gets_one_mail_and_a_member_no_code(everyone):
    for email in everyone.values():
        ask_for_code(email)
    mails = {kind: Mail.objects.filter(to=email) for kind, email in everyone.items()}
    assert {kind: rows.count() for kind, rows in mails.items()} == dict.fromkeys(everyone, 1)
    without = {kind for kind, email in everyone.items() if not code_in_mail(email)}
    assert without == {"member"}


def test_a_members_mail_says_to_sign_in_with_the_password(sam):
    ask_for_code(sam.email)
    mail = Mail.objects.get()
    assert ("Sign in with your password" in mail.body, mail.secret) == (True, "")


def test_a_tagged_address_of_a_members_mailbox_gets_no_code_either(sam):
    ask_for_code("sam+x@harbourgate.example")
    assert code_in_mail("sam+x@harbourgate.example") == ""


def test_the_code_in_a_mail_is_its_secret(client):
    ask_for_code("x@nowhere.example")
    mail = Mail.objects.get()
    assert (mail.secret, mail.secret in mail.body) == (code_in_mail("x@nowhere.example"), True)


def test_neither_the_code_nor_the_token_is_kept(client):
    ask_for_code("x@nowhere.example", client)
    token, code = client.session["sign_in_code"][0], Mail.objects.get().secret
    kept = [str(value) for value in SignInCode.objects.values().get().values()]
    assert [value for value in kept if token in value or code.replace("-", "") in value] == []


def test_requesting_a_code_is_no_change_and_leaves_no_event(client):
    before = AuditEvent.objects.count()
    ask_for_code("x@nowhere.example")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an email address, such as name@partner.example"),
        ("nobody", "Enter an email address, such as name@partner.example"),
        ("a@b@c.example", "An email address has exactly one @"),
        ("a\0@c.example", None),
        ("a@" + "x" * 300 + ".example", None),
    ],
)
def test_what_is_no_address_is_said_at_the_field_and_nothing_is_written(client, typed, said):
    page = client.post(START, {"email": typed, "next": "/my-access/requests/"})
    assert (page.status_code, list(errors(page))) == (422, ["email"])
    assert said is None or errors(page)["email"] == [said]
    assert (SignInCode.objects.count(), Mail.objects.count()) == (0, 0)
    assert 'name="next" value="/my-access/requests/"' in page.content.decode()


# entering it


def test_the_code_lets_in_by_the_address_and_not_as_a_user(client, bob):
    answer = enter(ask_for_code(bob.email, client), code_in_mail(bob.email))
    page = client.get(START)
    assert (answer.status_code, answer["Location"]) == (303, START)
    assert (page.wsgi_request.visitor.email, page.wsgi_request.visitor.person) == (bob.email, bob)
    assert ("_auth_user_id" in client.session, client.get("/account/").status_code) == (False, 302)


def test_the_session_gets_a_new_key(client):
    ask_for_code("x@nowhere.example", client)
    before = client.session.session_key
    enter(client, code_in_mail("x@nowhere.example"))
    assert client.session.session_key != before


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), " {0} ".format])
def test_case_spaces_and_hyphens_make_no_difference(client, change):
    ask_for_code("x@nowhere.example", client)
    assert enter(client, change(code_in_mail("x@nowhere.example"))).status_code == 303


def test_a_wrong_code_is_said_at_the_field_and_on_record(client):
    ask_for_code("x@nowhere.example", client)
    page = enter(client, "AAAA-BBBB")
    event = AuditEvent.objects.latest("id")
    words = "This code is not correct. Check the latest email. You have 4 more tries"
    assert (page.status_code, errors(page)) == (422, {"code": [words]})
    assert (event.activity, event.result, event.target, event.reason) == (
        "Sign in with one-time code",
        "refused",
        "x@nowhere.example",
        f"code_wrong: {words}",
    )


def test_after_five_wrong_codes_the_right_one_does_not_work(client):
    ask_for_code("x@nowhere.example", client)
    for _ in range(5):
        enter(client, "AAAA-BBBB")
    page = enter(client, code_in_mail("x@nowhere.example"))
    assert errors(page) == {"code": ["This code no longer works. Send another code"]}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the code from the email"),
        ("AB", "The code has 8 letters and digits. Enter it as it is in the email"),
        ("AAAA-BBB0", "A code has only letters and digits, and never O, 0, I or 1"),
        ("<script>", "A code has only letters and digits, and never O, 0, I or 1"),
    ],
)
def test_what_can_be_no_code_is_said_and_uses_up_no_try(client, typed, said):
    ask_for_code("x@nowhere.example", client)
    page = enter(client, typed)
    assert (page.status_code, errors(page)["code"]) == (422, [said])
    assert SignInCode.objects.get().tries == 0


def test_a_code_does_not_work_in_another_browser(client):
    ask_for_code("x@nowhere.example", client)
    other = ask_for_code("x@nowhere.example")
    first = Mail.objects.order_by("id").first().secret
    assert enter(other, first).status_code == 422
    assert enter(client, first).status_code == 303


def test_a_browser_that_requested_nothing_is_led_to_the_start(client):
    assert (client.get(CODE)["Location"], enter(client, "AAAA-BBBB")["Location"]) == (START, START)


def test_a_code_works_once(client):
    ask_for_code("x@nowhere.example", client)
    pending, code = client.session["sign_in_code"], code_in_mail("x@nowhere.example")
    enter(client, code)
    session = client.session
    session["sign_in_code"] = pending
    session.save()
    assert errors(enter(client, code)) == {"code": ["This code no longer works. Send another code"]}


def test_a_code_works_for_ten_minutes(client, monkeypatch):
    ask_for_code("x@nowhere.example", client)
    move_clock(monkeypatch, timedelta(minutes=10, seconds=1))
    page = enter(client, code_in_mail("x@nowhere.example"))
    assert errors(page) == {"code": ["This code no longer works. Send another code"]}


def test_send_another_keeps_the_page_and_ends_the_first_code(client):
    ask_for_code("x@nowhere.example", client, next="/my-access/requests/")
    first = code_in_mail("x@nowhere.example")
    page = client.post(f"{CODE}again/", follow=True)
    assert (page.redirect_chain, "We sent another code" in text_of(page)) == ([(CODE, 303)], True)
    assert enter(client, first).status_code == 422
    answer = enter(client, code_in_mail("x@nowhere.example"))
    assert answer["Location"] == "/my-access/requests/"


# too many


def test_five_codes_for_an_address_from_a_network_in_ten_minutes(client, monkeypatch):
    for _ in range(5):
        assert client.post(START, {"email": "x@nowhere.example"}).status_code == 303
    page = client.post(START, {"email": "x+tag@nowhere.example"})
    words = "Too many codes were requested for this address. Try again in 10 minutes"
    assert (page.status_code, errors(page), Mail.objects.count()) == (422, {"email": [words]}, 5)
    move_clock(monkeypatch, timedelta(minutes=10, seconds=1))
    assert client.post(START, {"email": "x@nowhere.example"}).status_code == 303


def test_somebody_elses_requests_from_another_network_lock_nobody_out(client):
    for _ in range(6):
        client.post(START, {"email": "x@nowhere.example"}, REMOTE_ADDR="203.0.113.7")
    answer = client.post(START, {"email": "x@nowhere.example"}, REMOTE_ADDR="198.51.100.1")
    assert answer.status_code == 303


def test_forty_codes_from_a_network_in_ten_minutes(client):
    answers = [
        client.post(START, {"email": f"x{number}@nowhere.example"}).status_code
        for number in range(41)
    ]
    assert answers == [303] * 40 + [422]


def test_too_many_is_said_alike_of_every_address(everyone):
    said = {}
    for kind, email in everyone.items():
        for _ in range(6):
            page = Client().post(START, {"email": email}, REMOTE_ADDR=f"203.0.113.{len(said)}")
        said[kind] = (page.status_code, errors(page)["email"][0])
    assert len(set(said.values())) == 1


# what a proof is worth


def test_an_unknown_address_is_a_visitor_without_account(client):
    page = visitor("x@nowhere.example", client).get(START)
    found = page.wsgi_request.visitor
    assert (found.person, found.organization) == (None, None)


def test_a_visitor_belongs_to_the_organization_that_covers_the_address(client, fabrikam):
    page = visitor("new@eng.fabrikam.example", client).get(START)
    assert page.wsgi_request.visitor.organization == fabrikam


def test_a_visitor_with_a_voucher_belongs_to_the_organization_that_it_names(client, fabrikam):
    make_voucher(fabrikam, "lea@gmail.com", last_day=timezone.now().date() + timedelta(days=9))
    page = visitor("lea@gmail.com", client).get(START)
    assert page.wsgi_request.visitor.organization == fabrikam


def test_success_is_on_record_with_the_address(client):
    visitor("x@nowhere.example", client)
    event = AuditEvent.objects.latest("id")
    assert (event.activity, event.result, event.actor, event.target) == (
        "Sign in with one-time code",
        "done",
        "x@nowhere.example",
        "x@nowhere.example",
    )


def test_a_guest_who_was_invited_becomes_active_by_the_code(client, fabrikam):
    ann = make.guest("ann@fabrikam.example", state="invited", name="Ann")
    visitor(ann.email, client)
    events = list(AuditEvent.objects.order_by("-id").values_list("activity", "actor")[:2])
    assert (Person.objects.get(pk=ann.pk).state, set(events)) == (
        "active",
        {("Redeem external user invite", "Ann"), ("Sign in with one-time code", "Ann")},
    )


def test_an_invited_guest_of_a_blocked_domain_stays_invited(client, fabrikam):
    ann = make.guest("ann@fabrikam.example", state="invited")
    make.list_rule("fabrikam.example")
    visitor(ann.email, client)
    assert Person.objects.get(pk=ann.pk).state == "invited"
    assert client.get(START).wsgi_request.visitor.person is None


@pytest.mark.parametrize("email", ["bob@eng.fabrikam.example", "bob+x@eng.fabrikam.example"])
def test_who_was_blocked_since_is_shut_out_in_the_same_minute(client, bob, email):
    visitor(email, client)
    Person.objects.filter(pk=bob.pk).update(state="blocked", is_active=False)
    page = client.get(START)
    assert "This is not open to you. Ask the person who sent you the link." in text_of(page)


def test_who_is_blocked_is_told_one_sentence_after_the_proof(client, bob):
    Person.objects.filter(pk=bob.pk).update(state="blocked", is_active=False)
    page = visitor(bob.email, client).get(START)
    assert "This is not open to you. Ask the person who sent you the link." in text_of(page)


def test_who_was_removed_since_has_to_prove_the_address_again(client, bob):
    visitor(bob.email, client)
    later = timezone.now() + timedelta(seconds=1)
    Person.objects.filter(pk=bob.pk).update(state="removed", is_active=False, changed_at=later)
    assert "This is not open to you." in text_of(client.get(START))


def test_who_became_a_member_since_is_no_visitor(client):
    visitor("x@nowhere.example", client)
    make.member("x@nowhere.example")
    assert "This is not open to you." in text_of(client.get(START))


def test_ending_all_sessions_of_a_person_ends_the_proof(client, bob):
    visitor(bob.email, client)
    Person.objects.filter(pk=bob.pk).update(session_epoch=1)
    assert "This is not open to you." in text_of(client.get(START))


def test_an_account_that_is_made_for_access_since_changes_nothing(client):
    visitor("x@nowhere.example", client)
    row = make.guest("x@nowhere.example")
    Person.objects.update(session_epoch=1)
    assert client.get(START).wsgi_request.visitor.person == row


def test_a_proof_counts_for_twelve_hours(client, monkeypatch):
    visitor("x@nowhere.example", client)
    move_clock(monkeypatch, timedelta(hours=12))
    assert markup_of(client.get(START)).count('name="email"') == 1


def test_who_is_signed_in_is_a_visitor(signed_in, sam, fabrikam, bob):
    of_sam = signed_in(sam).get(START).wsgi_request.visitor
    of_bob = signed_in(bob).get(START).wsgi_request.visitor
    assert (of_sam.person, of_sam.organization, of_sam.signed_in_by) == (sam, None, "password")
    assert (of_bob.person, of_bob.organization) == (bob, fabrikam)


def test_signing_out_ends_the_proof(client):
    visitor("x@nowhere.example", client).post("/my-access/sign-out/")
    assert markup_of(client.get(START)).count('name="email"') == 1


@pytest.mark.parametrize("path", [START, CODE])
def test_the_pages_are_never_stored(client, path):
    ask_for_code("x@nowhere.example", client)
    assert client.get(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_next_leads_nowhere_else(client, to):
    ask_for_code("x@nowhere.example", client, next=to)
    assert enter(client, code_in_mail("x@nowhere.example"))["Location"] == START

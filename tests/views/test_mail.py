"""Mail that the portal wrote, for Global administrators;
what is meant for others alone is masked.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Mail
from governance.queries.mail import MASK
from governance.rules.roles import READER, SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/mail/"
LINK = "https://portal.example/invitations/abc/"
SESSION_AND_USER = 2  # the session; the person, the roles and whether there is demo data


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def one_of_each():
    for state in Mail.State.values:
        make.mail(state=state, subject=f"A {state} mail")


def found(client, **asked) -> list[str]:
    return [mail.subject for mail in client.get(LIST, asked).context["page"].mails.rows]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, ["A cancelled mail", "A failed mail", "A kept mail", "A sent mail", "A waiting mail"]),
        ({"state": "failed"}, ["A failed mail"]),
        ({"state": "waiting"}, ["A waiting mail"]),
        (
            {"state": "lost"},
            ["A cancelled mail", "A failed mail", "A kept mail", "A sent mail", "A waiting mail"],
        ),
    ],
    ids=["all", "failed", "waiting", "unknown"],
)
def test_mail_is_the_newest_first_and_filtered_by_state(client, one_of_each, asked, shown):
    assert found(client, **asked) == shown


def test_every_state_is_counted(client, one_of_each):
    make.mail(state="failed")
    counts = client.get(LIST).context["page"].counts
    assert {state: count.number for state, count in counts.items()} == {
        "": 6,
        "waiting": 1,
        "sent": 1,
        "kept": 1,
        "failed": 2,
        "cancelled": 1,
    }


def test_the_task_on_the_overview_leads_to_the_mail_that_failed(client, one_of_each):
    make.worker_seen(timezone.now())
    (task,) = [
        task for task in client.get("/").context["overview"].tasks if task.page == "mail_list"
    ]
    assert client.get(f"{LIST}{task.query}").context["page"].state == "failed"


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_takes_two_statements(client, number):
    for n in range(number):
        make.mail(subject=f"{n}")
    with CaptureQueriesContext(connection) as statements:
        client.get(LIST, {"state": "kept"})
    assert len(statements) == SESSION_AND_USER + 2


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "No mail server is set up (EMAIL_URL), so the portal does not send emails."),
        ("smtp://localhost", "Emails that the portal has sent or will send."),
    ],
)
def test_the_page_says_whether_mail_is_sent(client, settings, url, words):
    settings.EMAIL_URL = url
    assert words in client.get(LIST).content.decode()


def test_a_mail_that_is_only_kept_is_not_called_sent(client, one_of_each):
    page = client.get(LIST).content.decode()
    tags = re.findall(
        r'<span\s+class="tag[^"]*"\s*>.*?</svg>\s*([^<]*?)\s*</span>', page, re.DOTALL
    )
    assert sorted(tags) == ["Cancelled", "Failed", "Not sent", "Sent", "Waiting"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Not sent: no mail server is set up"),
        ("smtp://localhost", "Not sent: no mail server was set up"),
    ],
)
def test_a_kept_mail_says_why_it_was_not_sent(client, settings, url, words):
    settings.EMAIL_URL = url
    assert f"<dd>{words}</dd>" in body(client, make.mail())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "",
            "x@partner.example invited. The email with the link was not sent to x@partner.example:"
            " no mail server is set up. Set one up, then send the invitation again.",
        ),
        (
            "smtp://localhost:9",
            "x@partner.example invited. An email with a link goes to x@partner.example.",
        ),
    ],
)
def test_an_invitation_says_whether_its_mail_goes_out(client, settings, url, words):
    settings.EMAIL_URL = url
    given = {"email": "x@partner.example", "name": "X", "message": ""}
    page = client.post("/people/invite/", given, follow=True)
    assert words in [str(message) for message in page.context["messages"]]


def test_with_demo_data_an_invitation_says_where_its_link_is_read(client):
    load_demo(by=SYSTEM, at=make.NOON)
    given = {"email": "x@partner.example", "name": "X", "message": ""}
    page = client.post("/people/invite/", given, follow=True)
    assert str(list(page.context["messages"])[0]).endswith(
        "Global administrators can read it under Mail."
    )


@pytest.mark.parametrize("path", ["/people/invite/", "/people/add/"])
@pytest.mark.parametrize(("url", "warned"), [("", True), ("smtp://localhost", False)])
def test_before_an_invitation_the_page_says_that_no_mail_server_is_set_up(
    client, settings, path, url, warned
):
    settings.EMAIL_URL = url
    assert ("No mail server is set up" in client.get(path).content.decode()) == warned


@pytest.mark.parametrize(
    ("url", "heading"), [("", "No email was sent"), ("smtp://localhost", "Check your email")]
)
def test_a_forgotten_password_promises_no_mail_that_is_not_sent(client, settings, url, heading):
    settings.EMAIL_URL = url
    client.logout()
    page = client.get("/accounts/password/reset/done/").content.decode()
    assert f"<h1>{heading}</h1>" in page


# reading


def body(client, mail) -> str:
    return client.get(f"{LIST}{mail.pk}/").content.decode()


def test_a_link_that_is_meant_for_somebody_else_is_masked(client):
    page = body(client, make.mail("x@partner.example", body=f"Come in: {LINK}", secret=LINK))
    assert (LINK in page, MASK in page, "Only x@partner.example can use it" in page) == (
        False,
        True,
        True,
    )


def test_one_s_own_link_is_readable(client, ada):
    assert LINK in body(client, make.mail(ada.email, body=f"Come in: {LINK}", secret=LINK))


def test_with_demo_data_every_link_is_readable(client):
    load_demo(by=SYSTEM, at=make.NOON)
    assert LINK in body(
        client, make.mail("x@partner.example", body=f"Come in: {LINK}", secret=LINK)
    )


def test_links_are_masked_again_once_the_demo_data_is_gone(client):
    load_demo(by=SYSTEM, at=make.NOON)
    client.post(
        "/demo-data/remove/", {"seen": client.get("/demo-data/remove/").context["shown"].seen}
    )
    assert LINK not in body(
        client, make.mail("x@partner.example", body=f"Come in: {LINK}", secret=LINK)
    )


def test_why_a_mail_failed_is_said(client):
    mail = make.mail(state="failed")
    Mail.objects.update(last_error="SMTPDataError: (554, b'refused')")
    assert "Failed: SMTPDataError: (554, b&#x27;refused&#x27;)" in body(client, mail)


@pytest.mark.parametrize("who", ["uma", "gil", "rob", "rea"])
def test_only_global_administrators_read_mail(who, request, signed_in):
    person = (
        make.member("rea@harbourgate.example", READER)
        if who == "rea"
        else request.getfixturevalue(who)
    )
    mail = make.mail(body="Nobody else reads this")
    answers = [signed_in(person).get(path) for path in (LIST, f"{LIST}{mail.pk}/")]
    assert [
        (answer.status_code, "Nobody else reads this" in answer.content.decode())
        for answer in answers
    ] == [(403, False)] * 2


@pytest.mark.parametrize("number", [0, 999, 2**63 - 1, 2**63, 29562207141571166208])
def test_mail_that_is_not_there_is_404(client, number):
    assert client.get(f"{LIST}{number}/").status_code == 404


def test_no_text_of_a_mail_becomes_markup(client):
    page = body(
        client, make.mail(subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    )
    assert ("<script>alert" in page, "<img src=x" in page) == (False, False)

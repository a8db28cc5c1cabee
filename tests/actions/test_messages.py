"""What a mail says: in plain text and in HTML, and nothing of it is anybody's markup."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import transaction

from governance.actions import mail
from governance.actions.people import invitations
from governance.models import Mail
from governance.rules.mail import Message
from tests import make
from tests.mail_server import deliver_all

pytestmark = pytest.mark.django_db
NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)
MESSAGE = Message(
    "Decide about a request",
    ("Ines wants to use Supplier drawings.", "Please decide."),
    facts=(("Reason", "First line\nSecond <b>line</b>"), ("Until", "1 Dec 2026")),
    link="/approvals/1/",
    link_label="Open the request",
    closing="You get this because you sponsor Fabrikam.",
)


def row() -> Mail:
    return Mail.objects.latest("id")


def lines_of(message) -> list[str]:
    return message.get_body("plain").get_content().splitlines()


def html_of(message) -> str:
    return message.get_body("html").get_content()


def sent(post, message=MESSAGE):
    mail.write_message(to="x@partner.example", message=message, at=make.NOON)
    deliver_all(make.NOON)
    return post.received[-1][1]


def test_a_message_goes_out_as_text_and_as_html(post):
    message = sent(post)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_text_of_a_message_says_all_of_it(post, settings):
    settings.ORIGIN = "https://portal.example"
    assert lines_of(sent(post)) == [
        "Ines wants to use Supplier drawings.",
        "",
        "Please decide.",
        "",
        "Reason: First line",
        "    Second <b>line</b>",
        "Until: 1 Dec 2026",
        "",
        "Open the request:",
        "https://portal.example/approvals/1/",
        "",
        "You get this because you sponsor Fabrikam.",
    ]


def test_the_html_of_a_message_has_one_button_and_no_markup_of_anybodys(post, settings):
    settings.ORIGIN = "https://portal.example"
    html = html_of(sent(post))
    assert html.count('class="button" href="https://portal.example/approvals/1/"') == 1
    assert "Second &lt;b&gt;line&lt;/b&gt;" in html
    assert "Ines wants to use Supplier drawings." in html
    assert "You get this because you sponsor Fabrikam." in html


def test_the_html_asks_for_nothing_from_elsewhere(post):
    html = html_of(sent(post))
    assert [tag for tag in ("<img", "<script", "<link", "url(", "@import") if tag in html] == []


def test_no_naughty_string_becomes_markup_of_a_mail():
    usual = mail_html(Message("", ("",), (("", ""),), link="/x/", link_label="Open", closing=""))
    for text in NAUGHTY:
        message = Message(text, (text,), ((text, text),), "/x/", text, text)
        assert tags_of(mail_html(message)) - tags_of(usual) <= {"br"}, text


def mail_html(message: Message) -> str:
    with transaction.atomic():
        html = mail.write_message(to="x@partner.example", message=message, at=make.NOON).html
        transaction.set_rollback(True)
    return html


def tags_of(html: str) -> set[str]:
    reader = Tags()
    reader.feed(html)
    return reader.found


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attributes):
        self.found |= {tag, *(f"{tag} {name}" for name, _value in attributes)}


def test_an_invitation_has_a_button_that_leads_to_the_same_place_as_its_text(post, gil):
    invitations.invite_guest(
        email="x@partner.example", name="X", message="Hi", by=make.actor(gil), at=make.NOON
    )
    assert f'class="button" href="{row().secret}"' in row().html
    assert row().secret in row().body.splitlines()

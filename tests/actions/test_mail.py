"""Mail: written with its cause, sent after the commit, once, however the mail server behaves.

The server here is a real one, on loopback.
"""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.db import transaction

from governance.actions import mail
from governance.actions.people import invitations
from governance.models import Mail
from governance.rules.decision import Refused
from tests import make

pytestmark = pytest.mark.django_db
NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)


class Post:
    """A mail server that remembers what it was given, and that answers as it is told to."""

    def __init__(self):
        self.received, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append(
                (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
            )
        return self.answer


@pytest.fixture(scope="module")
def running():
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    yield post
    controller.stop()


@pytest.fixture
def post(running, settings):
    """The server as the portal's EMAIL_URL would name it."""
    running.received, running.answer = [], "250 OK"
    settings.EMAIL_URL = f"smtp://127.0.0.1:{running.port}"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        running.port,
    )
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return running


@pytest.fixture
def no_post(post, settings):
    """A port at which nobody listens."""
    settings.EMAIL_PORT = 1
    return post


def write(subject="Subject", body="Body", to="x@partner.example", **more) -> Mail:
    return mail.write_mail(to=to, subject=subject, body=body, at=make.NOON, **more)


def row() -> Mail:
    return Mail.objects.latest("id")


def lines_of(message) -> list[str]:
    return message.get_content().splitlines()


def deliver_all(at=make.NOON) -> tuple[int, int]:
    return mail.deliver_waiting(at)


# written


def test_with_a_mail_server_a_mail_waits_and_without_one_it_is_kept(post, settings):
    waiting = write().state
    settings.EMAIL_URL = ""
    assert (waiting, write().state) == ("waiting", "kept")


def test_a_mail_goes_with_its_cause_when_that_is_undone(post):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert (Mail.objects.count(), deliver_all(), post.received) == (0, (0, 0), [])


def test_a_refused_invitation_writes_no_mail(post, gil):
    make.list_rule("partner.example")
    with pytest.raises(Refused):
        invitations.invite_guest(
            email="x@partner.example", name="X", message="", by=make.actor(gil), at=make.NOON
        )
    assert Mail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_sent_beside_the_request_once_it_is_committed(post, gil):
    with transaction.atomic():
        invitations.invite_guest(
            email="x@partner.example", name="X", message="", by=make.actor(gil), at=make.NOON
        )
        sent_before = list(post.received)
    for thread in threading.enumerate():
        if thread.name.startswith("mail"):
            thread.join()
    assert (sent_before, [to for to, _ in post.received], row().state) == (
        [],
        [["x@partner.example"]],
        "sent",
    )


# sent


def test_a_mail_is_sent_once(post):
    write()
    assert (deliver_all(), deliver_all(), len(post.received), row().state, row().sent_at) == (
        (1, 0),
        (0, 0),
        1,
        "sent",
        make.NOON,
    )


def test_a_sent_mail_says_what_was_written(post, settings):
    write("Grüße", "Zeile eins\n\nhttps://portal.example/x/\n")
    deliver_all()
    (to, message), *_ = post.received
    told = (to, message["Subject"], message["To"], message["From"], lines_of(message))
    assert told == (
        ["x@partner.example"],
        "Grüße",
        "x@partner.example",
        settings.DEFAULT_FROM_EMAIL,
        ["Zeile eins", "", "https://portal.example/x/"],
    )


def test_two_who_deliver_at_once_send_a_mail_once(post):
    pk = write().pk
    assert ([mail.deliver(pk, make.NOON), mail.deliver(pk, make.NOON)], len(post.received)) == (
        [True, None],
        1,
    )


def test_what_somebody_began_to_send_is_left_to_them_for_ten_minutes(post):
    """A worker that was killed while sending: the mail is neither lost nor sent by two."""
    pk = write().pk
    Mail.objects.update(attempts=1, due_at=make.NOON + timedelta(minutes=10))
    meanwhile = mail.deliver(pk, make.NOON + timedelta(minutes=9))
    assert (meanwhile, deliver_all(make.NOON + timedelta(minutes=10))) == (None, (1, 0))


def test_no_transaction_is_open_while_the_server_is_talked_to(post, settings):
    """A slow server must not hold the one write lock of SQLite.

    The mail is held by its own moment instead.
    """
    write()
    settings.EMAIL_BACKEND, Watching.seen = f"{__name__}.Watching", []
    deliver_all()
    assert Watching.seen == [(0, make.NOON + timedelta(minutes=10), 1)]


class Watching:
    """A way to send that looks how deep in transactions it is called, besides the test's own, and
    at the mail's row.
    """

    seen: list

    def __init__(self, **_):
        pass

    def send_messages(self, messages):
        self.seen.append(
            (len(transaction.get_connection().savepoint_ids), row().due_at, row().attempts)
        )
        return len(messages)


# not sent


def test_while_the_server_is_down_a_mail_waits_and_says_why(no_post):
    write()
    assert (deliver_all(), row().state, row().attempts, row().last_error[:22]) == (
        (0, 1),
        "waiting",
        1,
        "ConnectionRefusedError",
    )


def test_a_mail_that_waited_is_sent_by_the_command(no_post, settings, capsys):
    write()
    deliver_all()
    settings.EMAIL_PORT = no_post.port
    call_command("deliver_mail")
    assert (capsys.readouterr().out, row().state, row().last_error, len(no_post.received)) == (
        "1 sent, 0 failed\n",
        "sent",
        "",
        1,
    )


@pytest.mark.parametrize("answer", ["451 try later", "554 refused"])
def test_what_the_server_does_not_take_is_tried_again(post, answer):
    write()
    post.answer = answer
    failed = deliver_all()
    post.answer = "250 OK"
    assert (failed, deliver_all(make.NOON + timedelta(minutes=1)), len(post.received)) == (
        (0, 1),
        (1, 0),
        1,
    )


def test_each_try_waits_longer_than_the_one_before(no_post):
    write()
    at, tries = make.NOON, []
    while row().state == "waiting":
        deliver_all(at)
        tries.append(at - make.NOON)
        at = row().due_at
    assert tries == [
        timedelta(),
        timedelta(minutes=1),
        timedelta(minutes=6),
        timedelta(minutes=36),
        timedelta(minutes=216),
    ]


def test_after_five_tries_a_mail_has_failed(no_post):
    write()
    Mail.objects.update(attempts=4)
    deliver_all()
    assert (row().state, row().attempts, deliver_all(make.NOON + timedelta(days=1))) == (
        "failed",
        5,
        (0, 0),
    )


def test_a_mail_that_no_header_can_carry_holds_up_no_other(post):
    write()
    Mail.objects.update(subject="a\nBcc: y@z.example")
    write("Fine")
    assert (deliver_all(), [message["Subject"] for _, message in post.received]) == (
        (1, 1),
        ["Fine"],
    )


# headers


@pytest.mark.parametrize(
    "subject",
    [
        "a\nBcc: y@z.example",
        "a\r\nBcc: y@z.example",
        "a\r\n\r\nbody",
        "a\u2028Bcc: y@z.example",
        "a\x0bb\x0cc\x85d",
    ],
)
def test_a_subject_is_one_line(post, subject):
    write(subject)
    deliver_all()
    _to, message = post.received[0]
    assert (message["Bcc"], len(message["Subject"].splitlines()), lines_of(message)) == (
        None,
        1,
        ["Body"],
    )


def test_no_naughty_string_adds_a_header_or_a_recipient(post):
    for text in NAUGHTY:
        write(text.replace("\0", ""), text.replace("\0", ""))
    deliver_all()
    usual = {
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "X-Peer",
        "X-MailFrom",
        "X-RcptTo",
    }
    assert len(post.received) == len(NAUGHTY)
    assert {name for _, message in post.received for name in message} - usual == set()
    assert {(tuple(to), message["To"]) for to, message in post.received} == {
        (("x@partner.example",), "x@partner.example")
    }

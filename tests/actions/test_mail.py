"""Mail: written with its cause, sent after the commit, once, however the mail server behaves.

The server here is a real one, on loopback.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from governance.actions import mail, mail_delivery
from governance.actions.people import invitations
from governance.connectors.task_queue import run_next_task
from governance.models import Mail
from governance.rules.decision import Refused
from governance.rules.mail import Message
from governance.rules.roles import SYSTEM
from tests import mail_server, make

pytestmark = pytest.mark.django_db
NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)


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
    return message.get_body("plain").get_content().splitlines()


def deliver_all(at=make.NOON) -> tuple[int, int]:
    return mail_server.deliver_all(at)


def queued() -> int:
    return DBTaskResult.objects.ready().count()


def queue_due(at=make.NOON) -> int:
    return mail_delivery.queue_due_mail(SYSTEM, at)


def run_queue() -> None:
    while run_next_task("a worker of the tests"):
        pass


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


def test_a_mail_is_queued_in_the_transaction_of_its_cause(post):
    with transaction.atomic():
        write()
        inside = queued()
        transaction.set_rollback(True)
    assert (inside, queued()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_sent_by_the_queue_once_it_is_committed(post, gil):
    with transaction.atomic():
        invitations.invite_guest(
            email="x@partner.example", name="X", message="", by=make.actor(gil), at=make.NOON
        )
        sent_before = list(post.received)
    run_queue()
    assert (sent_before, [to for to, _ in post.received], row().state) == (
        [],
        [["x@partner.example"]],
        "sent",
    )


def test_without_a_mail_server_nothing_is_queued(settings):
    settings.EMAIL_URL = ""
    write()
    assert queued() == 0


# with a time


LATER = make.NOON + timedelta(minutes=1)
ABOUT = "request 1"


def write_later(**given) -> Mail:
    return mail.write_message(
        to="x@partner.example",
        message=Message("Later", ("Hello",)),
        at=make.NOON,
        **{"due_at": LATER, "about": ABOUT, **given},
    )


def test_a_mail_is_not_sent_before_it_is_due(post):
    write_later()
    assert (queued(), queue_due(), deliver_all(), queue_due(LATER), deliver_all(LATER)) == (
        0,
        0,
        (0, 0),
        1,
        (1, 0),
    )


def test_a_mail_that_is_not_due_yet_can_be_cancelled_by_what_it_is_about(post):
    write_later()
    write_later(about="request 2")
    cancelled = mail.cancel_messages(about=ABOUT, at=make.NOON)
    deliver_all(LATER)
    states = dict(Mail.objects.values_list("about", "state"))
    assert (cancelled, states) == (1, {ABOUT: "cancelled", "request 2": "sent"})


def test_a_mail_that_is_due_or_sent_is_cancelled_no_more(post):
    write_later()
    due = mail.cancel_messages(about=ABOUT, at=LATER)
    deliver_all(LATER)
    sent = mail.cancel_messages(about=ABOUT, at=make.NOON)
    assert (due, sent, row().state) == (0, 0, "sent")


def test_mails_about_nothing_are_never_cancelled_together(post):
    write_later(about="")
    assert (mail.cancel_messages(about="", at=make.NOON), row().state) == (0, "waiting")


def test_without_a_mail_server_a_mail_waits_until_it_is_due_and_is_then_kept(settings):
    settings.EMAIL_URL = ""
    before = write_later().state
    deliver_all(LATER)
    assert (before, row().state, row().attempts) == ("waiting", "kept", 0)


# queued again


def test_a_mail_that_is_queued_is_not_queued_again(post):
    write()
    assert (queued(), queue_due(), queued()) == (1, 0, 1)


def test_a_mail_whose_task_was_lost_is_queued_again_after_ten_minutes(post):
    write()
    DBTaskResult.objects.all().delete()
    nine, ten = (make.NOON + timedelta(minutes=minutes) for minutes in (9, 10))
    assert (queue_due(nine), queue_due(ten), queued()) == (0, 1, 1)


def test_a_mail_that_was_not_taken_is_queued_when_it_is_due_again(no_post):
    write()
    deliver_all()
    assert (queue_due(), queue_due(make.NOON + timedelta(minutes=1))) == (0, 1)


def test_a_task_that_comes_before_its_time_leaves_the_mail_to_the_next_sweep(post):
    """The clock of the server that wrote the mail may be ahead of the worker's."""
    pk = write().pk
    early = mail_delivery.deliver(pk, make.NOON - timedelta(seconds=1))
    assert (early, queue_due()) == (None, 1)


def test_mails_are_queued_in_batches_of_two_hundred(post):
    Mail.objects.bulk_create(
        Mail(to="x@partner.example", subject="S", body="B", created_at=make.NOON, due_at=make.NOON)
        for _number in range(401)
    )
    assert [queue_due() for _batch in range(4)] == [200, 200, 1, 0]


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
    assert (
        [mail_delivery.deliver(pk, make.NOON), mail_delivery.deliver(pk, make.NOON)],
        len(post.received),
    ) == (
        [True, None],
        1,
    )


def test_what_somebody_began_to_send_is_left_to_them_for_ten_minutes(post):
    """A worker that was killed while sending: the mail is neither lost nor sent by two."""
    pk = write().pk
    Mail.objects.update(attempts=1, due_at=make.NOON + timedelta(minutes=10))
    meanwhile = mail_delivery.deliver(pk, make.NOON + timedelta(minutes=9))
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


class Overtaken:
    """A way to send that fails after another worker has begun to."""

    def __init__(self, **_):
        pass

    def send_messages(self, messages):
        Mail.objects.update(attempts=2)
        raise TimeoutError


# not sent


def test_while_the_server_is_down_a_mail_waits_and_says_why(no_post):
    write()
    assert (deliver_all(), row().state, row().attempts, row().last_error[:22]) == (
        (0, 1),
        "waiting",
        1,
        "ConnectionRefusedError",
    )


def test_a_mail_that_waited_is_sent_by_the_queue(no_post, settings):
    write()
    deliver_all()
    settings.EMAIL_PORT = no_post.port
    queue_due(make.NOON + timedelta(minutes=1))
    run_queue()
    assert (row().state, row().last_error, len(no_post.received)) == ("sent", "", 1)


def test_a_copy_of_a_mail_has_the_same_message_id_and_another_mail_another(post):
    """A worker that was killed after the server took the mail sends it again."""
    write()
    write()
    deliver_all()
    first = Mail.objects.order_by("id").first()
    Mail.objects.filter(pk=first.pk).update(state="waiting", due_at=make.NOON)
    deliver_all()
    one, other, again = (message["Message-ID"] for _to, message in post.received)
    assert (again == one, other == one) == (True, False)


def test_a_mail_says_that_no_person_sent_it(post):
    write()
    deliver_all()
    assert post.received[0][1]["Auto-Submitted"] == "auto-generated"


def test_who_comes_too_late_does_not_write_over_a_later_attempt(post, settings):
    """An attempt that took longer than its hold, while another has begun."""
    write()
    settings.EMAIL_BACKEND = f"{__name__}.Overtaken"
    deliver_all()
    assert (row().state, row().attempts, row().last_error) == ("waiting", 2, "")


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
        "Auto-Submitted",
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

"""Mail: rows written with what causes them, delivered after the commit."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection, transaction
from django.db.models import F

from ..models import Mail
from ..rules.mail import Message, mailable

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
)  # after each attempt but the last
ATTEMPTS = len(WAITS) + 1
_HELD = timedelta(
    minutes=10
)  # longer than any attempt lasts: after it, whoever began to send is taken for dead


def write_mail(*, to: str, subject: str, body: str, at: datetime, secret: str = "") -> Mail:
    """Put a mail into the same transaction as its cause.

    `secret` is the part that only the addressee may read.
    """
    state = Mail.State.WAITING if settings.EMAIL_URL else Mail.State.KEPT
    line = " ".join(subject.split())[:200]
    mail = Mail.objects.create(
        to=mailable(to),
        subject=line,
        body=body,
        secret=secret,
        state=state,
        created_at=at,
        due_at=at,
    )
    if state == Mail.State.WAITING:
        transaction.on_commit(lambda: _deliver_beside(mail.pk, at))
    return mail


def write_message(
    *, to: str, message: Message, at: datetime, due_at: datetime | None = None, about: str = ""
) -> Mail:
    """Write a mail out of a message, into the same transaction as its cause."""
    facts = "\n".join(f"{label}: {value}" for label, value in message.facts)
    link = f"{message.link_label}: {settings.ORIGIN}{message.link}" if message.link else ""
    parts = [*message.paragraphs, facts, link, message.closing]
    body = "\n\n".join(part for part in parts if part)
    return write_mail(to=to, subject=message.subject, body=body, at=at)


def cancel_messages(*, about: str, at: datetime) -> int:
    """Stop the mails about something that are not due yet. Return how many."""
    return 0


def deliver_waiting(at: datetime) -> tuple[int, int]:
    """Send what is due, each mail once.

    Answers how many were sent and how many failed this time.
    """
    due = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=at).order_by("due_at", "id")
    done = [deliver(pk, at) for pk in due.values_list("pk", flat=True)[:500]]
    return done.count(True), done.count(False)


def deliver(pk: int, at: datetime) -> bool | None:
    """Send one mail. None when it was not due any more: somebody else sends it.

    It is held by a moment in its row, not by a transaction: a slow mail server holds up nobody who
    writes.
    """
    held = Mail.objects.filter(pk=pk, state=Mail.State.WAITING, due_at__lte=at).update(
        due_at=at + _HELD, attempts=F("attempts") + 1
    )
    if not held:
        return None
    mail = Mail.objects.get(pk=pk)
    problem = _send(mail)
    if problem is None:
        mail.state, mail.sent_at, mail.last_error = Mail.State.SENT, at, ""
    else:
        mail.last_error = f"{type(problem).__name__}: {problem}"[:500].replace("\0", "")
        mail.state = Mail.State.FAILED if mail.attempts >= ATTEMPTS else Mail.State.WAITING
        mail.due_at = at + WAITS[min(mail.attempts, len(WAITS)) - 1]
    mail.save()
    return problem is None


def _send(mail: Mail) -> Exception | None:
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    # smtplib's exceptions are OSErrors; a header or an address that no mail can carry, a ValueError
    except (OSError, ValueError) as problem:
        return problem
    return None


def _deliver_beside(pk: int, at: datetime) -> None:
    """Off the request's thread: a slow mail server delays nobody.

    What fails waits for `manage.py deliver_mail`.
    """

    def run() -> None:
        try:
            deliver(pk, at)
        finally:
            close_old_connections()
            connection.close()

    threading.Thread(target=run, name=f"mail {pk}", daemon=True).start()

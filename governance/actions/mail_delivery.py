"""Sending mail: each row once, with retries, whatever becomes of the process that sends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from ..connectors.task_queue import TaskContext, began_at, task
from ..models import Mail
from ..rules.roles import Actor
from .queueing import hold, queue_due

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
)  # after each attempt but the last
ATTEMPTS = len(WAITS) + 1
HELD = timedelta(
    minutes=10
)  # longer than any attempt lasts: after it, whoever began to send is taken for dead


@task(takes_context=True)
def deliver_mail(context: TaskContext, pk: int) -> None:
    """Send one mail, if it is still to be sent: the task that is queued for a row."""
    deliver(pk, began_at(context))


def queue_due_mail(by: Actor, at: datetime) -> int:
    """Queue a batch of mails that are due and in no queue, and return how many they are."""
    return queue_due(Mail.objects.all(), deliver_mail, at)


def deliver(pk: int, at: datetime) -> bool | None:
    """Send one mail. None when it was not due any more: somebody else sends it."""
    rows = Mail.objects.filter(pk=pk)
    if not settings.EMAIL_URL:
        rows.filter(state=Mail.State.WAITING, due_at__lte=at).update(state=Mail.State.KEPT)
        return None
    if not hold(rows, at, at + HELD):
        return None
    mail = Mail.objects.get(pk=pk)
    problem = _send(mail)
    _note(mail, problem, at)
    return problem is None


def _send(mail: Mail) -> Exception | None:
    try:
        _as_email(mail).send()
    # smtplib's exceptions are OSErrors; a header or an address that no mail can carry, a ValueError
    except (OSError, ValueError) as problem:
        return problem
    return None


def _as_email(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail with an ID that stays the same, by which a mail server or a reader knows a
    copy that was sent again.
    """
    made = mail.created_at.strftime("%Y%m%d%H%M%S%f")
    headers = {
        "Message-ID": f"<{mail.pk}.{made}@{settings.ORIGIN_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    email = EmailMultiAlternatives(mail.subject, mail.body, to=[mail.to], headers=headers)
    if mail.html:
        email.attach_alternative(mail.html, "text/html")
    return email


def _note(mail: Mail, problem: Exception | None, at: datetime) -> None:
    """Write what became of an attempt, unless a later attempt has begun meanwhile."""
    this_attempt = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    if problem is None:
        this_attempt.update(state=Mail.State.SENT, sent_at=at, last_error="")
        return
    is_last = mail.attempts >= ATTEMPTS
    this_attempt.filter(state=Mail.State.WAITING).update(
        state=Mail.State.FAILED if is_last else Mail.State.WAITING,
        due_at=at + WAITS[min(mail.attempts, len(WAITS)) - 1],
        last_error=f"{type(problem).__name__}: {problem}"[:500].replace("\0", ""),
    )

"""Mail: rows written with what causes them, delivered after the commit."""

from __future__ import annotations

import threading
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection, transaction

from ..models import Mail

ATTEMPTS = 5


def write_mail(*, to: str, subject: str, body: str, at: datetime, secret: str = "") -> Mail:
    """Put a mail into the same transaction as its cause. `secret` is the part that only the addressee may read."""
    state = Mail.State.WAITING if settings.EMAIL_URL else Mail.State.KEPT
    line = " ".join(subject.split())[:200]
    mail = Mail.objects.create(to=to, subject=line, body=body, secret=secret, state=state, created_at=at)
    if state == Mail.State.WAITING:
        transaction.on_commit(lambda: _deliver_beside(mail.pk, at))
    return mail


def deliver_waiting(at: datetime) -> tuple[int, int]:
    """Send what waits, each mail once. Answers how many were sent and how many failed this time."""
    done = [deliver(pk, at) for pk in Mail.objects.filter(state=Mail.State.WAITING).order_by("id").values_list("pk", flat=True)[:500]]
    return done.count(True), done.count(False)


def deliver(pk: int, at: datetime) -> bool | None:
    """Send one mail, holding its row so that nobody sends it too. None when it was not waiting any more."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).filter(
            pk=pk, state=Mail.State.WAITING
        ).first()
        return _send(mail, at) if mail else None


def _send(mail: Mail, at: datetime) -> bool:
    mail.attempts += 1
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
        mail.state, mail.sent_at, mail.last_error = Mail.State.SENT, at, ""
    except OSError as problem:  # smtplib's exceptions are OSErrors too
        mail.last_error = f"{type(problem).__name__}: {problem}"[:500]
        mail.state = Mail.State.FAILED if mail.attempts >= ATTEMPTS else Mail.State.WAITING
    mail.save()
    return mail.state == Mail.State.SENT


def _deliver_beside(pk: int, at: datetime) -> None:
    """Off the request's thread: a slow mail server delays nobody. What fails waits for `manage.py deliver_mail`."""

    def run():
        try:
            deliver(pk, at)
        finally:
            close_old_connections()
            connection.close()

    threading.Thread(target=run, daemon=True).start()

"""Mail: rows written in the transaction of what causes them. `mail_delivery` sends them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from ..connectors.task_queue import enqueue
from ..models import Mail
from ..rules.mail import (
    Message,
    absolute_link,
    mail_text,
    mailable,
    message_from_text,
    message_text,
    subject_line,
)
from .mail_delivery import deliver_mail


def write_message(
    *,
    to: str,
    message: Message,
    at: datetime,
    due_at: datetime | None = None,
    about: str = "",
    secret: str = "",
) -> Mail:
    """Put a mail into the same transaction as its cause.

    It is not sent before `due_at`, and until then `cancel_messages` can stop all that is `about`
    the same thing. `secret` is the part of the text that only the addressee may read.
    """
    return _write(to, message, message_text(message, settings.ORIGIN), at, due_at, about, secret)


def write_mail(*, to: str, subject: str, body: str, at: datetime, secret: str = "") -> Mail:
    """Put a mail whose text is already written into the same transaction as its cause.

    `secret` is the part that only the addressee may read; where it is a link to the portal, the
    HTML shows it as one.
    """
    origin = settings.ORIGIN
    link = secret.removeprefix(origin) if secret.startswith(f"{origin}/") else ""
    message = message_from_text(subject, body, link, origin)
    return _write(to, message, body, at, None, "", secret)


def cancel_messages(*, about: str, at: datetime) -> int:
    """Cancel the mails about something that are not due yet, and return how many they are."""
    waiting = Mail.objects.filter(about=about, state=Mail.State.WAITING, due_at__gt=at)
    return waiting.update(state=Mail.State.CANCELLED) if about else 0


def _write(
    to: str,
    message: Message,
    text: str,
    at: datetime,
    due_at: datetime | None,
    about: str,
    secret: str,
) -> Mail:
    due = due_at or at
    is_due, sends = due <= at, bool(settings.EMAIL_URL)
    mail = Mail.objects.create(
        to=mailable(to),
        subject=subject_line(message.subject),
        body=text,
        html=_html(message),
        about=about,
        secret=secret,
        state=Mail.State.KEPT if is_due and not sends else Mail.State.WAITING,
        created_at=at,
        due_at=due,
        queued_at=at if is_due and sends else None,
    )
    if mail.queued_at:
        enqueue(deliver_mail, mail.pk)
    return mail


def _html(message: Message) -> str:
    shown = {
        "subject": subject_line(message.subject),
        "paragraphs": [mail_text(paragraph) for paragraph in message.paragraphs],
        "facts": [(label, mail_text(value)) for label, value in message.facts],
        "link": absolute_link(message, settings.ORIGIN),
        "link_label": mail_text(message.link_label) or "Open",
        "closing": mail_text(message.closing),
        "origin": settings.ORIGIN,
    }
    return render_to_string("mail/message.html", shown)

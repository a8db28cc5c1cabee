"""A mail server on loopback that remembers what it was given, and answers as it is told to."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from governance.actions import mail_delivery
from governance.models import Mail


class Post:
    """`received` has the recipients and the message of each mail that was taken."""

    def __init__(self):
        self.received, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append(
                (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
            )
        return self.answer


@contextmanager
def running_post():
    """A server that runs; `port` is where."""
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    yield post
    controller.stop()


def use(post: Post, settings) -> None:
    """Make it the server that EMAIL_URL names."""
    settings.EMAIL_URL = f"smtp://127.0.0.1:{post.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def deliver_all(at: datetime) -> tuple[int, int]:
    """Send all mail that is due at a moment; return how many were sent and how many failed."""
    due = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=at).order_by("due_at", "id")
    done = [mail_delivery.deliver(pk, at) for pk in list(due.values_list("pk", flat=True))]
    return done.count(True), done.count(False)

"""Mail as rows: written with the change that causes it, delivered after the commit."""

from __future__ import annotations

from django.db import models

from ..db.constraints import is_known
from ..rules.mail import STATES


class Mail(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        KEPT = "kept", "Not sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField("HTML", blank=True)
    about = models.CharField(
        max_length=100,
        blank=True,
        help_text="What the message is about, by which it can be cancelled before it is due.",
    )
    secret = models.CharField(
        max_length=500,
        blank=True,
        help_text="The part of the body that only the addressee may read.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField("created")
    due_at = models.DateTimeField(help_text="The message is not sent before this time.")
    queued_at = models.DateTimeField("queued", null=True, editable=False)
    sent_at = models.DateTimeField("sent", null=True)

    class Meta:
        default_permissions = ("view",)
        constraints = [is_known("state", STATES, of="mail")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="mail_by_state"),
            models.Index(fields=["about", "state"], name="mail_by_what_it_is_about"),
        ]
        verbose_name_plural = "mail"

    def __str__(self):
        return self.subject

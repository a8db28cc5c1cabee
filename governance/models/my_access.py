"""One-time codes that prove an address on My Access (product rule 34)."""

from __future__ import annotations

from django.db import models

from ..db.fields import KeyField


class SignInCode(models.Model):
    """A code that was mailed to an address; only its hash is kept.

    It works in the browser that asked for it alone, which holds the token.
    """

    email = models.EmailField("email")
    mailbox = KeyField(max_length=254, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    network = models.CharField(max_length=45, blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["mailbox", "created_at"], name="code_by_mailbox"),
            models.Index(fields=["network", "created_at"], name="code_by_network"),
            models.Index(fields=["created_at"], name="code_by_age"),
        ]

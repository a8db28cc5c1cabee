"""Unfinished answers: one row per wizard or edit, so that two tabs never mix and a restart loses
nothing.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from .organizations import Organization
from .packages import Package


class Draft(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    edits = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="The organization whose sources are being edited.",
    )
    edits_version = models.PositiveIntegerField(null=True)
    answers = models.JSONField(default=dict, help_text="The answers, by step.")
    pane = models.JSONField(default=dict, help_text="The working copy of an open pane.")
    created = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The organization that was created from it. Creating again returns the same one.",
    )
    started_at = models.DateTimeField("started")
    saved_at = models.DateTimeField("saved")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["author", "saved_at"], name="draft_by_author")]

    def __str__(self):
        return f"Draft of {self.author}"


class PackageDraft(models.Model):
    """An access package that is being put together, step by step."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="package_drafts"
    )
    answers = models.JSONField(
        default=dict, help_text="What was posted, by step: each name with its values."
    )
    created = models.ForeignKey(
        Package,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The package that was created from it. Creating again returns the same one.",
    )
    started_at = models.DateTimeField("started")
    saved_at = models.DateTimeField("saved")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["author", "saved_at"], name="package_draft_by_author")]

    def __str__(self):
        return f"Draft of {self.author}"

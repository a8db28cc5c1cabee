"""What an access package gives access to: groups of this portal, and webhooks to other systems."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known, is_positive
from ..db.fields import KeyField
from ..rules.resources import RESOURCE_KINDS
from .packages import Package


class AccessGroup(models.Model):
    """A group of people, which other systems read."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, unique=True, editable=False)
    description = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name = "group"
        default_permissions = ("view",)
        constraints = [is_positive("version", of="access_group")]

    def __str__(self):
        return self.name


class Webhook(models.Model):
    """An address of another system that is told who gets access and who loses it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, unique=True, editable=False)
    url = models.CharField(max_length=500)
    secret = models.CharField(
        max_length=100, help_text="Signs what is sent. Shown once, when it is made."
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)

    class Meta:
        default_permissions = ("view",)
        constraints = [is_positive("version", of="webhook")]

    def __str__(self):
        return self.name


class Resource(models.Model):
    """A group or a webhook in an access package.

    A resource that was taken out stays as a row, for what was delivered to it.
    """

    class Kind(models.TextChoices):
        GROUP = "group", "Group"
        WEBHOOK = "webhook", "Webhook"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind)
    group = models.ForeignKey(
        AccessGroup, models.PROTECT, null=True, blank=True, related_name="resources"
    )
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, null=True, blank=True, related_name="resources"
    )
    added_at = models.DateTimeField("added")
    added_by = models.CharField(max_length=254)
    removed_at = models.DateTimeField("removed", null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            is_known("kind", RESOURCE_KINDS, of="resource"),
            models.CheckConstraint(
                condition=Q(kind="group", group__isnull=False, webhook__isnull=True)
                | Q(kind="webhook", group__isnull=True, webhook__isnull=False),
                name="a_resource_is_what_its_kind_says",
            ),
            models.UniqueConstraint(
                fields=["package", "group"],
                condition=Q(removed_at__isnull=True, group__isnull=False),
                name="one_present_resource_per_package_and_group",
            ),
            models.UniqueConstraint(
                fields=["package", "webhook"],
                condition=Q(removed_at__isnull=True, webhook__isnull=False),
                name="one_present_resource_per_package_and_webhook",
            ),
        ]

    def __str__(self):
        return str(self.group or self.webhook)

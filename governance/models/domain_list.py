"""The allow and deny list, and the names that are our own."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known, is_positive
from ..db.fields import KeyField
from ..rules.domain_list import BREADTHS, EFFECTS


class ListDefault(models.Model):
    """What the list does with names that have no rule. No row means: allow."""

    class Effect(models.TextChoices):
        ALLOW = "allow", "Allow"
        BLOCK = "block", "Block"

    effect = models.CharField(max_length=5, choices=Effect, default=Effect.ALLOW)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField("changed")
    changed_by = models.CharField(max_length=254)

    class Meta:
        default_permissions = ()
        verbose_name = "allow and deny list default"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_list_default"),
            is_known("effect", EFFECTS, of="list_default"),
            is_positive("version", of="list_default"),
        ]

    def __str__(self):
        return f"{self.get_effect_display()} domains without a rule"


class ListRule(models.Model):
    """One name, alone or with its subdomains, allowed or blocked."""

    class Breadth(models.TextChoices):
        ALONE = "alone", "This domain only"
        WITH_SUBDOMAINS = "with_subdomains", "Including subdomains"

    class Effect(models.TextChoices):
        ALLOW = "allow", "Allow"
        BLOCK = "block", "Block"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = KeyField("domain", max_length=253)
    key = KeyField(max_length=253, db_index=True, editable=False)
    skeleton = KeyField(max_length=300, db_index=True, editable=False)
    breadth = models.CharField(
        "covers", max_length=15, choices=Breadth, default=Breadth.WITH_SUBDOMAINS
    )
    effect = models.CharField(max_length=5, choices=Effect)
    reason = models.CharField(
        max_length=500,
        blank=True,
        help_text="Explain why, for whoever reviews this list later.",
    )
    ends_on = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which the rule applies, in the portal’s time zone.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    added_at = models.DateTimeField("added", editable=False)
    added_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name = "allow and deny list rule"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "breadth"], name="one_rule_per_name_and_breadth"
            ),
            is_known("breadth", BREADTHS, of="list_rule"),
            is_known("effect", EFFECTS, of="list_rule"),
            is_positive("version", of="list_rule"),
        ]

    def __str__(self):
        return f"{self.get_effect_display()} {self.name}"


class OwnName(models.Model):
    """A domain of our own: nobody claims it or a name beneath it."""

    name = KeyField("domain", max_length=253, unique=True)
    key = KeyField(max_length=253, db_index=True, editable=False)
    skeleton = KeyField(max_length=300, db_index=True, editable=False)
    added_at = models.DateTimeField("added", editable=False)
    added_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name = "domain"
        verbose_name_plural = "your domains"

    def __str__(self):
        return self.name

"""Vouchers: one address counts as a partner's until a day (product rule 47)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known
from ..db.fields import KeyField
from ..db.kept_statements import Varying
from ..rules.vouching import GIVEN, PRESENT, VOUCHER_STATES
from .organizations import Organization


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def in_force(self, at: datetime | Varying) -> VoucherQuerySet:
        """Those that decide where a mailbox belongs at that moment, worker or not."""
        return self.filter(state=GIVEN, ends_at__gt=at)


class Voucher(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for an administrator"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ENDED = "ended", "Ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="vouchers")
    email = models.EmailField("email")
    mailbox = KeyField(max_length=254, editable=False)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=500)
    last_day = models.DateField()
    ends_at = models.DateTimeField()
    passes_default_block = models.BooleanField(
        default=False, help_text="Counts although the list blocks domains without a rule."
    )
    proposed_by = models.CharField(max_length=254, blank=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=254, blank=True)
    ended_at = models.DateTimeField(null=True)
    told_of_end_at = models.DateTimeField(null=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            is_known("state", VOUCHER_STATES, of="voucher"),
            models.UniqueConstraint(
                fields=["mailbox"],
                condition=Q(state__in=list(PRESENT)),
                name="one_present_voucher_per_mailbox",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_at"], name="voucher_by_end"),
            models.Index(fields=["mailbox", "state", "ends_at"], name="voucher_of_mailbox"),
            models.Index(fields=["organization", "state"], name="voucher_by_organization"),
        ]

    def __str__(self):
        return f"{self.email} for {self.organization}"

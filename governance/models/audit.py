"""The audit log: one row per change or refused attempt, append-only, each chained to the one
before.
"""

from __future__ import annotations

from django.db import models

from ..db.constraints import is_known
from ..rules.audit import RESULTS


class AuditEvent(models.Model):
    """What happened. `id` is the order of events; `canonical` is the very text that was hashed. No
    foreign keys: rows outlive things.
    """

    class Result(models.TextChoices):
        DONE = "done", "Completed"
        REFUSED = "refused", "Refused"

    at = models.DateTimeField("when")
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=254)
    activity = models.CharField(max_length=100)
    result = models.CharField(max_length=10, choices=Result)
    reason = models.CharField(max_length=1000, blank=True)
    target_kind = models.CharField(max_length=40, blank=True)
    target_key = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=300, blank=True)
    organization_key = models.CharField(max_length=64, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    ip = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    canonical = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ("view",)
        verbose_name = "audit event"
        constraints = [is_known("result", RESULTS, of="audit_event")]
        indexes = [
            models.Index(fields=["target_kind", "target_key", "id"], name="audit_by_target"),
            models.Index(fields=["organization_key", "id"], name="audit_by_organization"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
            models.Index(fields=["activity", "id"], name="audit_by_activity"),
            models.Index(fields=["at", "id"], name="audit_by_time"),
        ]

    def __str__(self):
        return f"{self.activity}: {self.target}" if self.target else self.activity

"""The sign of life of the worker, which sends mail and runs what is due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class WorkerHeartbeat(models.Model):
    """One row: when a worker of this portal was last seen."""

    ONLY = 1
    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    seen_at = models.DateTimeField("seen")

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_worker_heartbeat")]

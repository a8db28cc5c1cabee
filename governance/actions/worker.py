"""The worker's sign of life."""

from __future__ import annotations

from datetime import datetime

from ..models import WorkerHeartbeat


def note_worker(at: datetime) -> None:
    """Keep that a worker was seen at a moment."""
    WorkerHeartbeat.objects.update_or_create(pk=WorkerHeartbeat.ONLY, defaults={"seen_at": at})

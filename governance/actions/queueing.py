"""Queueing the tasks of rows that are due: retries, rows that were to wait, and rows whose task was
lost with the worker that had it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from ..connectors.task_queue import Task, enqueue

BATCH = 200  # rows of one transaction
LOST_AFTER = timedelta(minutes=10)  # a task that did not run by then is taken for lost


def queue_due(rows: QuerySet[Any], task: Task[Any, Any], at: datetime) -> int:
    """Queue a task for each of a batch of rows that wait and are due, and return how many.

    The rows have the columns `state`, `due_at` and `queued_at`, which is empty while no task is
    queued.
    """
    is_unqueued = Q(queued_at=None) | Q(queued_at__lte=at - LOST_AFTER)
    due = rows.filter(is_unqueued, state="waiting", due_at__lte=at).order_by("due_at", "id")
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True)
        batch = list(locked.values_list("pk", flat=True)[:BATCH])
        rows.filter(pk__in=batch).update(queued_at=at)
        for pk in batch:
            enqueue(task, pk)
    return len(batch)


def hold(rows: QuerySet[Any], at: datetime, until: datetime) -> bool:
    """Hold one row that waits and is due for an attempt; return whether it was still to be had.

    A moment in the row holds it, not a transaction: what takes long holds up nobody who writes.
    """
    due = rows.filter(state="waiting", due_at__lte=at)
    is_held = due.update(due_at=until, attempts=F("attempts") + 1)
    rows.filter(state="waiting").update(queued_at=None)
    return bool(is_held)

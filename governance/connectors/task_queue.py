"""The queue of tasks: all that leans on django-tasks and on its backend in the database.

A task is only a hint that a row is due: the row says what there is to do, and a sweep finds rows
whose task was lost.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskContext, task, task_backends
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

_log = logging.getLogger(__name__)
__all__ = ["Task", "TaskContext", "began_at", "enqueue", "finished_tasks", "run_next_task", "task"]


def enqueue(waiting: Task[Any, Any], *args: object) -> None:
    """Put a task into the queue together with the rows of the transaction that is open.

    A queue outside the database gets it after the commit.
    """
    if is_in_database():
        waiting.enqueue(*args)
    else:
        transaction.on_commit(lambda: _after_the_commit(waiting, *args))


def _after_the_commit(waiting: Task[Any, Any], *args: object) -> None:
    """Leave a task that the queue does not take to the sweep: what caused it is committed."""
    try:
        waiting.enqueue(*args)
    except Exception:
        _log.exception("The queue did not take a task")


def began_at(context: TaskContext) -> datetime:
    """Return when the queue began to run a task."""
    started = context.task_result.started_at
    if started is None:
        raise ValueError("A task that runs has a start")
    return started


def is_in_database() -> bool:
    """Return whether tasks are rows of the portal's own database, which `manage.py worker` runs."""
    return isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend)


def run_next_task(worker_id: str) -> bool:
    """Run the task that is next, if there is one; return whether there was."""
    row = _claimed(worker_id) if is_in_database() else None
    if row is not None:
        _runner(worker_id).run_task(row)
    return row is not None


def _claimed(worker_id: str) -> DBTaskResult | None:
    """Return the task that is next, as this worker's own.

    It is looked for without a lock first: most of the time there is none.
    """
    ready = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
    if not ready.exists():
        return None
    with transaction.atomic():
        row = ready.get_locked()
        if row is not None:
            row.claim(worker_id)
    return row


def _runner(worker_id: str) -> Worker:
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_id,
    )


def finished_tasks(before: datetime) -> QuerySet[DBTaskResult]:
    """Return the rows of tasks that ended before a moment, or began before it and never ended."""
    return DBTaskResult.objects.exclude(status="READY").filter(started_at__lt=before)

"""The checks behind /readyz."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ..facts.audit_chain import trigger_problems
from ..facts.claims.covering import own_names
from ..models import WorkerHeartbeat
from ..rules.domains.guards import data_dates
from ..rules.wording import day_words

STALE_AFTER = timedelta(days=180)
WORKER_IS_SILENT_AFTER = timedelta(minutes=2)
WORKER_SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Readiness:
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    worker: str = "unknown"

    @property
    def is_ready(self) -> bool:
        return not self.problems

    def as_json(self) -> dict:
        return {
            "status": "ready" if self.is_ready else "not ready",
            "problems": self.problems,
            "warnings": self.warnings,
            "worker": self.worker,
        }


def readiness(at: datetime) -> Readiness:
    """Asks the database, its migrations and triggers, our own names, when the worker was seen, and
    how old the packaged lists are.
    """
    try:
        if problems := tuple(_problems()):
            return Readiness(problems, ())
        worker = worker_words(at)
        return Readiness((), tuple(_warnings(at, worker)), worker)
    except DatabaseError:
        return Readiness(("The database does not answer",), ())


def worker_words(at: datetime) -> str:
    """Return "seen", or for how long the worker was not seen."""
    seen = WorkerHeartbeat.objects.values_list("seen_at", flat=True).first()
    if seen is None:
        return "never seen"
    if at - seen < WORKER_IS_SILENT_AFTER:
        return WORKER_SEEN
    return f"not seen for {_span_words(at - seen)}"


def _span_words(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def _problems():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "Migrations are missing: run manage.py migrate"
    elif problems := trigger_problems():
        yield f"The audit log is not protected: {'; '.join(problems)}"


def _warnings(at: datetime, worker: str):
    if not own_names():
        yield "You have not added your own domains"
    if worker != WORKER_SEEN:
        yield f"The worker, which sends emails and ends access, was {worker}"
    today = timezone.localdate(at, timezone.get_default_timezone())
    for name, made in data_dates().items():
        if today - made > STALE_AFTER:
            yield f"The list of {name} is from {day_words(made)}"

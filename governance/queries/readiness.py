"""The checks behind /readyz."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ..facts.audit_chain import trigger_problems
from ..facts.claims.covering import own_names
from ..rules.domains.guards import data_dates
from ..rules.wording import day_words

STALE_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Readiness:
    problems: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.problems

    def as_json(self) -> dict:
        return {
            "status": "ready" if self.is_ready else "not ready",
            "problems": self.problems,
            "warnings": self.warnings,
        }


def readiness(today: date | None = None) -> Readiness:
    """Asks the database, its migrations and triggers, our own names, and (given `today`) the age of
    the packaged lists.
    """
    try:
        return Readiness(tuple(_problems()), tuple(_warnings(today)))
    except DatabaseError:
        return Readiness(("The database does not answer",), ())


def _problems():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "Migrations are missing: run manage.py migrate"
    elif problems := trigger_problems():
        yield f"The audit log is not protected: {'; '.join(problems)}"


def _warnings(today: date | None):
    if not own_names():
        yield "You have not added your own domains"
    for name, made in data_dates().items():
        if today and today - made > STALE_AFTER:
            yield f"The list of {name} is from {day_words(made)}"

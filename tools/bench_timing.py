"""Measuring two portals in turn, so that whatever else the machine does bears on both alike."""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from dataclasses import dataclass

from bench_pages import FLOOR, PRIMARY_KEY, Task, tasks
from bench_world import World
from django.db import connection
from django.test.utils import CaptureQueriesContext

FEWEST, MOST, SECONDS = 3, 60, 3.0


@dataclass(frozen=True)
class Measured:
    """Times in milliseconds, sorted, statements and weights: of the small portal and of the large
    one.
    """

    task: Task
    small: tuple[float, ...]
    large: tuple[float, ...]
    statements: tuple[int, int]
    weights: tuple[tuple[int, int] | None, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.large)

    @property
    def growth(self) -> float:
        return self.median / statistics.median(self.small)

    @property
    def p95(self) -> float:
        return self.large[round(0.95 * (len(self.large) - 1))]


def measure(small: World, large: World, *, only: str = "") -> list[Measured]:
    """Everything that is asked, and always what it is compared with."""
    wanted = [
        task for task in tasks() if task.group == FLOOR or only in f"{task.group}: {task.name}"
    ]
    return [_told(_measured(task, small, large)) for task in wanted]


def _told(measured: Measured) -> Measured:
    """A line as soon as it is known, for whoever waits."""
    print(
        f"{measured.task.group}: {measured.task.name}"
        f"  {measured.median:.1f} ms  {measured.growth:.1f}x  {measured.statements} SQL",
        file=sys.stderr,
        flush=True,
    )
    return measured


def _measured(task: Task, small: World, large: World) -> Measured:
    statements = tuple(_statements(task, world) for world in (small, large))
    weights = tuple(_weight(task, world) for world in (small, large))
    times, ends = {small: [], large: []}, time.perf_counter() + SECONDS
    while len(times[large]) < FEWEST or time.perf_counter() < ends and len(times[large]) < MOST:
        for world, seen in times.items():
            seen.append(_time(task, world.enter()))
    return Measured(task, *(tuple(sorted(seen)) for seen in times.values()), statements, weights)


def _statements(task: Task, world: World) -> int:
    """How many SQL statements it takes, the second time: what is looked up once for good is not
    counted.
    """
    task.run(world.enter())
    with CaptureQueriesContext(connection) as captured:
        task.run(world)
    return len(
        [
            each
            for each in captured
            if not each["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]
    )


def _weight(task: Task, world: World) -> tuple[int, int] | None:
    """Bytes of the page, plain and compressed."""
    page = task.run(world.enter())
    assert getattr(page, "status_code", 200) == 200, (task, page)
    body = getattr(page, "content", b"")
    return (len(body), len(gzip.compress(body, 6))) if body else None


def _time(task: Task, world: World) -> float:
    repeated = 20 if task.name == PRIMARY_KEY else 1
    started = time.perf_counter()
    for _ in range(repeated):
        task.run(world)
    return (time.perf_counter() - started) * 1000 / repeated

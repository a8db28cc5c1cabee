"""The table that `make bench` prints, and where it is kept."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

import django
from bench_pages import ADMIN_LIST, ADMIN_SEARCH, CONSTANT, PRIMARY_KEY
from bench_timing import Measured
from bench_world import World
from django.db import connection

KEPT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_HEAD = (
    "what",
    "SQL",
    "bytes",
    "gzip",
    "median ms",
    "p95 ms",
    "to itself at 1,000",
    "to a SELECT by key",
    "to a constant page",
    "Django admin's list takes",
    "its search takes",
)


def conditions(small: World, large: World) -> str:
    """What it was measured on, without naming a machine."""
    version = ".".join(str(part) for part in connection.get_database_version())
    filled = f" Filling took {large.filled_in:.0f} s." if large.filled_in else ""
    return (
        f"{datetime.now(UTC):%d %b %Y} · Python {platform.python_version()} "
        f"· Django {django.get_version()} · {connection.display_name} {version} · "
        f"{os.cpu_count()} cores · {small.size:,} and {large.size:,} organizations, "
        f"measured in turn.{filled}"
    )


def table(measured: list[Measured]) -> str:
    """Markdown: times are of the large portal, and every other number compares within this run.

    Two numbers are of the small and the large one.
    """
    floors = {each.task.name: each.median for each in measured}
    lines = [_line(_HEAD), _line(["---"] + ["---:"] * (len(_HEAD) - 1))]
    return "\n".join(lines + [_line(_cells(each, floors)) for each in measured])


def keep(text: str) -> None:
    """Put the text in place of what was measured on this database before."""
    heading = f"## {connection.display_name}"
    before = KEPT.read_text() if KEPT.exists() else "# Benchmarks\n"
    others = re.sub(rf"\n{heading}\n.*?(?=\n## |\Z)", "", before, flags=re.DOTALL).rstrip()
    KEPT.write_text(f"{others}\n\n{heading}\n\n{text}\n")


def _cells(each: Measured, floors: dict[str, float]) -> list[str]:
    statements = " / ".join(str(number) for number in dict.fromkeys(each.statements))
    ratios = [
        _times(each.growth),
        _times(each.median / floors[PRIMARY_KEY]),
        _times(each.median / floors[CONSTANT]),
    ]
    peers = [_times(floors[name] / each.median) for name in (ADMIN_LIST, ADMIN_SEARCH)]
    return [
        f"{each.task.group}: {each.task.name}",
        statements,
        *_weight(*each.weights),
        f"{each.median:.1f}",
        f"{each.p95:.1f}",
        *ratios,
        *peers,
    ]


def _weight(small: tuple[int, int] | None, large: tuple[int, int] | None) -> list[str]:
    """Both where the small portal has less to show, since then a ratio of times is of different
    pages.
    """
    if not large:
        return ["", ""]
    return [
        f"{few:,} / {many:,}" if few < many * 0.9 else f"{many:,}"
        for few, many in zip(small, large, strict=True)
    ]


def _times(ratio: float) -> str:
    return f"{ratio:.1f}x" if ratio < 10 else f"{ratio:,.0f}x"


def _line(cells) -> str:
    return f"| {' | '.join(cells)} |"

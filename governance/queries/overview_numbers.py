"""The four numbers of the overview, each with what happened in the last twelve weeks.

All is bounded: counts stop, and weeks are counted among the newest rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet

from ..db.combined_query import (
    Counted,
    CountedDistinct,
    Row,
    json_aggregate,
    json_list,
    parse_moment,
)
from ..models import ApprovalDecision, Assignment, Organization, Package
from ..rules.access_requests.outcomes import APPROVE, DENY
from ..rules.roles import Actor
from ..rules.wording import count_of, duration_words, plural

WEEKS = 12
WEEK = timedelta(weeks=1)
SAMPLE = 1_000  # rows among which the weeks are counted
HOUR = 3600
DECISIONS = 500  # decisions of which the median is taken


@dataclass(frozen=True, slots=True)
class Trend:
    """A value for each of the last twelve weeks, the oldest first; None where there is none.

    `words` say the same in a sentence.
    """

    values: tuple[float | None, ...]
    words: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in words that leads to the list of what it counts."""

    count: Counted | str
    label: str
    page: str
    query: str = ""
    trend: Trend | None = None


def number_counts(at: datetime) -> dict[str, QuerySet | CountedDistinct]:
    """Return what the numbers count, for the combined statement of the overview."""
    return {
        "people with access": CountedDistinct(Assignment.objects.in_force(at), "person"),
        "open packages": Package.objects.filter(is_open=True),
    }


def number_lists(at: datetime) -> dict[str, QuerySet]:
    """Return what the trends are made of, for the same statement."""
    configured = Organization.objects.present().filter(state=Organization.State.CONFIGURED)
    decided = ApprovalDecision.objects.filter(
        outcome__in=(APPROVE, DENY), undone_at__isnull=True, decided_at__gt=at - WEEKS * WEEK
    )
    return {
        "connected by week": _by_week(configured, at),
        "access by week": _by_week(Assignment.objects.all(), at),
        "packages by week": _by_week(Package.objects.all(), at),
        "decided": json_list(_newest(decided, DECISIONS), "decided_at", "request__submitted_at"),
    }


def numbers(
    counts: dict[str, Counted], lists: dict[str, list], actor: Actor, at: datetime
) -> Iterator[Number]:
    """Yield the numbers that the actor may see."""
    if actor.may("view_organization"):
        yield Number(
            counts["configured"],
            plural(counts["configured"], "Configured organization", "Configured organizations"),
            "organization_list",
            "?view=configured",
            _trend(lists["connected by week"], "connected"),
        )
    if actor.may("view_accessrequest"):
        yield Number(
            counts["people with access"],
            plural(counts["people with access"], "Person with access", "People with access"),
            "assignment_list",
            trend=_trend(lists["access by week"], "assignment", "assignments"),
        )
    if actor.may("view_package"):
        yield Number(
            counts["open packages"],
            plural(counts["open packages"], "Open access package", "Open access packages"),
            "package_list",
            trend=_trend(lists["packages by week"], "created"),
        )
    if actor.may("view_accessrequest"):
        yield _decision_time(lists["decided"], at)


def _decision_time(rows: list, at: datetime) -> Number:
    """Return how long a decision takes after the request was submitted, with each week's median."""
    lasted = [(parse_moment(end), parse_moment(begin)) for end, begin in rows]
    by_week: list[list[float]] = [[] for _week in range(WEEKS)]
    for decided, submitted in lasted:
        week = WEEKS - 1 - min(int((at - decided) / WEEK), WEEKS - 1)
        by_week[week].append((decided - submitted).total_seconds())
    middle = median([(end - begin).total_seconds() for end, begin in lasted]) if lasted else None
    decisions = count_of(len(lasted), "decision")
    since = (at - WEEKS * WEEK).date().isoformat()
    return Number(
        duration_words(timedelta(seconds=middle)) if middle is not None else "–",
        "Median decision time",
        "request_list",
        f"?since={since}",
        Trend(
            tuple(round(median(each) / HOUR, 1) if each else None for each in by_week),
            f"{decisions} in the last {WEEKS} weeks",
            " in hours",
        ),
    )


def _trend(values: list, one: str, many: str = "") -> Trend:
    """Return a trend out of how many there were each week."""
    found = tuple(values) or (0,) * WEEKS
    total = sum(found)
    return Trend(found, f"{total:,} {plural(total, one, many or one)} in the last {WEEKS} weeks")


def _by_week(rows: QuerySet, at: datetime) -> QuerySet:
    """Return how many of the newest rows were created in each of the last weeks."""
    weeks = (at - number * WEEK for number in range(WEEKS, 0, -1))
    created = (Q(created_at__gt=begin, created_at__lte=begin + WEEK) for begin in weeks)
    counts = (Count("pk", filter=within) for within in created)
    return json_aggregate(_newest(rows, SAMPLE), Row(*counts))


def _newest(rows: QuerySet, number: int) -> QuerySet:
    newest = rows.order_by("-pk").values("pk")[:number]
    return rows.model._default_manager.filter(pk__in=newest)

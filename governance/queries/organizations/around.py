"""What stands around a page of the list of connected organizations: how many each view has, what is
offered for choice, and the viewer's drafts.

The numbers depend on rows and the day alone, so they are kept until either changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ...db.combined_query import (
    COUNT_CAP,
    Combined,
    Counted,
    combine,
    json_list,
    parse_moment,
)
from ...db.kept_answers import kept_answer
from ...db.kept_statements import kept
from ...facts.access_packages.requestable_counts import Offers, offer_lists, offers
from ...facts.domain_list.deciding_rules import last_day
from ...facts.domain_list.verdicts import DEFAULT
from ...facts.last_change import last_change, version_of
from ...models import Person
from ...rules.domain_list import ALLOW
from ..connecting.drafts import unfinished, unfinished_values
from .filters import BLOCKED, DELETED, VIEWS, Asked, Way


@dataclass(frozen=True, slots=True)
class OpenDraft:
    key: UUID
    name: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What is known before the rows are read, and how those are come by."""

    request: Asked
    way: Way
    default: str
    counts: dict[str, Counted]
    offers: Offers
    drafts: tuple[OpenDraft, ...]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What is the same for everybody: how many each view has, whatever is searched for, what the
    allow and deny list does with domains that have no rule, and the packages.
    """

    counts: dict[str, Counted]
    default: str
    offers: Offers


def around_rows(request: Asked, person: Person) -> Around:
    """One statement, and one more after a change or at the beginning of a day."""
    key = request.shape and ("around", *request.shape)
    _counts, rows = kept(key, lambda: _statement(request, person)).run(
        request.values | unfinished_values(person, request.at)
    )
    numbers = _numbers(request.for_numbers, version_of(rows["last_change"]))
    hits = rows.get("hits", [])
    known = replace(request, default=numbers.default, hits=tuple(hit[0] for hit in hits))
    counts = _hits_by_view(hits) if request.search else numbers.counts
    return Around(
        known,
        _way(request, counts, numbers),
        numbers.default,
        counts,
        numbers.offers,
        _drafts(rows["drafts"]),
    )


def _statement(request: Asked, person: Person) -> Combined:
    drafts = json_list(unfinished(person, request.at), "uuid", "answers__basics__name", "saved_at")
    hits = {"hits": request.hits_to_count()} if request.search else {}
    return combine({}, {"last_change": last_change(), "drafts": drafts} | hits)


def _numbers(request: Asked, version: str) -> _Numbers:
    """The numbers of the views. Of the moment, only the day decides about them."""
    question = request.filters, last_day(request.at)
    return kept_answer(version, question, lambda: _counted(request))


def _counted(request: Asked) -> tuple[str, _Numbers]:
    """Count now, with the version of what was counted. One statement."""
    lists = offer_lists() | {"default": DEFAULT, "last_change": last_change()}
    key = request.shape and ("numbers", *request.shape)
    counts, rows = kept(key, lambda: combine(request.to_count(), lists)).run(request.values)
    default = rows["default"][0][0] if rows["default"] else ALLOW
    numbers = _Numbers(counts, default, offers(rows["packages"], rows["policies"]))
    return version_of(rows["last_change"]), numbers


def _hits_by_view(hits: list) -> dict[str, Counted]:
    """The counts of a search's views but the blocked: they are the least there are, when not all
    hits were looked at.
    """
    numbers = Counter(DELETED if is_gone else state for _id, state, is_gone, fits in hits if fits)
    numbers[""] = numbers.total() - numbers[DELETED]
    is_least = len(hits) > COUNT_CAP
    return {
        view: Counted(min(numbers[view], COUNT_CAP), is_least) for view in VIEWS if view != BLOCKED
    }


def _way(request: Asked, counts: dict[str, Counted], numbers: _Numbers) -> Way:
    """Few rows are found and sorted, many are taken in their order."""
    if request.search and not counts[""].is_least:
        return Way.BY_HITS
    return Way.IN_ORDER if numbers.counts[request.filters.view].is_least else Way.BY_FILTER


def _drafts(rows: list) -> tuple[OpenDraft, ...]:
    drafts = (
        OpenDraft(UUID(key), name or "", parse_moment(saved_at)) for key, name, saved_at in rows
    )
    return tuple(sorted(drafts, key=lambda draft: draft.saved_at, reverse=True))

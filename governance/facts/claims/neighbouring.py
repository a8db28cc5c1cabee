"""What is known around some names: who claims them and their neighbours, and what the list says of
them. One statement, and whatever is asked besides with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from ...db.combined_query import Combined, combine
from ...db.kept_statements import kept
from ...db.key_ranges import IN_ONE_STATEMENT
from ...rules.organizations import NameFacts
from ..domain_list.verdicts import (
    KEPT_FOR,
    ListFacts,
    list_fact_queries,
    list_fact_values,
    list_facts,
)
from .covering import around_lists, around_values, name_facts, name_facts_from


@dataclass(frozen=True, slots=True)
class DomainContext:
    """`facts` and `said` about every one of the names; `rows` is what was asked besides."""

    facts: dict[str, NameFacts]
    said: ListFacts
    rows: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Besides:
    """More lists for one statement: what tells it from others, the lists, and what fills them."""

    key: str
    lists: Callable[[], dict[str, QuerySet]]
    values: dict[str, object]


NOTHING = Besides("", dict, {})


def domain_context(names: Iterable[str], besides: Besides = NOTHING) -> DomainContext:
    """One statement for some hundred names, with what is asked `besides`."""
    names = list(dict.fromkeys(names))
    first, others = names[:IN_ONE_STATEMENT], names[IN_ONE_STATEMENT:]

    def statement() -> Combined:
        return combine({}, {**around_lists(first), **list_fact_queries(names), **besides.lists()})

    key = ("surroundings", len(names), besides.key) if len(names) <= KEPT_FOR else None
    values = {**around_values(first), **list_fact_values(names), **besides.values}
    _counts, rows = kept(key, statement).run(values)
    return DomainContext(name_facts_from(first, rows) | name_facts(others), list_facts(rows), rows)

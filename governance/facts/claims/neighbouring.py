"""What stands around some names: who claims them and what lies about, and what the list says of
them. One statement, and whatever is asked besides with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from ...db.combined_query import ask
from ...db.key_ranges import IN_ONE_STATEMENT
from ...rules.organizations import NameFacts
from ..domain_list.verdicts import ListFacts, list_fact_queries, list_facts
from .covering import around_lists, name_facts, name_facts_from


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`facts` and `said` about every one of the names; `rows` is what was asked besides."""

    facts: dict[str, NameFacts]
    said: ListFacts
    rows: dict[str, list] = field(default_factory=dict)


def surroundings_of(
    names: Iterable[str], besides: dict[str, QuerySet] | None = None
) -> Surroundings:
    """One statement for some hundred names; `besides` are more lists for it."""
    names = list(dict.fromkeys(names))
    first, others = names[:IN_ONE_STATEMENT], names[IN_ONE_STATEMENT:]
    _counts, rows = ask({}, {**around_lists(first), **list_fact_queries(names), **(besides or {})})
    return Surroundings(name_facts_from(first, rows) | name_facts(others), list_facts(rows), rows)

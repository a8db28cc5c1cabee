"""What stands around some names: who claims them and what lies about, and what the list says of them. One statement, and whatever is asked besides with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from ...db.combined_query import ask
from ...db.key_ranges import IN_ONE_STATEMENT
from ...rules.organizations import NameFacts
from ..domain_list.verdicts import Said, said_lists, told_said
from .covering import around_lists, name_facts, told_around


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`facts` and `said` about every one of the names; `told` is what was asked besides."""

    facts: dict[str, NameFacts]
    said: Said
    told: dict[str, list] = field(default_factory=dict)


def surroundings_of(
    names: Iterable[str], besides: dict[str, QuerySet] | None = None
) -> Surroundings:
    """One statement for some hundred names; `besides` are more lists for it."""
    names = list(dict.fromkeys(names))
    first, others = names[:IN_ONE_STATEMENT], names[IN_ONE_STATEMENT:]
    _counts, told = ask({}, {**around_lists(first), **said_lists(names), **(besides or {})})
    return Surroundings(told_around(first, told) | name_facts(others), told_said(told), told)

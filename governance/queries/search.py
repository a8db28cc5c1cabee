"""One search over everything that has a name: organizations, domains, people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ..models import Claim, Organization, Person
from ..rules import email_domains
from ..rules.domains import guards
from .organizations.search import Search, found_by, search_for
from .people.listing import person_search

SHOWN = 5
_READ_FOR_LETTERS = (
    500  # names in letters beyond ASCII are stored encoded: a database cannot search in them
)


@dataclass(frozen=True, slots=True)
class Found:
    """The first of a group, and whether there are more."""

    rows: tuple
    more: bool


@dataclass(frozen=True, slots=True)
class GlobalSearch:
    search: Search
    organizations: Found
    domains: Found
    people: Found

    @property
    def is_empty(self) -> bool:
        return not (self.organizations.rows or self.domains.rows or self.people.rows)


def search_everything(typed: str) -> GlobalSearch:
    """Three statements, and one more for a whole address or domain."""
    search = search_for(typed)
    if not search:
        nothing = Found((), False)
        return GlobalSearch(search, nothing, nothing, nothing)
    organizations = found_by(search, Organization.objects.present())
    return GlobalSearch(
        search,
        _first(organizations.order_by("name_key", "id")[: SHOWN + 1]),
        _first(_domains(search, organizations)),
        _first(_people(search)),
    )


def _domains(search: Search, organizations: QuerySet) -> Iterable[Claim]:
    """Claims whose name has the text in it, and the one that covers a whole domain."""
    holders = organizations.order_by().values("pk")
    claims = (
        Claim.objects.present()
        .filter(organization__in=holders)
        .select_related("organization")
        .order_by("key")
    )
    if not search.folded.isascii():
        return [
            claim
            for claim in claims[:_READ_FOR_LETTERS]
            if search.folded in guards.display_domain(claim.name)
        ]
    covering = search.claim.name if search.claim else ""
    return claims.filter(Q(name=covering) | Q(name__contains=search.domain or search.folded))[
        : SHOWN + 1
    ]


def _people(search: Search) -> QuerySet:
    """As the list of people finds them; by the mailbox alone where a whole address was typed."""
    people = (
        Person.objects.exclude(state=Person.State.REMOVED)
        .select_related("organization")
        .order_by("name_key", "id")
    )
    whole = email_domains.address_or_domain(search.typed)
    if isinstance(whole, email_domains.Address):
        return people.filter(mailbox=whole.mailbox)[: SHOWN + 1]
    return people.filter(person_search(search.typed))[: SHOWN + 1]


def _first(rows) -> Found:
    rows = tuple(rows)
    return Found(rows[:SHOWN], len(rows) > SHOWN)

"""One search over everything that has a name: organizations, domains, people, access packages,
requests and access.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ..db.combined_query import json_list, parse_moment, run_combined
from ..models import AccessRequest, Assignment, Claim, Organization, Package, Person
from ..rules import email_domains
from ..rules.access_requests.transitions import STATE_WORDS, state_at
from ..rules.domains import guards
from .organizations.search import Search, found_by, search_for
from .people.listing import person_search

SHOWN = 5
_REQUEST = ("id", "uuid", "email", "package__name", "state", "due_at")
_ACCESS = ("id", "request__uuid", "person__email", "package__name")
LAST = "\U0010ffff"
_READ_FOR_LETTERS = (
    500  # names in letters beyond ASCII are stored encoded: a database cannot search in them
)


@dataclass(frozen=True, slots=True)
class Found:
    """The first of a group, and whether there are more."""

    rows: tuple
    more: bool


NOTHING = Found((), False)


@dataclass(frozen=True, slots=True)
class GlobalSearch:
    search: Search
    organizations: Found
    domains: Found
    people: Found
    packages: Found = NOTHING
    requests: Found = NOTHING
    assignments: Found = NOTHING

    @property
    def is_empty(self) -> bool:
        groups = (self.organizations, self.domains, self.people, self.packages)
        return not any(group.rows for group in (*groups, self.requests, self.assignments))


@dataclass(frozen=True, slots=True)
class RequestHit:
    """A request in the results, with its state as it is to be read."""

    key: UUID
    email: str
    package: str
    state: str

    @property
    def words(self) -> str:
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class AccessHit:
    """Access that somebody has now, in the results; the key is its request's."""

    key: UUID
    email: str
    package: str


def search_everything(
    typed: str, at: datetime, *, sees_packages: bool = False, sees_requests: bool = False
) -> GlobalSearch:
    """Four statements, and one more for a whole address or domain.

    Packages, and requests and access, are looked for by whoever may see them.
    """
    search = search_for(typed)
    if not search:
        return GlobalSearch(search, NOTHING, NOTHING, NOTHING)
    organizations = found_by(search, Organization.objects.present())
    return GlobalSearch(
        search,
        _first(organizations.order_by("name_key", "id")[: SHOWN + 1]),
        _first(_domains(search, organizations)),
        _first(_people(search)),
        *_access(search, at, sees_packages, sees_requests),
    )


def _access(
    search: Search, at: datetime, sees_packages: bool, sees_requests: bool
) -> tuple[Found, Found, Found]:
    """Return packages by part of their name, and requests and access by the beginning of the
    address. One statement.
    """
    if not (sees_packages or sees_requests):
        return NOTHING, NOTHING, NOTHING
    lists = {}
    if sees_packages:
        named = Package.objects.filter(name_key__contains=search.folded).order_by("name_key")
        lists["packages"] = _listed(named, "name", "uuid")
    if sees_requests and not search.is_short:
        requests = AccessRequest.objects.filter(_by_mailbox(search.typed))
        lists["requests"] = _listed(requests.order_by("-pk"), *_REQUEST)
        held = Assignment.objects.in_force(at).filter(_by_mailbox(search.typed))
        lists["held"] = _listed(held.order_by("-pk"), *_ACCESS)
    _counts, found = run_combined({}, lists)
    return (
        _first((UUID(key), name) for name, key in sorted(found.get("packages", ()))),
        _first(_request(row, at) for row in sorted(found.get("requests", ()), reverse=True)),
        _first(
            AccessHit(UUID(key), email, package)
            for _pk, key, email, package in sorted(found.get("held", ()), reverse=True)
        ),
    )


def _listed(rows: QuerySet, *columns: str) -> QuerySet:
    first = rows.values("pk")[: SHOWN + 1]
    return json_list(rows.model._default_manager.filter(pk__in=first), *columns)


def _by_mailbox(typed: str) -> Q:
    whole = email_domains.address_or_domain(typed)
    if isinstance(whole, email_domains.Address):
        return Q(mailbox=whole.mailbox)
    text = typed.strip().lower()
    return Q(mailbox__gte=text, mailbox__lt=text + LAST)


def _request(row: list, at: datetime) -> RequestHit:
    _pk, key, email, package, state, due_at = row
    due = parse_moment(due_at) if due_at else None
    return RequestHit(UUID(key), email, package, state_at(state, due, at))


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

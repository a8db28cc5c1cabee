"""What the list of connected organizations can be asked for, and the rows that answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, CharField, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.lookups import In

from ...db.combined_query import COUNT_CAP, Either, json_list
from ...db.kept_statements import Varying
from ...db.keyset import Cursor, Sort, a_moment, a_number, a_text, next_keys
from ...db.value_lists import in_ids
from ...facts.access_packages.requestable_counts import Offered, offered
from ...facts.domain_list.blocked_organizations import is_blocked_whole
from ...facts.domain_list.deciding_rules import last_day
from ...facts.sponsors import counting
from ...models import ListDefault, Organization
from ...rules.domain_list import ALLOW, BLOCK
from .search import Search, begins, has_text, is_hit

SORTS = {
    sort.parameter: sort
    for name, column, read in (
        ("name", "name_key", a_text),
        ("people", "people_count", a_number),
        ("changed", "changed_at", a_moment),
    )
    for sort in (Sort(name, column, read), Sort(name, column, read, descending=True))
}
LATEST_FIRST = SORTS["-changed"]
BLOCKED, DELETED = "blocked", "deleted"
LOOKED_AT, EVERY = 1_000, 2**40
VIEWS = {
    "": "All",
    "configured": "Configured",
    "proposed": "Proposed",
    BLOCKED: "Blocked",
    DELETED: "Deleted",
}
_SIGN_IN, _BY = Organization.SignIn, Organization.SponsoredBy
_ANY_SPONSOR = (counting.Term((), Q()),)
SIGN_INS = {
    "directory": (_SIGN_IN.DIRECTORY, _SIGN_IN.BOTH),
    "passcode": (_SIGN_IN.PASSCODE, _SIGN_IN.BOTH),
}
SPONSORS = (counting.INTERNAL, counting.EXTERNAL, counting.NONE)


@dataclass(frozen=True, slots=True)
class OrganizationFilters:
    """What the list is asked for: keys of the tables above. Empty values ask nothing."""

    view: str = ""
    text: str = ""
    sign_in: str = ""
    sponsors: str = ""
    package: UUID | None = None
    sort: Sort = LATEST_FIRST

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.sign_in or self.sponsors or self.package)


class Way(Enum):
    """How the rows are come by.

    The first three find few rows and sort them; the last takes many in their order and looks at
    each.
    """

    BY_HITS = "by the ids of the hits of a search"
    BY_EVERY_TEXT = "by the index of texts, all hits"
    BY_FILTER = "by the index of states, sign-ins and sponsors"
    IN_ORDER = "by the index of the order"


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions of a request.

    `offered` tells whom the package is offered to, where one is asked for.

    `default` is what the list does with domains that have no rule; None until it is known. `hits`
    are the ids of the first hits of a search, once they are known.
    """

    filters: OrganizationFilters
    search: Search
    offered: Offered | None
    at: datetime
    default: str | None = None
    hits: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple | None:
        """What decides about the text of the statements, the values apart; None where a package
        is asked for, whose statements are made anew each time.
        """
        filters = self.filters
        narrowed = (filters.view, filters.sign_in, filters.sponsors, filters.sort.parameter)
        return None if self.offered else (*narrowed, self.default, *self.search.shape)

    @property
    def values(self) -> dict[str, object]:
        """What kept statements are filled with."""
        return {
            "today": last_day(self.at),
            "hits": json.dumps(self.hits),
            **self.search.values,
        }

    def rows(self, view: str, way: Way) -> QuerySet:
        """The organizations that the view shows."""
        rows = Organization.objects.deleted() if view == DELETED else Organization.objects.present()
        blocked = is_blocked_whole(self.default or ALLOW, self.at) if view == BLOCKED else Q()
        return self._among(rows.filter(blocked), view, way)

    @property
    def for_numbers(self) -> Asked:
        """The same for whatever text, view and order: what the numbers of all views depend on."""
        filters = replace(self.filters, text="", view="", sort=LATEST_FIRST)
        return replace(self, filters=filters, search=Search())

    def to_count(self) -> dict[str, QuerySet | Either]:
        """The views to count before the list's default is known."""
        by_default = self._either(BLOCKED, Way.BY_HITS, Way.IN_ORDER)
        return {view: self._counted(view) for view in VIEWS} | {BLOCKED: by_default}

    def blocked_hits(self) -> QuerySet:
        """The hits that the view of blocked organizations shows, or the first of very many."""
        few = len(self.hits) <= COUNT_CAP or self.default == BLOCK
        return self.rows(BLOCKED, Way.BY_HITS if few else Way.IN_ORDER)

    def _counted(self, view: str) -> QuerySet | Either:
        if counting.depends_on_default(self.filters.sponsors):
            return self._either(view, Way.BY_FILTER, Way.BY_FILTER)
        return self.rows(view, Way.BY_FILTER)

    def _either(self, view: str, way_if_block: Way, way: Way) -> Either:
        return Either(
            ListDefault.objects.filter(effect=BLOCK),
            replace(self, default=BLOCK).rows(view, way_if_block),
            replace(self, default=ALLOW).rows(view, way),
        )

    def hits_to_count(self) -> QuerySet:
        """The hits of a search, at most one more than COUNT_CAP, as `combine` wants them: the id,
        the state, whether it is deleted, and whether the other filters leave it.
        """
        mine = self._facets("", Way.IN_ORDER) & self._offered("")
        fits = Case(When(mine, then=Value(1)), default=Value(0)) if mine else Value(1)
        rows = Organization.objects.filter(is_hit(self.search)).annotate(
            is_gone=Case(When(deleted_at__isnull=True, then=Value(0)), default=Value(1)), fits=fits
        )
        return json_list(rows, "id", "state", "is_gone", "fits")

    def _among(self, rows: QuerySet, view: str, way: Way) -> QuerySet:
        return rows.filter(self._facets(view, way), self._text(way), self._offered(view))

    def near(self, view: str, place: Cursor | None) -> QuerySet:
        """Those of the next LOOKED_AT rows in the order that have the text: the id, and 1 where
        the view shows it. For a text that very many have.
        """
        rows = Organization.objects.deleted() if view == DELETED else Organization.objects.present()
        near = next_keys(rows, self.filters.sort, place, LOOKED_AT)
        fits = self._facets(view, Way.IN_ORDER) & self._offered(view)
        fitting = Case(When(fits, then=Value(1)), default=Value(0)) if fits else Value(1)
        return Organization.objects.filter(self._text(Way.IN_ORDER), pk__in=near).values_list(
            "pk", fitting
        )

    def _text(self, way: Way) -> Q:
        if not self.search:
            return Q()
        if way is Way.BY_HITS:
            return Q(in_ids("pk", Varying("hits", json.dumps(self.hits), TextField())))
        if way is Way.BY_EVERY_TEXT:
            return is_hit(self.search, most=EVERY)
        return (
            begins(self.search)
            if self.search.is_short and self.filters.sort.column == "name_key"
            else has_text(self.search)
        )

    def _offered(self, view: str) -> Q:
        return (
            self.offered.among(view if view in Organization.State.values else "")
            if self.offered
            else Q()
        )

    def _facets(self, view: str, way: Way) -> Q:
        """State, sign-in and sponsors: all three said when one is, since they stand in one index in
        this order.
        """
        filters, states = self.filters, (view,) if view in Organization.State.values else ()
        wanted = {"state": states, "sign_in": SIGN_INS.get(filters.sign_in, ())}
        terms = (
            counting.sponsored(filters.sponsors, self.default, self.at)
            if filters.sponsors in SPONSORS
            else _ANY_SPONSOR
        )
        alternatives = (
            _among_values(wanted | {"sponsored_by": term.values}, way) & term.also for term in terms
        )
        return reduce(or_, alternatives)


def _among_values(wanted: dict[str, tuple], way: Way) -> Q:
    """The condition that columns have wanted values; no values want nothing."""
    if way is not Way.BY_FILTER:
        return Q(*(In(_Looked(F(name)), values) for name, values in wanted.items() if values))
    every = {
        "state": Organization.State.values,
        "sign_in": _SIGN_IN.values,
        "sponsored_by": _BY.values,
    }
    if not any(wanted.values()):
        return Q()
    return Q(**{f"{name}__in": wanted[name] or every[name] for name in wanted})


def asked(filters: OrganizationFilters, search: Search, at: datetime) -> Asked:
    """One statement when a package is asked for."""
    return Asked(filters, search, offered(filters.package) if filters.package else None, at)


def without_sponsors(at: datetime) -> QuerySet | Either:
    """Return the present organizations of which no sponsor counts, to be counted as the list with
    the filter None counts them.
    """
    filters = OrganizationFilters(sponsors=counting.NONE)
    return asked(filters, Search(), at).to_count()[""]


class _Looked(Func):
    """A column's value that no index answers, so that SQLite cannot prefer one to the order's.

    PostgreSQL weighs both by what it knows of the column.
    """

    template = "(%(expressions)s || '')"
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)

"""Which organizations somebody means by what they typed: part of a name, of a domain, of a sponsor;
or a whole address or domain.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, UUIDField
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from ...db.combined_query import COUNT_CAP
from ...db.kept_statements import Varying
from ...db.search_index import INDEX, searches_by_trigram_table
from ...db.value_lists import Has, InStatement, part_pattern
from ...facts.claims.membership import claim_covering
from ...models import Organization, SearchEntry
from ...rules import email_domains
from ...rules.eligibility import ClaimFact
from ...rules.names import name_key

SHORTEST_PART = 3
LONGEST = 254
ENOUGH = 1_000
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, folded; the whole domain that it names, if it does; and the claim that covers
    that one (product rule 13).
    """

    typed: str = ""
    folded: str = ""
    domain: str = ""
    claim: ClaimFact | None = None

    @property
    def can_be_added(self) -> bool:
        """Whether it is a whole domain that nobody holds."""
        return bool(self.domain) and self.claim is None

    @property
    def is_short(self) -> bool:
        return len(self.folded) < SHORTEST_PART

    @property
    def shape(self) -> tuple:
        """What decides about the text of a statement, the text that was typed apart."""
        return bool(self), len(self.folded) if self.is_short else 0, self.claim is not None

    @property
    def values(self) -> dict[str, object]:
        """What a kept statement is filled with."""
        return {
            "folded": self.folded,
            "beyond": self.folded + _LAST,
            "pattern": part_pattern(self.folded),
            "phrase": '"' + self.folded.replace('"', '""') + '"',
            "covering": self.claim and self.claim.organization_id,
        }

    def __bool__(self) -> bool:
        return bool(self.folded)


def search_for(typed: str) -> Search:
    """Asks the database only when a whole address or domain was typed."""
    typed = typed.strip()[:LONGEST]
    domain = _whole_domain(typed)
    return Search(typed, name_key(typed), domain, claim_covering(domain) if domain else None)


def found_by(search: Search, organizations: QuerySet) -> QuerySet:
    """The organizations that somebody means, for a short list of them: whose name it is, and the
    first thousand that have the text.
    """
    return (
        organizations.filter(is_hit(search, most=ENOUGH) | Q(name_key=search.folded))
        if search
        else organizations
    )


def is_hit(search: Search, *, most: int | None = None) -> Q:
    """Organizations with the text, by the index of texts: at most one more than COUNT_CAP, or than
    `most`; and the one that covers a domain.
    """
    hit = Q(InStatement("pk", *_hits(search, most or COUNT_CAP)))
    return hit | _covers(search) if search.claim else hit


def has_text(search: Search) -> Q:
    """The same of a row that something else brought, however many have the text."""
    if search.is_short:
        return Q(Exact(Left("name_key", len(search.folded)), _text("folded", search)))
    has = Q(Exists(_entries(search).filter(pk=OuterRef("pk"))))
    return has | _covers(search) if search.claim else has


def begins(search: Search) -> Q:
    """Organizations whose name begins with the text, by the index of names."""
    return Q(name_key__gte=_text("folded", search), name_key__lt=_text("beyond", search))


def _hits(search: Search, most: int) -> tuple[str, tuple]:
    if not search.is_short and searches_by_trigram_table():
        phrase = _text("phrase", search)
        return f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s LIMIT {most + 1}", (phrase,)
    return (
        (Organization.objects.filter(begins(search)) if search.is_short else _entries(search))
        .values("pk")[: most + 1]
        .query.sql_with_params()
    )


def _entries(search: Search) -> QuerySet:
    return SearchEntry.objects.filter(Has(F("text"), _text("pattern", search)))


def _covers(search: Search) -> Q:
    return Q(uuid=Varying("covering", search.values["covering"], UUIDField()))


def _text(name: str, search: Search) -> Varying:
    return Varying(name, search.values[name], TextField())


def _whole_domain(typed: str) -> str:
    whole = email_domains.address_or_domain(typed)
    return whole.domain if isinstance(whole, email_domains.Address) else whole or ""

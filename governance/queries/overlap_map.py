"""The overlap map: whose names lie above names of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from ..db.key_ranges import first_present_beneath
from ..db.keyset import Sort, a_text
from ..db.keyset_pages import Page, page_of
from ..models import Claim
from ..rules import email_domains
from ..rules.domains import guards

BY_KEY = Sort("name", "key", a_text)
BENEATH_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Overlap:
    """A claim and the first claims of others beneath it; `reaches` says whether it covers any of
    their names, `more` that there are others.
    """

    claim: Claim
    beneath: tuple[Claim, ...]
    reaches: bool
    more: bool


def overlap_page(cursor: str) -> Page:
    """A page of claims that lie above claims of other organizations, in the order of names.

    Two statements.
    """
    above = (
        Claim.objects.present()
        .filter(lies_above=True)
        .alias(other=_first_of_others_beneath())
        .filter(other__isnull=False)
    )
    page = page_of(above.select_related("organization", "source"), BY_KEY, cursor)
    return replace(page, rows=tuple(_overlaps(page.rows)))


def _first_of_others_beneath() -> Subquery:
    """Asked row by row: of EXISTS, PostgreSQL would make a join, and guess its size wrong."""
    low, high = (
        Concat(OuterRef("key"), Value(end), output_field=CharField())
        for end in email_domains.ENDS_BENEATH
    )
    beneath = Claim.objects.present().filter(key__gte=low, key__lt=high)
    return Subquery(beneath.exclude(organization=OuterRef("organization")).values("pk")[:1])


def _overlaps(claims: Iterable[Claim]):
    owners = {claim.name: claim.organization_id for claim in claims}
    beneath = list(first_present_beneath(_in_order(), owners, BENEATH_SHOWN + 1, besides=owners))
    for claim in claims:
        others = [
            other
            for other in beneath
            if other.organization_id != claim.organization_id
            and email_domains.is_beneath(other.name, claim.name)
        ]
        reaches = any(
            guards.covers(claim.name, claim.source.covers_subdomains, other.name)
            for other in others
        )
        yield Overlap(claim, tuple(others[:BENEATH_SHOWN]), reaches, len(others) > BENEATH_SHOWN)


def _in_order() -> QuerySet:
    return Claim.objects.select_related("organization").order_by("key")

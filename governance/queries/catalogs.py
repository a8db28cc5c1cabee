"""The list of catalogs, one of them, and who can manage one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet

from ..db.combined_query import Counted, CountUpTo, capped_count, run_combined
from ..db.keyset import Sort, a_text
from ..db.keyset_pages import Page, page_of
from ..models import Catalog, Package, Person
from ..rules.names import name_key
from .access_packages.listing import BY_NAME as PACKAGES_BY_NAME
from .access_packages.listing import with_counts
from .people.listing import person_search

BY_NAME = Sort("name", "name_key", a_text)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """A catalog with its managers and how many packages are in it."""

    catalog: Catalog
    managers: tuple[Person, ...]
    packages: Counted


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """A page of catalogs; `general` is how many packages are in none, which is General."""

    text: str
    page: Page
    rows: tuple[CatalogRow, ...]
    general: Counted


def catalog_page(text: str, cursor: str) -> CatalogPage:
    """Return a page of catalogs by name. Three statements."""
    here = Package.objects.filter(catalog=OuterRef("pk"))
    rows = Catalog.objects.annotate(package_count=CountUpTo(here)).prefetch_related(_managers())
    page = page_of(rows.filter(_called(text)), BY_NAME, cursor)
    general = Package.objects.filter(catalog__isnull=True)
    counts, _lists = run_combined({"general": general}, {})
    return CatalogPage(text, page, tuple(map(_row, page.rows)), counts["general"])


def packages_of_catalog(catalog: Catalog | None, cursor: str, at: datetime) -> Page:
    """Return a page of its packages by name, with what they have; None is General."""
    packages = with_counts(Package.objects.filter(catalog=catalog), at)
    return page_of(packages, PACKAGES_BY_NAME, cursor)


def catalog_choices() -> QuerySet[Catalog]:
    """Return all catalogs by name."""
    return Catalog.objects.order_by("name_key")


def manager_choices(text: str, chosen: Iterable[UUID]) -> list[Person]:
    """Return the chosen people first, then twenty active members who match."""
    active = Person.objects.members().active().exclude(uuid__in=chosen)
    found = active.filter(person_search(text)) if text else active
    present = Person.objects.filter(uuid__in=chosen).order_by("name_key")
    return [*present, *found.order_by("name_key", "id")[:_SHOWN]]


def _managers() -> Prefetch:
    return Prefetch("managers", Person.objects.order_by("name_key"), to_attr="listed_managers")


def _called(text: str) -> Q:
    return Q(name_key__contains=name_key(text)) if text else Q()


def _row(catalog: Catalog) -> CatalogRow:
    managers = tuple(getattr(catalog, "listed_managers"))  # noqa: B009 - as the prefetch calls it
    return CatalogRow(catalog, managers, capped_count(getattr(catalog, "package_count", 0)))

"""The list of access packages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from ...db.combined_query import Counted, CountUpTo, capped_count
from ...db.keyset import Sort, a_text
from ...db.keyset_pages import Page, page_of
from ...facts.access_packages.reach import package_reach, with_policies
from ...models import AccessRequest, Assignment, Catalog, Package, Policy, Resource
from ...rules.access_packages.reach import Reach
from ...rules.names import name_key

BY_NAME = Sort("name", "name_key", a_text)
GENERAL = "general"  # the catalog that has no row, as a filter names it


@dataclass(frozen=True, slots=True)
class PackageFilters:
    """What the list is asked for: a part of the name, and a catalog by its public id."""

    text: str = ""
    catalog: str = ""

    @property
    def has_catalog(self) -> UUID | None:
        """The public id of the catalog; None for General and for all."""
        return UUID(self.catalog) if self.catalog not in ("", GENERAL) else None

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.catalog)


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package with who can request it, and with what it has at this moment."""

    package: Package
    reach: Reach
    resources: Counted
    policies: Counted
    people: Counted
    waiting: Counted


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A page of packages; `catalogs` are those to filter by."""

    filters: PackageFilters
    page: Page
    rows: tuple[PackageRow, ...]
    catalogs: tuple[Catalog, ...]


def package_page(
    packages: QuerySet[Package], filters: PackageFilters, cursor: str, at: datetime
) -> PackagePage:
    """Return a page of these packages by name. Two statements."""
    rows = with_policies(with_counts(_matching(packages, filters), at))
    page = page_of(rows.select_related("catalog"), BY_NAME, cursor)
    catalogs = Catalog.objects.filter(packages__in=packages).distinct().order_by("name_key")
    return PackagePage(filters, page, tuple(map(_row, page.rows)), tuple(catalogs))


def with_counts(packages: QuerySet[Package], at: datetime) -> QuerySet[Package]:
    """Add to each package how many resources, policies, people and waiting requests it has."""
    here = {"package": OuterRef("pk")}
    return packages.annotate(
        resource_count=CountUpTo(Resource.objects.filter(**here, removed_at__isnull=True)),
        policy_count=CountUpTo(Policy.objects.filter(**here)),
        people_count=CountUpTo(Assignment.objects.in_force(at).filter(**here)),
        waiting_count=CountUpTo(AccessRequest.objects.pending(at).filter(**here)),
    )


def _matching(packages: QuerySet[Package], filters: PackageFilters) -> QuerySet[Package]:
    if filters.text:
        packages = packages.filter(name_key__contains=name_key(filters.text))
    if filters.catalog == GENERAL:
        return packages.filter(catalog__isnull=True)
    return packages.filter(catalog__uuid=filters.catalog) if filters.catalog else packages


def known_catalog(text: str) -> str:
    """Return the filter for a catalog if it can be one; "" otherwise, which asks nothing."""
    if text == GENERAL:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _row(package: Package) -> PackageRow:
    names = ("resource_count", "policy_count", "people_count", "waiting_count")
    counts = (capped_count(getattr(package, name)) for name in names)
    return PackageRow(package, package_reach(package), *counts)  # type: ignore[arg-type]

"""What can be done to catalogs, and to who manages them. The catalog General has no row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ..models import Catalog, CatalogManager, Package, Person
from ..rules.decision import Refused, refuse
from ..rules.names import clean_description
from ..rules.roles import Actor
from ..rules.values import known_ids
from .access_packages.managing import manages_that_catalog
from .action import action, named
from .audit import record
from .locks import lock_package, lock_row
from .named_rows import (
    free_name,
    made_columns,
    name_columns,
    name_taken,
    require_present_version,
    save_changed,
)


def _name_taken(*, name: str, catalog: Catalog | None = None, **_: object) -> Refused | None:
    return name_taken(Catalog, name, catalog)


@action(
    "Create access package catalog",
    needs="change_package",
    lost_race=_name_taken,
    about=lambda *, name, **_: named("catalog", name),
)
def create_catalog(
    *, name: str, description: str, managers: Iterable[UUID] = (), by: Actor, at: datetime
) -> Catalog:
    """Create a catalog with its managers, who are active members."""
    row = Catalog.objects.create(
        **name_columns(free_name(Catalog, name)),
        description=clean_description(description),
        **made_columns(by, at),
    )
    _set_managers(row, managers)
    record(create_catalog.activity, by=by, at=at, target=row, after=_snapshot(row))
    return row


@action("Update access package catalog", needs="change_package", lost_race=_name_taken)
def change_catalog(
    *,
    catalog: Catalog,
    name: str,
    description: str,
    managers: Iterable[UUID],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Catalog:
    """Change a catalog and who manages it. Raises Refused when it changed meanwhile.

    Managing a catalog does not let anybody name managers: that needs the permission.
    """
    row = lock_row(catalog, "catalog_gone")
    require_present_version(row, version)
    before, columns = _snapshot(row), name_columns(free_name(Catalog, name, row))
    row.name, row.name_key = columns["name"], columns["name_key"]
    row.description = clean_description(description)
    _set_managers(row, managers)
    if (after := _snapshot(row)) != before:
        save_changed(row, by, at)
        record(change_catalog.activity, by=by, at=at, target=row, before=before, after=after)
    return row


def _used(*, catalog: Catalog, **_: object) -> Refused | None:
    names = list(catalog.packages.order_by("name_key").values_list("name", flat=True)[:1])
    if not names:
        return None
    text = f"{names[0]} is in this catalog. Move its access packages to another catalog first"
    return refuse("catalog_in_use", text)


@action("Delete access package catalog", needs="change_package", lost_race=_used)
def remove_catalog(*, catalog: Catalog, by: Actor, at: datetime) -> None:
    """Remove a catalog without packages. Its managers manage nothing by it any more."""
    row = lock_row(catalog, "catalog_gone")
    if refusal := _used(catalog=row):
        raise refusal
    record(remove_catalog.activity, by=by, at=at, target=row, before=_snapshot(row))
    Catalog.objects.filter(pk=row.pk).delete()


def _may_move(*, package: Package, catalog: Catalog | None, by: Actor, **_: object) -> bool:
    """A manager moves what is theirs to what is theirs."""
    return all(manages_that_catalog(by=by, catalog=each) for each in (package.catalog, catalog))


@action("Move access package to another catalog", needs="change_package", allows=_may_move)
def move_package(*, package: Package, catalog: Catalog | None, by: Actor, at: datetime) -> Package:
    """Put a package into a catalog; None is General. Its managers are the new catalog's."""
    row = lock_package(package)
    wanted = lock_row(catalog, "catalog_gone") if catalog else None
    if row.catalog_id == (wanted.pk if wanted else None):
        return row
    before = {"catalog": catalog_name(row.catalog)}
    row.catalog, row.version = wanted, row.version + 1
    row.changed_at, row.changed_by = at, by.label
    row.save()
    after = {"catalog": catalog_name(wanted)}
    record(move_package.activity, by=by, at=at, target=row, before=before, after=after)
    return row


def catalog_name(catalog: Catalog | None) -> str:
    """Return what a catalog is called; packages without one are in General."""
    return catalog.name if catalog else "General"


def _set_managers(catalog: Catalog, managers: Iterable[UUID]) -> None:
    """Make these people the managers. Who is one already stays one, whatever became of them."""
    wanted = set(known_ids(managers, field="managers"))
    present = set(catalog.managers.values_list("uuid", flat=True))
    active = Person.objects.filter(kind=Person.Kind.MEMBER, state=Person.State.ACTIVE)
    added = list(active.filter(uuid__in=wanted - present).order_by("pk"))
    if len(added) < len(wanted - present):
        text = "One of the managers that you chose is no active member. Choose again"
        raise refuse("manager_gone", text, field="managers")
    catalog.catalog_managers.exclude(person__uuid__in=wanted).delete()
    rows = (CatalogManager(catalog=catalog, person=person) for person in added)
    CatalogManager.objects.bulk_create(rows)


def _snapshot(catalog: Catalog) -> dict[str, object]:
    return {
        "name": catalog.name,
        "description": catalog.description,
        "managers": sorted(catalog.managers.values_list("email", flat=True)),
    }

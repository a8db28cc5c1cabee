"""What can be done to access packages."""

from __future__ import annotations

from datetime import datetime

from ...impact import impact_of
from ...impact.access_packages import opening
from ...models import Catalog, Package, Policy
from ...rules.decision import Refused, refuse
from ...rules.names import clean_description, clean_name, name_key
from ...rules.roles import Actor
from ...rules.values import known_flag
from ..action import action, named
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_package, lock_row
from .managing import manages_its_catalog, manages_that_catalog


def name_taken(*, name: str, package: Package | None = None, **_: object) -> Refused | None:
    """Return the refusal of a name that another package has; None when it is free."""
    others = Package.objects.exclude(pk=package.pk) if package else Package.objects.all()
    taken = others.filter(name_key=name_key(name)).first()
    return (
        refuse("name_taken", f"Another access package is called {taken.name}", field="name")
        if taken
        else None
    )


@action(
    "Create access package",
    needs="change_package",
    allows=manages_that_catalog,
    lost_race=name_taken,
    about=lambda *, name, **_: named("package", name),
)
def create_package(
    *,
    name: str,
    description: str,
    is_listed: bool,
    is_open: bool,
    catalog: Catalog | None = None,
    by: Actor,
    at: datetime,
) -> Package:
    """Create an access package without a policy, so that nobody can request it yet.

    Raises Refused for a name that is taken.
    """
    name = free_package_name(name)
    package = Package.objects.create(
        name=name,
        name_key=name_key(name),
        description=clean_description(description),
        catalog=lock_row(catalog, "catalog_gone") if catalog else None,
        is_listed=known_flag(is_listed, field="is_listed"),
        is_open=known_flag(is_open, field="is_open"),
        created_at=at,
        created_by=by.label,
        changed_at=at,
        changed_by=by.label,
    )
    record(create_package.activity, by=by, at=at, target=package, after=_package_snapshot(package))
    return package


@action(
    "Update access package",
    needs="change_package",
    allows=manages_its_catalog,
    lost_race=name_taken,
)
def change_package(
    *,
    package: Package,
    name: str,
    description: str,
    is_listed: bool,
    is_open: bool,
    by: Actor,
    at: datetime,
    version: int | None = None,
    seen: str | None = None,
) -> Package:
    """Change what a package is called, and whether it is listed and open.

    Raises Refused when it changed meanwhile.
    """
    row = lock_package(package)
    require_version(row, version)
    was_open = Package(pk=row.pk, uuid=row.uuid, is_open=row.is_open)
    before, name = _package_snapshot(row), free_package_name(name, row)
    row.name, row.name_key, row.description, row.is_listed, row.is_open = (
        name,
        name_key(name),
        clean_description(description),
        known_flag(is_listed, field="is_listed"),
        known_flag(is_open, field="is_open"),
    )
    if _package_snapshot(row) == before:
        return row
    require_confirmation(impact_of(opening(was_open, is_open), at), seen, by=by)
    touch(row, by, at)
    record(
        change_package.activity,
        by=by,
        at=at,
        target=row,
        before=before,
        after=_package_snapshot(row),
    )
    return row


def free_package_name(name: str, package: Package | None = None) -> str:
    """Return the name in the form in which it is stored. Raises Refused when it is taken."""
    name = clean_name(name)
    if refusal := name_taken(name=name, package=package):
        raise refusal
    return name


def require_version(row: Package | Policy, version: int | None) -> None:
    """Raise Refused when somebody saved the row after `version` was read. None asks nothing."""
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"{row.changed_by} saved this while you were editing."
            " Review the values, then save again",
        )


def touch(row: Package | Policy, by: Actor, at: datetime) -> None:
    """Save the row as changed by this person at this moment, as its next version."""
    row.version += 1
    row.changed_at, row.changed_by = at, by.label
    row.save()


def _package_snapshot(package: Package) -> dict[str, object]:
    catalog = {"catalog": package.catalog.name} if package.catalog else {}
    return {
        "name": package.name,
        "description": package.description,
        **catalog,
        "listed": package.is_listed,
        "open for requests": package.is_open,
    }

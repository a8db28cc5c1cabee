"""Who manages which catalogs, asked at the moment of each change and of each page."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import Catalog, CatalogManager, Package, Person, Resource


def catalogs_managed_by(person_id: int | None) -> QuerySet[Catalog]:
    """Return the catalogs that this person manages now: an active member, named as a manager."""
    managers = CatalogManager.objects.filter(
        person=person_id,
        person__kind=Person.Kind.MEMBER,
        person__state=Person.State.ACTIVE,
    )
    return Catalog.objects.filter(pk__in=managers.values("catalog"))


def manages_catalog(person_id: int | None, catalog_id: int | None) -> bool:
    """Return whether the person manages the catalog; nobody manages General, which has no row."""
    if person_id is None or catalog_id is None:
        return False
    return catalogs_managed_by(person_id).filter(pk=catalog_id).exists()


def manages_package(person_id: int | None, package_id: int) -> bool:
    """Return whether the package is in a catalog that the person manages."""
    if person_id is None:
        return False
    return catalogs_managed_by(person_id).filter(packages=package_id).exists()


def resources_of_catalog(catalog_id: int) -> QuerySet[Resource]:
    """Return the resources of the packages in a catalog, which its managers can give to others."""
    return Resource.objects.filter(package__catalog=catalog_id, removed_at__isnull=True)


def packages_managed_by(person_id: int) -> QuerySet[Package]:
    """Return the packages in the catalogs that the person manages."""
    return Package.objects.filter(catalog__in=catalogs_managed_by(person_id))

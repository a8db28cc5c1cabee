"""Catalogs: groups of access packages, and who manages them."""

from __future__ import annotations

import uuid

from django.db import models

from ..db.constraints import is_positive
from ..db.fields import KeyField
from .people import Person


class Catalog(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, unique=True, editable=False)
    description = models.CharField(max_length=500, blank=True)
    managers: models.ManyToManyField[Person, CatalogManager] = models.ManyToManyField(
        Person, through="CatalogManager", related_name="catalogs"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)

    class Meta:
        default_permissions = ("view",)
        constraints = [is_positive("version", of="catalog")]

    def __str__(self):
        return self.name


class CatalogManager(models.Model):
    """A member who manages the packages of a catalog."""

    catalog = models.ForeignKey(Catalog, models.CASCADE, related_name="catalog_managers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="managed_catalogs")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["catalog", "person"], name="one_row_per_catalog_and_manager"
            )
        ]

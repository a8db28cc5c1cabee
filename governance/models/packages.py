"""Access packages: what people can ask for."""

from __future__ import annotations

import uuid

from django.db import models

from ..db.constraints import is_positive
from ..db.fields import KeyField
from .catalogs import Catalog


class Package(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, unique=True, editable=False)
    description = models.CharField(max_length=500, blank=True)
    catalog = models.ForeignKey(
        Catalog,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        help_text="None is the catalog General.",
    )
    is_listed = models.BooleanField(
        "listed",
        default=True,
        help_text="A package that is not listed does not appear when people look for packages.",
    )
    is_open = models.BooleanField("open for requests", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name = "access package"
        constraints = [is_positive("version", of="package")]

    def __str__(self):
        return self.name

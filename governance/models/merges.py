"""Merging one connected organization into another, which can be undone for a while (rule 42)."""

from __future__ import annotations

import uuid

from django.db import models

from .organizations import Organization


class OrganizationMerge(models.Model):
    """A merge: which sources and open requests it moved, so that undoing it can bring them back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merged = models.ForeignKey(Organization, models.CASCADE, related_name="merged_into")
    into = models.ForeignKey(Organization, models.CASCADE, related_name="merged_from")
    sources = models.JSONField(default=list, help_text="Keys of the sources that it moved.")
    requests = models.JSONField(default=list, help_text="Keys of the open requests that it moved.")
    merged_at = models.DateTimeField("merged")
    merged_by = models.CharField(max_length=254)
    undone_at = models.DateTimeField("undone", null=True)
    undone_by = models.CharField(max_length=254, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["into", "undone_at"], name="merge_by_organization")]

    def __str__(self):
        return f"{self.merged} into {self.into}"

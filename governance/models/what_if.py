"""Questions about access that somebody wants answered the same tomorrow."""

from __future__ import annotations

import uuid

from django.db import models

from .packages import Package


class SavedTest(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField("email")
    package = models.ForeignKey(Package, models.CASCADE, null=True, blank=True)
    expects_allowed = models.BooleanField("can request")
    added_at = models.DateTimeField("added")
    added_by = models.CharField(max_length=254)
    owner = models.ForeignKey(
        "governance.Person", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name = "saved what-if test"

    def __str__(self):
        return self.name

"""Partner directories that the look-up knows: kept by hand on the admin site, or made up as demo
data.
"""

from __future__ import annotations

from django.db import models

from ..db.fields import KeyField


class KnownDirectory(models.Model):
    """An identity tenant with its id, its name and the domain it was born with."""

    directory_id = models.UUIDField(
        "directory ID",
        unique=True,
        help_text="Also called tenant ID. Their administrator can copy it from the directory.",
    )
    name = models.CharField(max_length=200)
    initial_domain = KeyField(
        max_length=253,
        unique=True,
        help_text="The domain that the directory was created with.",
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "known directory"
        verbose_name_plural = "known directories"

    def __str__(self):
        return self.name


class VerifiedDomain(models.Model):
    """A domain that a directory has proved to own. A name belongs to one directory."""

    directory = models.ForeignKey(KnownDirectory, models.CASCADE, related_name="verified_domains")
    name = KeyField("domain", max_length=253, unique=True)

    class Meta:
        verbose_name = "verified domain"

    def __str__(self):
        return self.name

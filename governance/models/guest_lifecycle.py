"""What happens to guests whose access ends; one row, and the defaults without it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ..rules.guest_lifecycle import LONGEST_DAYS, REMOVES_AFTER


class GuestLifecycle(models.Model):
    blocks_at_end = models.BooleanField("block at once", default=True)
    removes_after = models.PositiveIntegerField(
        "days until removal",
        null=True,
        blank=True,
        default=REMOVES_AFTER,
        help_text="Leave empty to keep blocked guests.",
    )
    changed_at = models.DateTimeField("changed")
    changed_by = models.CharField(max_length=254)

    class Meta:
        verbose_name = "guest lifecycle"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(removes_after__isnull=True) | Q(removes_after__range=(0, LONGEST_DAYS)),
                name="guests_are_removed_in_bounds",
            )
        ]

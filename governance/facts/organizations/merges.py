"""Which merges of connected organizations can still be undone (product rule 42)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ...models import Organization, OrganizationMerge, Source
from ...rules.organizations import MERGE_UNDONE_WITHIN


def undoable_merges(into: Organization, at: datetime) -> QuerySet[OrganizationMerge]:
    """Return the merges into an organization that can be undone now, the newest first."""
    rows = OrganizationMerge.objects.filter(
        into=into, undone_at__isnull=True, merged_at__gt=at - MERGE_UNDONE_WITHIN
    )
    return rows.select_related("merged", "into").order_by("-id")


def returnable_sources(row: OrganizationMerge) -> QuerySet[Source]:
    """Return the sources that still are where the merge put them."""
    return Source.objects.present().filter(uuid__in=row.sources, organization=row.into)

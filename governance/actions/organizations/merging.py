"""Merging a connected organization into another, and undoing that within 30 days (rule 42)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from ...facts.claims.covering import claims_among
from ...facts.organizations.merges import returnable_sources
from ...facts.snapshots import organization_snapshot
from ...impact import impact_of
from ...impact.organizations import merging, undoing_merge
from ...models import AccessRequest, Claim, Organization, OrganizationMerge, Source
from ...rules.decision import refuse
from ...rules.names import name_key
from ...rules.organizations import MERGE_UNDONE_WITHIN
from ...rules.roles import Actor
from ..access_requests.following import tell_new_approvers_at
from ..action import action
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_organization, lock_row
from .membership import recount_sponsors, settle_guests
from .search_entries import refresh_search_entry
from .sources import touch


@action("Merge connected organizations", needs="change_organization")
def merge(
    *,
    organization: Organization,
    into: Organization,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> OrganizationMerge:
    """Give `into` all sources, people and open requests of an organization, which is deleted.

    What is closed stays with the organization that had it. `seen` is the fingerprint of the impact
    that was shown. Raises Refused for merging one into itself.
    """
    lock_claims()
    if organization.pk == into.pk:
        raise refuse("same_organization", "Choose another organization", field="into")
    row, target = _locked(organization, into)
    require_confirmation(impact_of(merging(row, target), at), seen, by=by)
    before = organization_snapshot(row)
    sources = list(row.sources.present().order_by("pk"))
    requests = list(row.access_requests.open().order_by("pk"))
    names = _move(sources, target)
    _move_requests(requests, target)
    row.deleted_at, row.deleted_by = at, by.label
    result = OrganizationMerge.objects.create(
        merged=row,
        into=target,
        sources=[str(each.uuid) for each in sources],
        requests=[str(each.uuid) for each in requests],
        merged_at=at,
        merged_by=by.label,
    )
    _settle((row, target), names, by, at)
    record(
        merge.activity,
        by=by,
        at=at,
        target=row,
        organization=target,
        before=before,
        after={"merged into": target.name, "domains": names, "open requests": len(requests)},
    )
    return result


@action("Undo merge of connected organizations", needs="change_organization")
def undo_merge(
    *, row: OrganizationMerge, by: Actor, at: datetime, seen: str | None = None
) -> Organization:
    """Bring back the merged organization with the domains that are still where the merge put them.

    Raises Refused after 30 days, or where nothing is left to bring back.
    """
    lock_claims()
    present = lock_row(row, "merge_gone")
    _require_undoable(present, at)
    merged, into = _locked_pair(present)
    sources = list(returnable_sources(present))
    if not sources:
        text = f"No domain of {merged.name} is still with {into.name}. Connect the partner again"
        raise refuse("nothing_left", text)
    claims = claims_among(sources)
    require_confirmation(impact_of(undoing_merge(claims, merged), at), seen, by=by)
    _require_free_name(merged)
    names = _move(sources, merged)
    _move_requests(_returning(present, into), merged)
    merged.deleted_at, merged.deleted_by = None, ""
    present.undone_at, present.undone_by = at, by.label
    present.save(update_fields=["undone_at", "undone_by"])
    _settle((merged, into), names, by, at)
    record(
        undo_merge.activity,
        by=by,
        at=at,
        target=merged,
        organization=into,
        after={"domains": names},
    )
    return merged


def _locked(organization: Organization, into: Organization) -> tuple[Organization, Organization]:
    """Both as they are now, held until the transaction ends; always in the same order."""
    held = {each.pk: each for each in sorted((organization, into), key=lambda each: each.pk)}
    rows = {pk: lock_organization(each) for pk, each in held.items()}
    return rows[organization.pk], rows[into.pk]


def _locked_pair(row: OrganizationMerge) -> tuple[Organization, Organization]:
    both = sorted((row.merged, row.into), key=lambda each: each.pk)
    rows = {each.pk: lock_row(each, "organization_gone") for each in both}
    return rows[row.merged_id], rows[row.into_id]


def _require_undoable(row: OrganizationMerge, at: datetime) -> None:
    if row.undone_at is not None:
        raise refuse("merge_undone", f"{row.undone_by} has already undone this merge")
    if at >= row.merged_at + MERGE_UNDONE_WITHIN:
        raise refuse("merge_too_old", "A merge can be undone for 30 days. This one is older")


def _require_free_name(merged: Organization) -> None:
    others = Organization.objects.present().filter(name_key=name_key(merged.name))
    if others.exclude(pk=merged.pk).exists():
        text = f"Another connected organization is called {merged.name}. Rename it first"
        raise refuse("name_taken", text)


def _move(sources: Iterable[Source], to: Organization) -> list[str]:
    """Give the sources to the organization. Return their domains."""
    keys = [each.pk for each in sources]
    claims = Claim.objects.present().filter(source__in=keys)
    names = sorted(claims.values_list("name", flat=True))
    Source.objects.filter(pk__in=keys).update(organization=to)
    claims.update(organization=to)
    return names


def _move_requests(requests: Iterable[AccessRequest], to: Organization) -> None:
    keys = [each.pk for each in requests]
    AccessRequest.objects.filter(pk__in=keys).update(organization=to)


def _returning(row: OrganizationMerge, into: Organization) -> QuerySet[AccessRequest]:
    """The open requests that the merge moved and that are still with the other organization."""
    return AccessRequest.objects.open().filter(uuid__in=row.requests, organization=into)


def _settle(both: tuple[Organization, ...], names: list[str], by: Actor, at: datetime) -> None:
    for each in both:
        touch(each, by, at)
    settle_guests(names)
    for each in both:
        refresh_search_entry(each)
    recount_sponsors(Organization.objects.filter(pk__in=[each.pk for each in both]))
    tell_new_approvers_at(both, at)

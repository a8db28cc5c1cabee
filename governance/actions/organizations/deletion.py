"""Deleting an organization, restoring it within 30 days, and releasing the domains that are
reserved for it (product rules 40 and 41).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ...facts.organizations.restorations import restoration_of
from ...facts.snapshots import organization_snapshot, sources_snapshot
from ...impact import impact_of
from ...impact.organizations import deleting, releasing, restoring
from ...models import Claim, Organization, Source
from ...rules.decision import Refused, refuse
from ...rules.names import name_key
from ...rules.organizations import RESTORABLE_FOR
from ...rules.roles import Actor
from ...rules.values import known_flag, known_list, known_text
from ..access_requests.ending import end_access_at, withdraw_requests_at
from ..access_requests.holding import hold_requests_at
from ..action import action
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_organization, lock_row
from .membership import recount_sponsors, settle_guests
from .search_entries import refresh_search_entry
from .sources import touch


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what did not."""

    organization: Organization
    lost_names: tuple[str, ...]
    renamed_from: str = ""


def _taken(*, organization: Organization, **_: object) -> Refused:
    return refuse(
        "effect_changed",
        f"Another organization took the name {organization.name} just now."
        " Review the impact again, then restore",
    )


@action("Delete connected organization", needs="delete_organization")
def delete(
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    ends_access: bool = False,
    version: int | None = None,
    seen: str | None = None,
) -> Organization:
    """Delete it. Its domains stay reserved: nobody with such an address can request anything until
    a person decides. Its open requests are withdrawn; with `ends_access` its people's access ends
    now, and otherwise lasts until it ends.

    `seen` is the fingerprint of the change of access that was shown.
    """
    lock_claims()
    known_flag(ends_access, field="ends_access")
    hold_requests_at([organization])
    row = lock_organization(organization, version)
    require_confirmation(impact_of(deleting(row, ends_access=ends_access), at), seen, by=by)
    before = organization_snapshot(row)
    withdraw_requests_at(row, f"{row.name} was deleted.", by=by, at=at)
    if ends_access:
        end_access_at(row, f"{row.name} was deleted.", by=by, at=at)
    row.deleted_at, row.deleted_by = at, by.label
    touch(row, by, at)
    recount_sponsors(Organization.objects.filter(pk=row.pk))
    after = {"existing access": "removed now"} if ends_access else None
    record(delete.activity, by=by, at=at, target=row, organization=row, before=before, after=after)
    return row


@action("Restore connected organization", needs="delete_organization", lost_race=_taken)
def restore(
    *, organization: Organization, by: Actor, at: datetime, seen: str | None = None
) -> Restored:
    """Bring it back with the names that are still its own and still pass every guard; as proposed
    when anything is missing.

    `seen` is the fingerprint of the restoration that was shown.
    """
    lock_claims()
    row = lock_row(organization, "organization_gone")
    _require_restorable(row, at)
    back = restoration_of(row, by=by)
    if not back.kept:
        raise refuse(
            "nothing_left",
            f"None of the domains of {row.name} can be restored."
            " Add the partner as a new connected organization instead",
        )
    impact = impact_of(restoring(row, back), at)
    require_confirmation(impact, seen, by=by, answers=back.fingerprint)
    _let_go(row, back.refused, at)
    _keep_alone(row.claims.present().exclude(source__released_at=None), at)
    old_name = row.name
    row.name, row.name_key, row.state = back.name, name_key(back.name), back.state
    row.deleted_at, row.deleted_by = None, ""
    touch(row, by, at)
    settle_guests(back.lost)
    refresh_search_entry(row)
    record(
        restore.activity,
        by=by,
        at=at,
        target=row,
        organization=row,
        after=organization_snapshot(row),
    )
    return Restored(row, back.lost, old_name if row.name != old_name else "")


@action("Release names of deleted organization", needs="delete_organization")
def release(
    *,
    organization: Organization,
    names: Iterable[str],
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> None:
    """Release domains that are reserved for a deleted organization: anybody can claim them now.

    `seen` is the fingerprint of whom it moves.
    """
    lock_claims()
    row = lock_row(organization, "organization_gone")
    if not row.is_deleted:
        raise refuse(
            "organization_present",
            f"{row.name} is not deleted. Remove the directory or domain from it instead",
        )
    before = sources_snapshot(row)
    names = _require_reserved(row, names)
    require_confirmation(impact_of(releasing(names), at), seen, by=by)
    _let_go(row, row.claims.present().filter(name__in=names).values_list("pk", flat=True), at)
    settle_guests(names)
    refresh_search_entry(row)
    record(
        release.activity,
        by=by,
        at=at,
        target=row,
        organization=row,
        before=before,
        after=sources_snapshot(row),
    )


def _require_reserved(row: Organization, names: Iterable[str]) -> frozenset[str]:
    """The names, if there are any and the organization still has each of them."""
    wanted = frozenset(known_text(name, field="name") for name in known_list(names, field="name"))
    if not wanted:
        raise refuse("no_name", "Select at least one domain", field="name")
    if wanted - set(row.claims.present().values_list("name", flat=True)):
        text = (
            f"Some of these domains are no longer reserved for {row.name}."
            " Review the domains again, then release them"
        )
        raise refuse("no_name", text, field="name")
    return wanted


def _require_restorable(row: Organization, at: datetime) -> None:
    if row.deleted_at is None:
        raise refuse("organization_present", f"{row.name} is not deleted")
    if at >= row.deleted_at + RESTORABLE_FOR:
        raise refuse(
            "restore_too_late",
            f"{row.name} was deleted more than 30 days ago and cannot be restored",
        )


def _keep_alone(claims: QuerySet[Claim], at: datetime) -> None:
    """Make domains by themselves of names whose directory was given to another organization."""
    for claim in claims.select_related("source"):
        claim.source = Source.objects.create(
            organization_id=claim.organization_id,
            kind=Source.Kind.DOMAIN,
            label=claim.name,
            typed_name=claim.name,
            covers_subdomains=claim.source.covers_subdomains,
            public_mail_accepted=claim.source.has_public_mail_tick_for(claim.name),
            created_at=at,
        )
        claim.save(update_fields=["source"])


def _let_go(row: Organization, claims: Iterable[int], at: datetime) -> None:
    """Release the claims, and the sources that are left with none."""
    Claim.objects.filter(pk__in=list(claims)).update(released_at=at)
    empty = row.sources.present().exclude(claims__released_at__isnull=True)
    Source.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(released_at=at)

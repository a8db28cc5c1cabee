"""Deleting an organization, bringing it back within 30 days, and letting go of the names it keeps shut (product rules 40 and 41)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..models import Claim, Organization, Source
from ..queries.claims import name_facts
from ..queries.snapshots import organization_snapshot, sources_snapshot
from ..rules.decision import refuse
from ..rules.names import name_key
from ..rules.organizations import PROPOSED, RESTORABLE_FOR, NewSource, claim_problem
from ..rules.roles import Actor
from .audit import record
from .belonging import settle_guests
from .locks import lock_claims, lock_organization
from .search_entries import refresh_search_entry
from .sources import touch
from .verb import verb


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what did not."""

    organization: Organization
    lost_names: tuple[str, ...]
    renamed_from: str = ""


@verb("Delete connected organization", needs="delete_organization")
def delete(*, organization: Organization, by: Actor, at: datetime, version: int | None = None) -> Organization:
    """Delete it. Its names stay shut: nobody who has such an address can ask for anything until a person decides."""
    lock_claims()
    row = lock_organization(organization, version)
    before = organization_snapshot(row)
    row.deleted_at, row.deleted_by = at, by.label
    touch(row, by, at)
    record(delete.activity, by=by, at=at, target=row, organization=row, before=before)
    return row


@verb("Restore connected organization", needs="delete_organization")
def restore(*, organization: Organization, by: Actor, at: datetime) -> Restored:
    """Bring it back with the names that are still its own and still pass every guard; as proposed when anything is missing."""
    lock_claims()
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    _require_restorable(row, at)
    lost = _names_lost(row) + _release_refused(row, by, at)
    if not row.claims.present().exists():
        raise refuse("nothing_left", f"None of the names of {row.name} is free any more. Connect the partner anew instead")
    old_name = row.name
    row.name = _free_name(row.name)
    row.name_key, row.deleted_at, row.deleted_by = name_key(row.name), None, ""
    row.state = PROPOSED if lost or row.name != old_name else row.state
    touch(row, by, at)
    settle_guests(lost)
    refresh_search_entry(row)
    record(restore.activity, by=by, at=at, target=row, organization=row, after=organization_snapshot(row))
    return Restored(row, tuple(sorted(lost)), old_name if row.name != old_name else "")


@verb("Release names of deleted organization", needs="delete_organization")
def release(*, organization: Organization, names: Iterable[str], by: Actor, at: datetime) -> None:
    """Let go of names that a deleted organization keeps shut: from now on they are anybody's."""
    lock_claims()
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    if not row.is_deleted:
        raise refuse("organization_present", f"{row.name} is not deleted. Remove the source from it instead")
    before = sources_snapshot(row)
    names = set(names)
    row.claims.present().filter(name__in=names).update(released_at=at)
    settle_guests(names)
    record(release.activity, by=by, at=at, target=row, organization=row, before=before, after=sources_snapshot(row))


def _require_restorable(row: Organization, at: datetime) -> None:
    if not row.is_deleted:
        raise refuse("organization_present", f"{row.name} is not deleted")
    if at >= row.deleted_at + RESTORABLE_FOR:
        raise refuse("restore_too_late", f"{row.name} was deleted more than 30 days ago and cannot be restored")


def _names_lost(row: Organization) -> list[str]:
    """Names that were its own when it was deleted and were given or released to others since."""
    return list(row.claims.filter(released_at__gte=row.deleted_at).values_list("name", flat=True))


def _release_refused(row: Organization, by: Actor, at: datetime) -> list[str]:
    claims = {claim.name: claim for claim in row.claims.present().select_related("source")}
    facts = name_facts(claims)
    refused = [name for name, claim in claims.items() if claim_problem(_as_chosen(claim), facts[name], by, own_organization=str(row.uuid))]
    Claim.objects.filter(pk__in=[claims[name].pk for name in refused]).update(released_at=at)
    empty = row.sources.present().exclude(claims__released_at__isnull=True)
    Source.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(released_at=at)
    return refused


def _as_chosen(claim: Claim) -> NewSource:
    return NewSource(typed_name=claim.name, public_mail_accepted=claim.source.public_mail_accepted)


def _free_name(name: str) -> str:
    """The name itself, or the first free of "Name (restored)", "Name (restored 2)" ..."""
    endings = ["", " (restored)", *(f" (restored {n})" for n in range(2, 100))]
    names = (name[: 200 - len(ending)] + ending for ending in endings)
    return next(free for free in names if not Organization.objects.present().filter(name_key=name_key(free)).exists())

"""What can be done to a connected organization as a whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ..models import Draft, Organization, Source
from ..queries.new_organizations import preview_of
from ..queries.snapshots import basics_snapshot, organization_snapshot
from ..rules import organizations as rules
from ..rules.decision import Ref, Refused, refuse
from ..rules.names import clean_description, clean_name, name_key
from ..rules.organizations import NewOrganization
from ..rules.roles import Actor
from .audit import record
from .belonging import settle_guests
from .locks import lock_claims, lock_organization
from .search_entries import refresh_search_entry
from .sources import add_sources, require_claimable, require_seen, touch
from .sponsors import name_sponsors
from .verb import verb


def who_won(*, new: NewOrganization, by: Actor, at: datetime) -> Refused | None:
    """The refusal to tell after somebody else was quicker; None when nothing stands in the way any more."""
    try:
        _require_free_name(new.name)
        _require_free_directories(new)
        require_claimable(new.sources, by=by)
    except Refused as refusal:
        return refusal
    return None


@verb("Create connected organization", needs="add_organization", lost_race=who_won)
def connect(*, new: NewOrganization, by: Actor, at: datetime) -> Organization:
    """Connect a partner, whole or not at all. A second call for the same draft answers the organization of the first."""
    lock_claims()
    draft = _locked_draft(new.draft)
    if draft and draft.created_id:
        return draft.created
    name, description = clean_name(new.name), clean_description(new.description)
    _require_acceptable(new, name, by)
    if new.seen is not None:
        require_seen(preview_of(new, by=by, at=at).fingerprint, new.seen)
    organization = _create(name, description, rules.state_for(by, new.state), by, at)
    claimed = add_sources(organization, new.sources, by=by, at=at)
    name_sponsors(organization, internal=new.internal_sponsors, external=new.external_sponsors, by=by, at=at)
    settle_guests(claimed)
    refresh_search_entry(organization)
    if draft:
        Draft.objects.filter(pk=draft.pk).update(created=organization, saved_at=at)
    record(connect.activity, by=by, at=at, target=organization, organization=organization, after=organization_snapshot(organization))
    return organization


def _locked_draft(draft: UUID | None) -> Draft | None:
    return Draft.objects.select_for_update(of=["self"]).filter(uuid=draft).first() if draft else None


def _require_acceptable(new: NewOrganization, name: str, by: Actor) -> None:
    _require_free_name(name)
    rules.require_sources(new.sources)
    _require_free_directories(new)
    require_claimable(new.sources, by=by)


def _require_free_name(name: str, *, besides: int | None = None) -> None:
    taken = Organization.objects.present().filter(name_key=name_key(name)).exclude(pk=besides).first()
    if taken:
        ref = Ref("organization", str(taken.uuid), taken.name)
        raise refuse("name_taken", f"Another connected organization is called {taken.name}", field="name", refers_to=ref)


def _require_free_directories(new: NewOrganization) -> None:
    ids = [source.directory_id for source in new.sources if source.directory_id]
    taken = Source.objects.present().filter(directory_id__in=ids, organization__deleted_at__isnull=True).select_related("organization").first()
    if taken:
        ref = Ref("organization", str(taken.organization.uuid), taken.organization.name)
        text = f"{taken.label} already belongs to {taken.organization.name}. A directory or domain can be in one connected organization only."
        raise refuse("directory_taken", text, field="sources", refers_to=ref)


def _create(name: str, description: str, state: str, by: Actor, at: datetime) -> Organization:
    return Organization.objects.create(
        name=name, name_key=name_key(name), description=description, state=state, created_at=at, created_by=by.label,
        changed_at=at, changed_by=by.label,
    )  # fmt: skip


@verb("Update connected organization", needs="change_organization")
def change_basics(
    *, organization: Organization, name: str, description: str, state: str, by: Actor, at: datetime, version: int | None = None
) -> Organization:
    """Give the organization another name, description or state. `version` is what the editor started from."""
    row = lock_organization(organization, version)
    before = basics_snapshot(row)
    name = clean_name(name)
    _require_free_name(name, besides=row.pk)
    row.name, row.name_key, row.description, row.state = name, name_key(name), clean_description(description), state
    if basics_snapshot(row) == before:
        return row
    touch(row, by, at)
    refresh_search_entry(row)
    record(change_basics.activity, by=by, at=at, target=row, organization=row, before=before, after=basics_snapshot(row))
    return row


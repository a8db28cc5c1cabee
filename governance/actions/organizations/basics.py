"""What can be done to a connected organization as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...facts.access_packages.requestable import Grant, grants_to
from ...facts.claims.covering import claims_of
from ...facts.organizations.new_organizations import called_alike, known_about, preview_of
from ...facts.snapshots import NamesBySource, Sponsors, basics_snapshot, new_organization_snapshot
from ...impact import impact_of
from ...impact.organizations import changing_state, connecting
from ...models import Draft, Organization, SearchEntry
from ...rules import organizations as rules
from ...rules.decision import Reason, Ref, Refused, refuse
from ...rules.names import clean_description, clean_name, name_key
from ...rules.organizations import NewOrganization
from ...rules.roles import Actor
from ...rules.values import known_id, known_ids
from ..action import action, named, record_refusal_alone
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_organization
from .membership import settle_guests
from .search_entries import refresh_search_entry, search_text, sign_in_by
from .sources import add_sources, require_claimable, touch
from .sponsors import fit_sponsors, name_sponsors


@dataclass(frozen=True, slots=True)
class Connected:
    """A new organization, and the access packages that its people can request."""

    organization: Organization
    grants: tuple[Grant, ...]


def lost_race_refusal(*, new: NewOrganization, by: Actor, at: datetime) -> Refused | None:
    """Return the refusal after somebody else was quicker; None when nothing prevents it any
    more.
    """
    try:
        _require_free_name(called_alike(new.name))
        require_claimable(new.sources, by=by)
    except Refused as refusal:
        return refusal
    return None


def _about(*, new: NewOrganization, **_: object) -> Ref:
    sources = new.sources if isinstance(new.sources, tuple) else ()
    typed = (getattr(source, "typed_name", source) for source in sources)
    return named("organization", new.name, *typed)


@action(
    "Create connected organization",
    needs="add_organization",
    lost_race=lost_race_refusal,
    about=_about,
)
def connect(*, new: NewOrganization, by: Actor, at: datetime) -> Connected:
    """Connect a partner, whole or not at all.

    A second call for the same draft answers the organization of the first.
    """
    lock_claims()
    draft = _locked_draft(new.draft, by)
    if draft and draft.created:
        return Connected(draft.created, tuple(grants_to(claims_of(draft.created), at)))
    name, description = clean_name(new.name), clean_description(new.description)
    _require_well_formed(new)
    known = known_about(new)
    _require_free_name(known.called_alike)
    require_claimable(new.sources, by=by, facts=known.around.facts)
    preview = preview_of(new, by=by, at=at, known=known)
    impact = impact_of(connecting(preview.claims), at)
    require_confirmation(impact, new.seen, by=by, answers=preview.fingerprint)
    sponsors = fit_sponsors(new, preview.claims, at)
    organization = _create(name, description, new, sponsors, by, at)
    rows = add_sources(organization, new.sources, by=by, at=at, facts=known.around.facts)
    name_sponsors(organization, sponsors, by=by, at=at)
    _complete(organization, rows, sponsors)
    if draft:
        Draft.objects.filter(pk=draft.pk).update(created=organization, saved_at=at)
    record(
        connect.activity,
        by=by,
        at=at,
        target=organization,
        organization=organization,
        after=new_organization_snapshot(organization, rows, sponsors),
    )
    return Connected(organization, preview.grants)


def record_refused(
    *, new: NewOrganization, reasons: Iterable[Reason], by: Actor, at: datetime
) -> None:
    """Put on record that somebody tried to connect what cannot be connected as it was typed, which
    was found before the action was tried.
    """
    refusal = Refused(*reasons)
    refusal.activity, refusal.target = connect.activity, _about(new=new)
    record_refusal_alone(refusal, by=by, at=at)


def _complete(organization: Organization, rows: NamesBySource, sponsors: Sponsors) -> None:
    """Write what follows from its domains and sponsors: whose people are its own, and how it is
    found in the list.
    """
    names = [name for names in rows.values() for name in names]
    settle_guests(names)
    people = [(person.name, person.email) for chosen in sponsors.values() for person in chosen]
    text = search_text(organization.name_key, names, people)
    SearchEntry.objects.create(organization=organization, text=text)


def _locked_draft(key: UUID | None, by: Actor) -> Draft | None:
    """The draft that the answers come from, None when they come from none that was kept.

    Refused when it is somebody else's.
    """
    if key is None:
        return None
    drafts = Draft.objects.select_for_update(of=["self"])
    draft = drafts.filter(uuid=known_id(key, field="draft")).first()
    if draft and draft.author_id != by.person_id:
        raise refuse("draft_not_yours", "Someone else started this draft. Start your own")
    return draft


def _require_well_formed(new: NewOrganization) -> None:
    rules.known_state(new.state)
    known_ids(new.internal_sponsors, field="internal_sponsors")
    known_ids(new.external_sponsors, field="external_sponsors")
    rules.require_sources(new.sources)


def _require_free_name(other: Ref | None) -> None:
    """Raise Refused when there is another organization that is called alike."""
    if other:
        raise Refused(rules.name_taken(other.label, other))


def _create(
    name: str,
    description: str,
    new: NewOrganization,
    sponsors: Sponsors,
    by: Actor,
    at: datetime,
) -> Organization:
    kinds = [rules.DIRECTORY if source.directory_id else rules.DOMAIN for source in new.sources]
    return Organization.objects.create(
        name=name,
        name_key=name_key(name),
        description=description,
        state=rules.state_for(by, new.state),
        sign_in=sign_in_by(kinds),
        sponsored_by=rules.sponsored_by(kind for kind, people in sponsors.items() if people),
        created_at=at,
        created_by=by.label,
        changed_at=at,
        changed_by=by.label,
    )


def _name_taken(*, organization: Organization, name: str, **_: object) -> Refused | None:
    try:
        _require_free_name(called_alike(name, besides=organization.pk))
    except Refused as refusal:
        return refusal
    return None


@action("Update connected organization", needs="change_organization", lost_race=_name_taken)
def change_basics(
    *,
    organization: Organization,
    name: str,
    description: str,
    state: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    seen: str | None = None,
) -> Organization:
    """Give the organization another name, description or state.

    `version` is what the editor started from, `seen` the fingerprint of the change of access that
    was shown.
    """
    lock_claims()  # which orders all who take a name too
    row = lock_organization(organization, version)
    before = basics_snapshot(row)
    name = clean_name(name)
    _require_free_name(called_alike(name, besides=row.pk))
    impact = impact_of(changing_state(row, rules.known_state(state)), at)
    require_confirmation(impact, seen, by=by)
    row.name, row.name_key, row.description, row.state = (
        name,
        name_key(name),
        clean_description(description),
        rules.known_state(state),
    )
    if basics_snapshot(row) == before:
        return row
    touch(row, by, at)
    refresh_search_entry(row)
    record(
        change_basics.activity,
        by=by,
        at=at,
        target=row,
        organization=row,
        before=before,
        after=basics_snapshot(row),
    )
    return row

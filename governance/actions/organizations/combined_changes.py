"""Changing several parts of a connected organization in one go, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from ...impact import impact_of
from ...impact.organizations import changing_sources, changing_state
from ...impact.people import changing_sponsors
from ...models import Organization
from ...rules.organizations import NewSource, known_state
from ...rules.people import known_sponsor_kind
from ...rules.roles import Actor
from ...rules.values import known_ids
from ..action import action
from ..confirmation import confirmed_as_a_whole, require_confirmation
from ..locks import lock_claims, lock_organization
from .basics import change_basics
from .sources import acceptable_changes, change_sources
from .sponsors import change_sponsors


@action("Update connected organization", needs="change_organization")
def change_organization(
    *,
    organization: Organization,
    name: str,
    description: str,
    state: str,
    sources: tuple[NewSource, ...] | None,
    sponsors: Mapping[str, Iterable[UUID]],
    by: Actor,
    at: datetime,
    version: int | None = None,
    seen: str | None = None,
) -> Organization:
    """Name, description, state; sources, None as they are; sponsors by kind.

    Each part leaves the event that it leaves alone.
    """
    lock_claims()
    row = lock_organization(organization, version)
    change = changing_state(row, known_state(state))
    if sources is not None:
        change += changing_sources(acceptable_changes(row, sources, by=by))
    for kind, people in sponsors.items():
        field = f"{known_sponsor_kind(kind)}_sponsors"
        change += changing_sponsors(row, kind, known_ids(people, field=field))
    require_confirmation(impact_of(change, at), seen, by=by)
    with confirmed_as_a_whole():
        change_basics(
            organization=row, name=name, description=description, state=state, by=by, at=at
        )
        if sources is not None:
            change_sources(organization=row, sources=sources, by=by, at=at)
        for kind, people in sponsors.items():
            change_sponsors(organization=row, kind=kind, people=people, by=by, at=at)
    return row

"""Changing several parts of a connected organization in one go, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from ..models import Organization
from ..rules.organizations import NewSource
from ..rules.roles import Actor
from .locks import lock_claims, lock_organization
from .organizations import change_basics
from .sources import change_sources
from .sponsors import change_sponsors
from .verb import verb


@verb("Update connected organization", needs="change_organization")
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
    """Name, description, state; sources, None as they are; sponsors by kind. Each part leaves the event that it leaves alone."""
    lock_claims()
    row = lock_organization(organization, version)
    change_basics(organization=row, name=name, description=description, state=state, by=by, at=at)
    if sources is not None:
        change_sources(organization=row, sources=sources, by=by, at=at, seen=seen)
    for kind, people in sponsors.items():
        change_sponsors(organization=row, kind=kind, people=people, by=by, at=at)
    return row

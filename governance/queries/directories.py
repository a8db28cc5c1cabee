"""The embedded directory look-up: answers from the table of known directories."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from ..connectors.directory_look_up import FoundDirectory
from ..models import KnownDirectory


def look_up(name: str) -> FoundDirectory | None:
    """The directory that owns the whole canonical `name`: as its initial domain or one of its verified domains."""
    owners = KnownDirectory.objects.filter(Q(initial_domain=name) | Q(verified_domains__name=name))
    directory = owners.prefetch_related("verified_domains").first()
    return _found(directory) if directory else None


def directories_by_id(ids: Iterable[UUID]) -> tuple[FoundDirectory, ...]:
    """What is told now of the directories that are known by these ids."""
    known = (
        KnownDirectory.objects.filter(directory_id__in=set(ids))
        .prefetch_related("verified_domains")
        .order_by("name", "pk")
    )
    return tuple(_found(directory) for directory in known)


def _found(directory: KnownDirectory) -> FoundDirectory:
    verified = tuple(sorted(domain.name for domain in directory.verified_domains.all()))
    return FoundDirectory(
        directory.directory_id, directory.name, directory.initial_domain, verified
    )

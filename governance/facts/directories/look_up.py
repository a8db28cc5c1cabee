"""The embedded directory look-up: answers from the table of known directories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ...connectors.directory_look_up import FoundDirectory
from ...models import KnownDirectory
from ...rules import email_domains


@dataclass(frozen=True, slots=True)
class OwnerAbove:
    """A known directory that owns `domain`, which lies above the domain that was looked up."""

    directory: FoundDirectory
    domain: str


def look_up(name: str) -> FoundDirectory | None:
    """Return the known directory that owns the canonical `name`, as its initial domain or as a
    verified domain.
    """
    return look_up_with_parents(name)[0]


def look_up_with_parents(name: str) -> tuple[FoundDirectory | None, OwnerAbove | None]:
    """Return the known directory that owns the name; where there is none, the one that owns the
    nearest domain above it.
    """
    names = email_domains.parents(name)
    owners = KnownDirectory.objects.filter(
        Q(initial_domain__in=names) | Q(verified_domains__name__in=names)
    ).distinct()
    directories = [_found(row) for row in owners.prefetch_related("verified_domains")]
    owner_of = {
        owned: directory
        for directory in directories
        for owned in (directory.initial_domain, *directory.verified_domains)
    }
    nearest = next((each for each in names if each in owner_of), None)
    if nearest == name:
        return owner_of[name], None
    return None, OwnerAbove(owner_of[nearest], nearest) if nearest else None


def directories_by_id(ids: Iterable[UUID]) -> tuple[FoundDirectory, ...]:
    """Return what the look-up says now about the directories with these ids."""
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

"""The embedded directory look-up: answers from the table of known directories."""

from __future__ import annotations

from django.db.models import Q

from ..connectors.directory_look_up import FoundDirectory
from ..models import KnownDirectory


def look_up(name: str) -> FoundDirectory | None:
    """The directory that owns the whole canonical `name`: as its initial domain or one of its verified domains."""
    owners = KnownDirectory.objects.filter(Q(initial_domain=name) | Q(verified_domains__name=name))
    directory = owners.prefetch_related("verified_domains").first()
    return _found(directory) if directory else None


def _found(directory: KnownDirectory) -> FoundDirectory:
    verified = tuple(sorted(domain.name for domain in directory.verified_domains.all()))
    return FoundDirectory(directory.directory_id, directory.name, directory.initial_domain, verified)

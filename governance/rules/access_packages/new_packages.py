"""An access package as the wizard puts it together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from ..fingerprints import fingerprint
from ..values import known_ids
from .terms import NewPolicy


@dataclass(frozen=True, slots=True)
class NewPackage:
    """What is to be created: its resources and catalog by their public ids; None is General.

    `draft` is the draft it comes from, `seen` the fingerprint of the Review that was shown.
    """

    name: str
    description: str = ""
    is_listed: bool = True
    is_open: bool = True
    catalog: UUID | None = None
    groups: tuple[UUID, ...] = ()
    webhooks: tuple[UUID, ...] = ()
    policy: NewPolicy | None = None
    draft: UUID | None = None
    seen: str | None = None


def known_resources(new: NewPackage) -> None:
    """Raise Refused unless the groups and webhooks are lists of public ids."""
    known_ids(new.groups, field="groups")
    known_ids(new.webhooks, field="webhooks")


def answers_fingerprint(new: NewPackage) -> str:
    """Return the fingerprint of what Review showed: Create makes exactly that."""
    return fingerprint(repr(replace(new, seen=None)))

"""What a connected directory tells otherwise by now than when it was copied (product rule 9).

Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...connectors.directory_look_up import FoundDirectory
from ...models import Claim
from ...rules.domains import guards
from ...rules.organizations import NewSource
from .look_up import directories_by_id


@dataclass(frozen=True, slots=True)
class Difference:
    """`came` are names that it has since and that can be claimed, `went` those that it no longer
    has.

    The others are empty where nothing differs.
    """

    source: NewSource
    present: NewSource
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.present.label if self.present.label != self.source.label else ""

    @property
    def initial_domain(self) -> str:
        return (
            self.present.initial_domain
            if self.present.initial_domain != self.source.initial_domain
            else ""
        )

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.initial_domain or self.came or self.went)


def differences(sources: Iterable[NewSource]) -> tuple[Difference, ...]:
    """Of each directory among an organization's sources that the look-up still knows.

    Three statements, one without directories.
    """
    connected = {source.directory_id: source for source in sources if source.directory_id}
    present = {
        found.directory_id: _as_told(connected[found.directory_id], found)
        for found in directories_by_id(connected)
    }
    claimed = set(
        Claim.objects.present()
        .filter(name__in={name for each in present.values() for name in each.names})
        .values_list("name", flat=True)
    )
    compared = (_difference(connected[key], each, claimed) for key, each in present.items())
    return tuple(difference for difference in compared if not difference.is_empty)


def _as_told(source: NewSource, found: FoundDirectory) -> NewSource:
    return replace(
        source,
        directory_name=found.name,
        initial_domain=found.initial_domain,
        verified_domains=found.verified_domains,
    )


def _difference(source: NewSource, present: NewSource, claimed: set[str]) -> Difference:
    came = tuple(
        name
        for name in present.names
        if name not in source.names and name not in claimed and _can_come(name)
    )
    return Difference(
        source, present, came, tuple(name for name in source.names if name not in present.names)
    )


def _can_come(name: str) -> bool:
    """Whether accepting the directory as it is now can claim the name (rules 11 and 12)."""
    return not guards.is_public_mail(name) and not guards.claim_refusal(name, ())

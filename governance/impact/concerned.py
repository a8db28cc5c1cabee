"""Whom a change can concern, as `population_of` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ..rules.email_domains import Address, canonical_email
from .world import World


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who is known here. `is_mailbox_blocked`: any account of the mailbox is blocked."""

    id: int
    name: str
    name_key: str
    address: Address
    kind: str
    state: str
    is_mailbox_blocked: bool

    @property
    def label(self) -> str:
        """The name, or the address of somebody without one."""
        return self.name or self.address.text


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A sponsorship: of which kind, of which organization, by whom."""

    kind: str
    organization: str
    organization_name: str
    is_deleted: bool
    person: Someone


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A saved test: the question ("" for any package) and the answer that is expected."""

    id: int
    name: str
    address: Address
    package: str
    expects_allowed: bool


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody and everything that a change can concern, and the world around them as it is.

    `test_people` have an address that a saved test asks about. `populated` are the public keys of
    policies that name an organization that is here and that the change leaves alone. `is_partial`:
    there are more people or domains.
    """

    world: World
    people: tuple[Someone, ...]
    domains: tuple[str, ...]
    sponsors: tuple[Sponsor, ...]
    invited: tuple[Someone, ...]
    tests: tuple[SavedQuestion, ...]
    test_people: tuple[Someone, ...]
    populated: frozenset[str]
    is_partial: bool


def people_of(*lists: list) -> tuple[Someone, ...]:
    """Return everybody once, by name."""
    by_id = {row[0]: _someone(*row) for rows in lists for row in rows}
    return tuple(sorted(by_id.values(), key=lambda each: (each.name_key, each.id)))


def _someone(key, name, name_key, email, kind, state, _mailbox, is_mailbox_blocked) -> Someone:
    address = canonical_email(email)
    return Someone(key, name, name_key, address, kind, state, bool(is_mailbox_blocked))


def sponsors_of(rows: list) -> Iterable[Sponsor]:
    """Yield the sponsorships, in the order in which they were written."""
    for _key, kind, organization, name, deleted_at, *person in sorted(rows, key=lambda row: row[0]):
        yield Sponsor(kind, str(UUID(organization)), name, bool(deleted_at), _someone(*person))


def saved_question(key: int, name: str, email: str, package: str | None, expects) -> SavedQuestion:
    """Return a saved test out of its row."""
    return SavedQuestion(
        key, name, canonical_email(email), str(UUID(package)) if package else "", bool(expects)
    )

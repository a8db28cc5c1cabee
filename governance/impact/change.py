"""A change as data: what the rows would be, and whom it can concern."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from ..rules.access_packages.policies import PackageFact, PolicyFact
from ..rules.claims import ClaimFact
from ..rules.domain_list import ListRuleFact
from ..rules.vouching import VoucherFact
from .world import World


@dataclass(frozen=True, slots=True)
class OrganizationAs:
    """An organization, by its public key, as it would be."""

    key: str
    state: str
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Rows as they would be in place of those that are; empty parts change nothing.

    The first part says what changes: `claims` are on their domains afterwards, `released` domains
    have none; `rules_removed` and `policies_removed` are public keys; `policies` and
    `packages_open` are by the public key of the access package; `people` are states by primary key;
    `sponsors_removed` are pairs of an organization's public key and a person's primary key;
    `packages_added` are not stored yet; `tests_removed` are primary keys; `policies_emptied` are
    names of policies that name no organization afterwards; `access_ended` and
    `requests_withdrawn` are addresses with the package; `requests_kept` is how many open requests
    keep terms that change for new ones; `vouchers` are in force afterwards, `vouchers_removed` are
    mailboxes that have none.

    The second part says whom to ask about, beyond those whose rows change: everyone at or beneath
    `domains`, or `everyone`; our `members`; whoever is `elsewhere`, at a domain that nobody claims.
    `packages` are the public keys of the packages that it is about, none for all of them.
    """

    claims: tuple[ClaimFact, ...] = ()
    released: frozenset[str] = frozenset()
    organizations: tuple[OrganizationAs, ...] = ()
    organizations_removed: frozenset[str] = frozenset()
    rules_added: tuple[ListRuleFact, ...] = ()
    rules_removed: frozenset[str] = frozenset()
    list_default: tuple[str, ...] = ()
    own_added: frozenset[str] = frozenset()
    own_removed: frozenset[str] = frozenset()
    policies: tuple[tuple[str, PolicyFact], ...] = ()
    policies_removed: frozenset[str] = frozenset()
    policies_emptied: tuple[str, ...] = ()
    packages_open: tuple[tuple[str, bool], ...] = ()
    packages_removed: frozenset[str] = frozenset()
    packages_added: tuple[PackageFact, ...] = ()
    people: tuple[tuple[int, str], ...] = ()
    sponsors_removed: frozenset[tuple[str, int]] = frozenset()
    tests_removed: frozenset[int] = frozenset()
    requests_kept: int = 0
    access_ended: tuple[str, ...] = ()
    requests_withdrawn: tuple[str, ...] = ()
    vouchers: tuple[VoucherFact, ...] = ()
    vouchers_removed: frozenset[str] = frozenset()

    domains: frozenset[str] = frozenset()
    everyone: bool = False
    members: bool = False
    elsewhere: bool = False
    packages: frozenset[str] = frozenset()

    def __add__(self, other: Change) -> Change:
        """Return both changes in one."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        merged: dict[str, Any] = {
            name: part or getattr(other, name)
            if isinstance(part, bool)
            else part | getattr(other, name)
            if isinstance(part, frozenset)
            else part + getattr(other, name)
            for name, part in parts.items()
        }
        about_all = not self.packages or not other.packages
        merged["packages"] = frozenset() if about_all else merged["packages"]
        return Change(**merged)

    @property
    def organization_keys(self) -> frozenset[str]:
        """The public keys of the organizations whose state it changes."""
        return frozenset(organization.key for organization in self.organizations)

    @property
    def mailboxes(self) -> frozenset[str]:
        """The mailboxes whose voucher it changes."""
        return self.vouchers_removed | {voucher.mailbox for voucher in self.vouchers}

    @property
    def touches_belonging(self) -> bool:
        """Whether it can change where people belong or what the list says of them, not only what a
        package is offered for: sponsors and invitations depend on the first alone.
        """
        return bool(
            self.claims
            or self.released
            or self.organizations
            or self.rules_added
            or self.rules_removed
            or self.list_default
            or self.own_added
            or self.own_removed
        )

    def applied_to(self, world: World) -> World:
        """Return the world as it would be."""
        return replace(
            world,
            claims=self._claims(world),
            vouchers=self._vouchers(world),
            rules=tuple(r for r in world.rules if r.key not in self.rules_removed)
            + self.rules_added,
            list_default=self.list_default[-1] if self.list_default else world.list_default,
            own_domains=world.own_domains - self.own_removed | self.own_added,
            packages=tuple(
                self._package(package)
                for package in (*world.packages, *self.packages_added)
                if package.id not in self.packages_removed
            ),
        )

    def _claims(self, world: World) -> tuple[ClaimFact, ...]:
        taken = self.released | {claim.name for claim in self.claims}
        claims = (*(claim for claim in world.claims if claim.name not in taken), *self.claims)
        by_key = {organization.key: organization for organization in self.organizations}
        return tuple(_claim_as(claim, by_key.get(claim.organization_id)) for claim in claims)

    def _vouchers(self, world: World) -> tuple[VoucherFact, ...]:
        kept = (each for each in world.vouchers if each.mailbox not in self.mailboxes)
        by_key = {organization.key: organization for organization in self.organizations}
        return tuple(
            _voucher_as(each, by_key.get(each.organization_id)) for each in (*kept, *self.vouchers)
        )

    def _package(self, package: PackageFact) -> PackageFact:
        wanted = [policy for key, policy in self.policies if key == package.id]
        gone = self.policies_removed | {policy.id for policy in wanted}
        kept = tuple(policy for policy in package.policies if policy.id not in gone)
        is_open = dict(self.packages_open).get(package.id, package.is_open)
        return replace(package, is_open=is_open, policies=(*kept, *wanted))


def _claim_as(claim: ClaimFact, organization: OrganizationAs | None) -> ClaimFact:
    if organization is None:
        return claim
    return replace(
        claim,
        organization_state=organization.state,
        organization_deleted=organization.is_deleted,
    )


def _voucher_as(voucher: VoucherFact, organization: OrganizationAs | None) -> VoucherFact:
    if organization is None:
        return voucher
    return replace(
        voucher,
        organization_state=organization.state,
        organization_deleted=organization.is_deleted,
    )

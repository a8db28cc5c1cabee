"""What the decision rests on, gathered before it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from .. import domain_list as list_rules
from ..access_packages.policies import PackageFact, PolicyFact, deciding_policy
from ..claims import ClaimFact, membership
from ..decision import Reason
from ..domain_list import ALLOW, ListRuleFact
from ..domains import guards
from ..email_domains import Address
from ..vouching import VoucherFact


@dataclass(frozen=True, slots=True)
class PersonFact:
    """What the portal knows of the mailbox.

    `is_blocked` holds when any account of the mailbox is blocked.
    """

    kind: str | None = None
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class ExistingAccess:
    """An assignment in force: its public id, and when it ends (None: never)."""

    id: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that can still lead to access: its public id, and when it was submitted."""

    id: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PackageHistory:
    """What one mailbox has of one access package, has requested, and was last denied."""

    access: ExistingAccess | None = None
    request: OpenRequest | None = None
    last_denied_at: datetime | None = None


NO_HISTORY = PackageHistory()


@dataclass(frozen=True)
class Facts:
    """Everything the decision rests on.

    `claims` and `list_rules` are all on the domain or a name above it, in any order. `history` is
    what the mailbox has and has requested, by the public id of the access package.
    """

    address: Address | None
    at: datetime
    malformed: Reason | None = None
    own_names: frozenset[str] = frozenset()
    person: PersonFact = field(default_factory=PersonFact)
    claims: tuple[ClaimFact, ...] = ()
    list_rules: tuple[ListRuleFact, ...] = ()
    list_default: str = ALLOW
    package_asked: bool = False
    package: PackageFact | None = None
    package_typed: str = ""
    signed_in_by: str | None = None  # "directory" or "code"; None: nothing was proved
    voucher: VoucherFact | None = None  # in force, for the mailbox
    history: Mapping[str, PackageHistory] = field(default_factory=dict)
    imitates: str | None = None  # a name known here that the domain looks like; it decides nothing

    def about(self, package: PackageFact) -> Facts:
        """Return the same facts, asked about an access package."""
        return replace(self, package_asked=True, package=package)

    def without_own(self, *, access: bool = False, request: bool = False) -> Facts:
        """Return the same facts without the access that the mailbox has, without the requests that
        it has open, or without both: for somebody's own request, asked about again (product
        rule 30).
        """
        left_out: dict[str, None] = {"access": None} if access else {}
        left_out |= {"request": None} if request else {}
        history = {key: replace(each, **left_out) for key, each in self.history.items()}
        return replace(self, history=history)

    @property
    def past(self) -> PackageHistory:
        """What the mailbox has of the package that is asked about, has requested, and was
        denied.
        """
        return self.history.get(self.package.id, NO_HISTORY) if self.package else NO_HISTORY

    @property
    def is_member(self) -> bool:
        return self.person.kind == "member"

    @property
    def is_outside(self) -> bool:
        """The list, the own names and the organizations are about outside people only."""
        return self.address is not None and not self.is_member

    @property
    def known_address(self) -> Address:
        """The address, for the steps that come after it was found to be one."""
        assert self.address is not None
        return self.address

    @property
    def known_package(self) -> PackageFact:
        """The package, for the steps that ask about one that was found."""
        assert self.package is not None
        return self.package

    @property
    def domain(self) -> str:
        return self.known_address.domain

    @cached_property
    def own_name(self) -> str | None:
        return guards.own_name_above(self.domain, self.own_names) if self.is_outside else None

    @cached_property
    def claim(self) -> ClaimFact | None:
        """What decides where the person belongs: a voucher before any claim (product rule 47)."""
        return self.known_voucher.claim(self.domain) if self.is_vouched else self.claim_of_domain

    @cached_property
    def claim_of_domain(self) -> ClaimFact | None:
        """The claim that decides where the domain belongs (product rule 13)."""
        is_theirs = self.is_outside and not self.own_name
        return membership(self.domain, self.claims) if is_theirs else None

    @property
    def is_vouched(self) -> bool:
        """Whether a voucher decides where the person belongs; none beats one of our own domains."""
        return self.voucher is not None and self.is_outside and not self.own_name

    @property
    def known_voucher(self) -> VoucherFact:
        """The voucher, for the steps that are about one that decides."""
        assert self.voucher is not None
        return self.voucher

    @cached_property
    def list_rule(self) -> ListRuleFact | None:
        return (
            list_rules.deciding_rule(self.list_rules, self.domain, self.at)
            if self.is_outside
            else None
        )

    @cached_property
    def policy(self) -> PolicyFact | None:
        """The policy that decides.

        Without a whole address, or for one of our own names, there is none to look for.
        """
        if self.package is None or self.address is None or self.own_name:
            return None
        return deciding_policy(self.package, self.claim, is_member=self.is_member)

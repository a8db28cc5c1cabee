"""All that decides about some domains, as values: the decision can be asked about it again and
again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from ..rules.access_packages.policies import PackageFact
from ..rules.claims import ClaimFact, ClaimsByName
from ..rules.domain_list import ListRuleFact, RulesByName, deciding_rule, is_blocked
from ..rules.domains import guards
from ..rules.eligibility import Facts, PersonFact, decide
from ..rules.email_domains import Address, canonical_email
from ..rules.vouching import VoucherFact

# The steps of the decision that bind an invitation too (product rule 30).
BINDING = frozenset({"address_malformed", "own_name", "person_blocked", "domain_blocked"})
ELSEWHERE = canonical_email("somebody@domain-that-nobody-claims.example")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the decision answers about somebody: where they belong, what they can request by public
    key of the package and whether that needs approval, and whether the list or a block stops
    them.
    """

    organization: ClaimFact | None
    packages: Mapping[str, bool]
    is_stopped: bool


@dataclass(frozen=True)
class World:
    """Claims, rules and own domains on some domains and above them, the default, vouchers in force,
    and access packages.
    """

    at: datetime
    claims: tuple[ClaimFact, ...] = ()
    rules: tuple[ListRuleFact, ...] = ()
    list_default: str = ""
    own_domains: frozenset[str] = frozenset()
    packages: tuple[PackageFact, ...] = ()
    vouchers: tuple[VoucherFact, ...] = ()
    _by_kind: dict = field(default_factory=dict, compare=False, repr=False, init=False)

    def facts(self, address: Address, person: PersonFact) -> Facts:
        """Return what the decision rests on for one address."""
        return Facts(
            address,
            self.at,
            own_names=self.own_domains,
            person=person,
            claims=self._claims_by_name.above(address.domain),
            list_rules=self._rules_by_name.above(address.domain),
            list_default=self.list_default,
            signed_in_by="directory",
            voucher=self._vouchers.get(address.mailbox),
        )

    def elsewhere(self) -> Outcome:
        """Return what anyone can request whose domain nobody claims and no rule mentions."""
        return self._asked(Facts(ELSEWHERE, self.at, list_default=self.list_default))

    def member(self) -> Outcome:
        """Return what a member of our own directory can request."""
        return self.outcome(ELSEWHERE, PersonFact("member"))

    def outcome(self, address: Address, person: PersonFact) -> Outcome:
        """Return the answer about one address.

        The decision is asked once for each kind of address.
        """
        voucher = None if self._is_own(address.domain) else self._vouchers.get(address.mailbox)
        claim = voucher.claim(address.domain) if voucher else self.membership(address.domain)
        kind = (*self._kind(address, person, claim), voucher and self._kind_of(voucher, address))
        if kind not in self._by_kind:
            self._by_kind[kind] = self._asked(self.facts(address, person))
        known = self._by_kind[kind]
        return Outcome(None if person.kind == "member" else claim, known.packages, known.is_stopped)

    def is_listed_blocked(self, domain: str) -> bool:
        """Return whether the allow and deny list blocks the domain."""
        return is_blocked(self._rules_by_name.above(domain), self.list_default, domain, self.at)

    def membership(self, domain: str) -> ClaimFact | None:
        """Return the claim that decides where addresses at the domain belong (product rule 13)."""
        return None if self._is_own(domain) else self._membership(domain)

    def _asked(self, facts: Facts) -> Outcome:
        answers = {package.id: decide(facts.about(package)) for package in self.packages}
        allowed = {key: answer.approval_needed for key, answer in answers.items() if answer.allowed}
        stops = {step.code for step in decide(facts).reasons if not step.passed}
        return Outcome(facts.claim, MappingProxyType(allowed), bool(stops & BINDING))

    def _kind(self, address: Address, person: PersonFact, claim: ClaimFact | None) -> tuple:
        """Return what the decision can tell apart about an address."""
        belongs = claim and (
            claim.organization_state,
            claim.organization_deleted,
            claim.in_doubt,
            self._named.get(claim.organization_id, frozenset()),
        )
        return (
            person,
            self._is_own(address.domain),
            belongs,
            self.is_listed_blocked(address.domain),
            guards.is_public_mail(address.domain),
            guards.is_shared_mailbox(address.local),
        )

    def _kind_of(self, voucher: VoucherFact, address: Address) -> tuple[bool, bool]:
        rules = self._rules_by_name.above(address.domain)
        has_rule = deciding_rule(rules, address.domain, self.at) is not None
        return voucher.passes_default_block, has_rule

    def _membership(self, domain: str) -> ClaimFact | None:
        return self._claims_by_name.membership(domain)

    def _is_own(self, domain: str) -> bool:
        return guards.own_name_above(domain, self.own_domains) is not None

    @cached_property
    def _claims_by_name(self) -> ClaimsByName:
        return ClaimsByName(self.claims)

    @cached_property
    def _rules_by_name(self) -> RulesByName:
        return RulesByName(self.rules)

    @cached_property
    def _vouchers(self) -> dict[str, VoucherFact]:
        return {voucher.mailbox: voucher for voucher in self.vouchers}

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        """The policies that name an organization, by its public key."""
        named: dict[str, set[str]] = defaultdict(set)
        for package in self.packages:
            for policy in package.policies:
                for key in policy.organization_ids:
                    named[key].add(policy.id)
        return {key: frozenset(policies) for key, policies in named.items()}

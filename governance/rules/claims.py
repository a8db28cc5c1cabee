"""Where a domain belongs: of the claims that cover it, the one with most labels decides (product
rules 10 and 13).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import email_domains
from .domains import guards

CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """A name that a source of an organization claims. `organization_id` is the public key."""

    name: str
    covers_subdomains: bool
    source_id: int
    source_kind: str
    source_label: str
    organization_id: str
    organization_name: str
    organization_state: str
    organization_deleted: bool = False
    in_doubt: bool = False
    demands_directory: bool = False

    @property
    def is_configured(self) -> bool:
        return self.organization_state == CONFIGURED

    def covers(self, domain: str) -> bool:
        return guards.covers(self.name, self.covers_subdomains, domain)


def membership(domain: str, claims: Iterable[ClaimFact]) -> ClaimFact | None:
    """The claim that decides where addresses at `domain` belong.

    State, list, sign-in and policy play no part in it.
    """
    return _longest(claim for claim in claims if claim.covers(domain))


class ClaimsByName:
    """Very many claims, of which those that cover a domain are found by the names above it."""

    def __init__(self, claims: Iterable[ClaimFact]):
        self._by_name = {claim.name: claim for claim in claims}

    def above(self, domain: str) -> tuple[ClaimFact, ...]:
        """The claims on the domain and on names above it, whether they cover it or not."""
        return tuple(
            self._by_name[parent]
            for parent in email_domains.parents(domain)
            if parent in self._by_name
        )

    def membership(self, domain: str) -> ClaimFact | None:
        return membership(domain, self.above(domain))


def shadowed(domain: str, claims: Iterable[ClaimFact]) -> ClaimFact | None:
    """The claim of another organization that covers `domain` too and gives way to the one that
    decides.
    """
    claims = tuple(claims)
    deciding = membership(domain, claims)
    return membership(
        domain,
        (
            claim
            for claim in claims
            if deciding and claim.organization_id != deciding.organization_id
        ),
    )


def narrow_claim_above(domain: str, claims: Iterable[ClaimFact]) -> ClaimFact | None:
    """The claim that would cover `domain` if its subdomains were included, of an organization that
    is still here.
    """
    narrow = (
        claim for claim in claims if not claim.organization_deleted and not claim.covers(domain)
    )
    return _longest(claim for claim in narrow if guards.covers(claim.name, True, domain))


def _longest(claims: Iterable[ClaimFact]) -> ClaimFact | None:
    return max(claims, key=lambda claim: email_domains.label_count(claim.name), default=None)

"""The organization that a request belongs to from its submission on (product rules 17 and 31)."""

from __future__ import annotations

from datetime import datetime

from ...models import Organization
from ...rules.claims import ClaimFact
from ...rules.email_domains import Address
from ...rules.roles import Actor
from ..organizations.proposing import propose_for


def organization_for(
    address: Address, claim: ClaimFact | None, *, by: Actor, at: datetime
) -> Organization | None:
    """Return the organization whose claim covers the address; None where none does."""
    return Organization.objects.get(uuid=claim.organization_id) if claim else None


def organization_for_outsider(
    address: Address, claim: ClaimFact | None, *, by: Actor, at: datetime
) -> Organization | None:
    """Return the same, proposed now where no claim covers the address: what a policy for any
    outside person lets a request do. Called under the lock of claims.
    """
    return organization_for(address, claim, by=by, at=at) or propose_for(address, by=by, at=at)

"""The organization that a request belongs to from its submission on (product rules 17 and 31)."""

from __future__ import annotations

from datetime import datetime

from ...models import Organization
from ...rules.claims import ClaimFact
from ...rules.email_domains import Address
from ...rules.roles import Actor


def organization_for(
    address: Address, claim: ClaimFact | None, *, by: Actor, at: datetime
) -> Organization | None:
    """Return the organization whose claim covers the address; None where none does."""
    return Organization.objects.get(uuid=claim.organization_id) if claim else None

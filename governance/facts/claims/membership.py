"""To which organization people belong (product rule 13), and whom a change of claims would move."""

from __future__ import annotations

from collections.abc import Iterable

from ...db.key_ranges import at_or_beneath
from ...models import Person
from ...rules.domains import guards
from ...rules.eligibility import ClaimFact, membership
from .covering import candidates_and_ours


def claim_covering(domain: str, *, besides: tuple[ClaimFact, ...] = ()) -> ClaimFact | None:
    """The claim that decides where addresses at `domain` belong; `besides` are claims as if they
    existed already.
    """
    claims, ours = candidates_and_ours([domain])
    return belongs(domain, claims + besides, ours)


def belongs(domain: str, claims: Iterable[ClaimFact], ours: frozenset[str]) -> ClaimFact | None:
    """The same over claims and own names that were read: no claim covers a name of our own (product
    rule 5).
    """
    return None if guards.own_name_above(domain, ours) else membership(domain, claims)


def guests_at_or_beneath(names: Iterable[str]):
    """Guests whose address lies at one of the names or beneath it: all whom a change of these
    claims can move.
    """
    return at_or_beneath(Person.objects.guests(), names, key="domain_key")


def organization_by_domain(domains: Iterable[str]) -> dict[str, str | None]:
    """Public key of the organization by domain, None where no claim covers it.

    One statement for all.
    """
    domains = tuple(dict.fromkeys(domains))
    claims, ours = candidates_and_ours(domains)
    covering = {domain: belongs(domain, claims, ours) for domain in domains}
    return {domain: claim.organization_id if claim else None for domain, claim in covering.items()}

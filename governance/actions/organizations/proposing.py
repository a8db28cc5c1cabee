"""The proposed organization that a request creates, for somebody whose domain is not connected
(product rule 17).
"""

from __future__ import annotations

from datetime import datetime

from ...db.key_ranges import at_or_beneath
from ...facts.claims.covering import name_facts
from ...facts.claims.membership import claim_covering
from ...facts.organizations.new_organizations import called_alike
from ...facts.snapshots import new_organization_snapshot, sources_snapshot
from ...models import Claim, Organization, SearchEntry
from ...rules.domains import guards
from ...rules.email_domains import Address
from ...rules.names import name_key
from ...rules.organizations import PROPOSED, NameFacts, NewSource
from ...rules.roles import SYSTEM, Actor
from ..audit import record
from .basics import change_basics, connect
from .membership import settle_guests
from .search_entries import refresh_search_entry, search_text
from .sources import add_sources, touch

_NAME_LIMIT = 190  # leaves room for a number


def propose_for(address: Address, *, by: Actor, at: datetime) -> Organization | None:
    """Return the organization that the address belongs to, proposed now if there is none.

    A new one claims the exact domain, without subdomains. Where a request has already proposed an
    organization under the same registrable domain, the domain joins that. None for public mail, for
    your own domains, and for what nobody can claim. Called inside an action, which took the lock of
    claims before any row.
    """
    domain = address.domain
    if claim := claim_covering(domain):
        return Organization.objects.present().filter(uuid=claim.organization_id).first()
    facts = name_facts([domain])
    if guards.is_public_mail(domain) or guards.claim_refusal(domain, facts[domain].own_names):
        return None
    if organization := _proposed_nearby(domain):
        return _join(organization, domain, facts, by, at)
    return _propose(address, facts, by, at)


def _proposed_nearby(domain: str) -> Organization | None:
    """Return the organization that a request proposed under the same registrable domain."""
    registrable = guards.registrable_domain(domain)
    if registrable is None:
        return None
    near = at_or_beneath(Claim.objects.present(), [registrable], key="key")
    proposed = Organization.objects.select_for_update().filter(
        pk__in=list(near.values_list("organization_id", flat=True)),
        state=Organization.State.PROPOSED,
        origin=Organization.Origin.REQUEST,
        deleted_at__isnull=True,
    )
    return proposed.order_by("pk").first()


def _join(
    organization: Organization,
    domain: str,
    facts: dict[str, NameFacts],
    by: Actor,
    at: datetime,
) -> Organization:
    before = sources_snapshot(organization)
    touch(organization, by, at)
    add_sources(organization, (_source(domain),), by=SYSTEM, at=at, facts=facts)
    settle_guests([domain])
    refresh_search_entry(organization)
    record(
        change_basics.activity,
        by=by,
        at=at,
        target=organization,
        organization=organization,
        before=before,
        after=sources_snapshot(organization),
        reason=f"Somebody at {domain} requested access.",
    )
    return organization


def _propose(
    address: Address, facts: dict[str, NameFacts], by: Actor, at: datetime
) -> Organization:
    name = _free_name(address.domain)
    organization = Organization.objects.create(
        name=name,
        name_key=name_key(name),
        state=PROPOSED,
        origin=Organization.Origin.REQUEST,
        created_at=at,
        created_by=by.label,
        changed_at=at,
        changed_by=by.label,
    )
    rows = add_sources(organization, (_source(address.domain),), by=SYSTEM, at=at, facts=facts)
    settle_guests([address.domain])
    text = search_text(organization.name_key, [address.domain], [])
    SearchEntry.objects.create(organization=organization, text=text)
    record(
        connect.activity,
        by=by,
        at=at,
        target=organization,
        organization=organization,
        after=new_organization_snapshot(organization, rows, {}),
        reason=f"{address.text} requested access.",
    )
    return organization


def _source(domain: str) -> NewSource:
    return NewSource(domain, covers_subdomains=False)


def _free_name(domain: str) -> str:
    """Return the domain as a name, with a number where an organization is called so already."""
    name, number = domain[:_NAME_LIMIT], 2
    while called_alike(name):
        name, number = f"{domain[:_NAME_LIMIT]} ({number})", number + 1
    return name

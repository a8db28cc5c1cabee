"""Changes of connected organizations:
connected, configured, deleted, restored, and their domains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Count, Q

from ..facts.access_requests.ending import ending_at
from ..facts.claims.covering import claims_of
from ..facts.organizations.restorations import Restoration
from ..facts.organizations.source_changes import SourceChanges
from ..models import Organization, PolicyOrganization
from ..rules.claims import ClaimFact
from .change import Change, OrganizationAs


def connecting(claims: Iterable[ClaimFact]) -> Change:
    """Return the change that gives a new organization its domain claims."""
    claims = tuple(claims)
    return Change(claims=claims, domains=frozenset(claim.name for claim in claims))


def changing_state(organization: Organization, state: str) -> Change:
    """Return the change of an organization to configured or proposed (product rule 16)."""
    if organization.state == state:
        return Change()
    return _organization_as(organization, state)


def deleting(organization: Organization, *, ends_access: bool = False) -> Change:
    """Return the change that deletes an organization: its domains stay reserved, its open requests
    are withdrawn, and with `ends_access` its people's access ends (product rule 40).
    """
    change = _organization_as(organization, organization.state, is_deleted=True)
    ending = ending_at(organization)
    return replace(
        change,
        policies_emptied=_policies_naming_only(organization),
        access_ended=ending.access if ends_access else (),
        requests_withdrawn=ending.requests,
    )


def merging(organization: Organization, into: Organization) -> Change:
    """Return the change that gives another organization all domains of one (product rule 42)."""
    claims = tuple(
        replace(
            claim,
            organization_id=str(into.uuid),
            organization_name=into.name,
            organization_state=into.state,
            organization_deleted=False,
        )
        for claim in claims_of(organization)
    )
    return Change(
        claims=claims,
        policies_emptied=_policies_naming_only(organization),
        domains=frozenset(claim.name for claim in claims),
    )


def undoing_merge(claims: Iterable[ClaimFact], merged: Organization) -> Change:
    """Return the change that gives domains back to the organization that had them."""
    returned = tuple(
        replace(
            claim,
            organization_id=str(merged.uuid),
            organization_name=merged.name,
            organization_state=merged.state,
            organization_deleted=False,
        )
        for claim in claims
    )
    return Change(claims=returned, domains=frozenset(claim.name for claim in returned))


def restoring(organization: Organization, back: Restoration) -> Change:
    """Return the change that brings a deleted organization back with what `back` says (rule 41)."""
    claims = claims_of(organization)
    kept = frozenset(back.kept)
    returning = tuple(
        replace(
            claim,
            organization_name=back.name,
            organization_state=back.state,
            organization_deleted=False,
        )
        for claim in claims
        if claim.name in kept
    )
    names = frozenset(claim.name for claim in claims)
    return Change(
        claims=returning,
        released=names - kept,
        organizations=(OrganizationAs(str(organization.uuid), str(back.state)),),
        domains=names,
    )


def releasing(names: Iterable[str]) -> Change:
    """Return the change that releases domains:
    no organization claims or reserves them afterwards.
    """
    names = frozenset(names)
    return Change(released=names, domains=names)


def changing_sources(changes: SourceChanges) -> Change:
    """Return the change of an organization's domain claims (product rule 14)."""
    names = frozenset(changes.names)
    given = frozenset(claim.name for claim in changes.claims)
    return Change(claims=changes.claims, released=names - given, domains=names)


def _organization_as(organization: Organization, state: str, *, is_deleted: bool = False) -> Change:
    return Change(
        organizations=(OrganizationAs(str(organization.uuid), str(state), is_deleted),),
        domains=frozenset(claim.name for claim in claims_of(organization)),
    )


def _policies_naming_only(organization: Organization) -> tuple[str, ...]:
    """Return the policies whose only organization left it is, as "policy of package"."""
    others = Q(policy__named__organization__deleted_at=None) & ~Q(
        policy__named__organization=organization
    )
    named = PolicyOrganization.objects.filter(organization=organization)
    alone = named.annotate(others=Count("policy__named", filter=others)).filter(others=0)
    rows = alone.order_by("policy__package__name_key", "policy__name")
    return tuple(
        f"{policy} ({package})"
        for policy, package in rows.values_list("policy__name", "policy__package__name")
    )

"""Changes of access packages and of their policies (product rules 26 and 29)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ..models import AccessRequest, Claim, Package, Policy, PolicyOrganization
from ..rules.access_packages.lifecycle import only_used
from ..rules.access_packages.policies import (
    ALL_CONFIGURED,
    ANY_OUTSIDE,
    MEMBERS,
    NAMED,
    PackageFact,
    PolicyFact,
)
from ..rules.access_packages.terms import NewPolicy
from .change import Change

NEW = "new"  # stands for the public key of a policy that is not stored yet


def putting_policy(package: Package, row: Policy | None, wanted: NewPolicy) -> Change:
    """Return the change that adds a policy to the package,
    or puts `wanted` in the place of `row`.
    """
    key = str(row.uuid) if row else NEW
    named = frozenset(map(str, wanted.organizations)) if wanted.scope == NAMED else frozenset()
    fact = PolicyFact(
        key,
        wanted.name,
        wanted.scope,
        named,
        wanted.stages,
        wanted.is_open,
        wanted.lifecycle,
        wanted.needs_reason,
    )
    before = _reach(row.scope, _named_by([row])) if row else Change()
    here = frozenset({str(package.uuid)})
    kept = _open_requests(row) if row and _has_other_terms(row, wanted) else 0
    return (
        Change(policies=((str(package.uuid), fact),), packages=here, requests_kept=kept)
        + before
        + _reach(wanted.scope, wanted.organizations)
    )


def _has_other_terms(row: Policy, wanted: NewPolicy) -> bool:
    """Return whether who decides, or how long access lasts, differs for new requests."""
    was = row.terms
    return (was.stages, was.lifecycle) != (wanted.stages, only_used(wanted.lifecycle))


def _open_requests(row: Policy) -> int:
    return AccessRequest.objects.open().filter(policy=row).count()


def adding_package(key: UUID, name: str, is_open: bool, policy: NewPolicy | None) -> Change:
    """Return the change that adds a package with its first policy; `key` stands for it."""
    added = Change(packages_added=(PackageFact(str(key), name, is_open),))
    if policy is None:
        return added
    return added + putting_policy(Package(uuid=key), None, policy)


def removing_policies(rows: Iterable[Policy]) -> Change:
    """Return the change that removes policies, all together: each alone may leave another that
    takes its place.
    """
    rows = tuple(rows)
    change = Change(policies_removed=frozenset(str(row.uuid) for row in rows))
    for row in rows:
        change += _reach(row.scope, _named_by([row]))
    return change


def opening(package: Package, is_open: bool) -> Change:
    """Return the change that opens or closes the package."""
    if package.is_open == is_open:
        return Change()
    change = Change(packages_open=((str(package.uuid), is_open),))
    policies = list(package.policies.all())
    for row in policies:
        change += _reach(row.scope, ())
    return change + _reach(NAMED, _named_by(policies))


def _reach(scope: str, organizations: Iterable[UUID]) -> Change:
    """Return whom to ask about a policy of that scope."""
    if scope == NAMED:
        claims = Claim.objects.present().filter(organization__uuid__in=list(organizations))
        return Change(domains=frozenset(claims.values_list("name", flat=True)))
    if scope == MEMBERS:
        return Change(members=True)
    return Change(everyone=scope in (ALL_CONFIGURED, ANY_OUTSIDE), elsewhere=scope == ANY_OUTSIDE)


def _named_by(policies: Iterable[Policy]) -> list[UUID]:
    named = PolicyOrganization.objects.filter(policy__in=[policy.pk for policy in policies])
    return list(named.values_list("organization__uuid", flat=True))

"""The facts behind the decision, in a fixed number of statements whatever the size of the tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q

from ..models import Package, Person, Policy, PolicyOrganization
from ..rules.decision import Reason, Refused
from ..rules.eligibility import Eligibility, Facts, PackageFact, PersonFact, PolicyFact, decide
from ..rules.email_domains import Address, canonical_email
from ..rules.names import name_key
from .claims import candidates, own_names
from .domain_list import list_default, rules_above


def may_request(email: str, package: str = "", *, at: datetime, signed_in_by: str | None = None) -> Eligibility:
    """May this address ask for this package (by name or public id; "": for anything at all) at that moment, and why."""
    return decide(facts_about(email, package, at=at, signed_in_by=signed_in_by))


def facts_about(email: str, package: str = "", *, at: datetime, signed_in_by: str | None = None) -> Facts:
    address, malformed = _address(email)
    if address is None:
        return Facts(None, at, malformed=malformed, package_asked=bool(package), package=_package(package, ()), package_typed=package)
    claims = candidates([address.domain])
    return Facts(
        address, at, own_names=own_names(), person=_person(address), claims=claims, list_rules=rules_above([address.domain]),
        list_default=list_default(), package_asked=bool(package), package=_package(package, {c.organization_id for c in claims}),
        package_typed=package, signed_in_by=signed_in_by,
    )  # fmt: skip


def _address(email: str) -> tuple[Address | None, Reason | None]:
    try:
        return canonical_email(email), None
    except Refused as refusal:
        return None, refusal.reasons[0]


def _person(address: Address) -> PersonFact:
    rows = list(Person.objects.filter(mailbox=address.mailbox).values_list("email", "kind", "state"))
    kind = next((kind for email, kind, state in rows if email == address.text and state == "active"), None)
    return PersonFact(kind, is_blocked=any(state == Person.State.BLOCKED for _email, _kind, state in rows))


def _package(wanted: str, organization_keys) -> PackageFact | None:
    if not wanted:
        return None
    named = PolicyOrganization.objects.filter(organization__uuid__in=organization_keys).select_related("organization")
    policies = Prefetch("policies", Policy.objects.prefetch_related(Prefetch("named", named)))
    package = Package.objects.filter(_is(wanted)).prefetch_related(policies).first()
    return package and PackageFact(str(package.uuid), package.name, package.is_open, tuple(_policy(policy) for policy in package.policies.all()))


def _is(wanted: str) -> Q:
    try:
        return Q(uuid=UUID(wanted))
    except ValueError:
        return Q(name_key=name_key(wanted))


def _policy(policy: Policy) -> PolicyFact:
    named = frozenset(str(row.organization.uuid) for row in policy.named.all())
    return PolicyFact(str(policy.uuid), policy.name, policy.scope, named, policy.needs_approval, policy.is_open, policy.lasts_days)

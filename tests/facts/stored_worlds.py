"""Made-up worlds written into the database, as far as it can hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from uuid import uuid4

from governance.models import (
    Claim,
    ListRule,
    Organization,
    OwnName,
    Package,
    Policy,
    PolicyOrganization,
    Source,
)
from governance.rules.access_packages.stages import stages_to_json
from governance.rules.domain_list import end_moment
from governance.rules.domains import guards
from governance.rules.eligibility.facts import PersonFact
from tests import make, make_history
from tests.rules.cases import ONE_STAGE
from tests.rules.worlds import World

_WHO = {"created_at": make.NOON, "changed_at": make.NOON, "changed_by": "x"}


def storable(world: World) -> World:
    """The world without what no row says: one state for each organization, end days, no demands of
    directories.
    """
    first = {claim.organization_id: claim for claim in reversed(world.claims)}
    alike = (
        replace(
            claim,
            organization_state=first[claim.organization_id].organization_state,
            demands_directory=False,
            organization_deleted=first[claim.organization_id].organization_deleted,
        )
        for claim in world.claims
    )
    return replace(
        world,
        claims=tuple(alike),
        rules=tuple(_by_days(rule) for rule in world.rules),
        package=_with_forced_approval(world.package),
    )


def store(world: World) -> None:
    organizations = _store_claims(world)
    ListRule.objects.bulk_create(_rule(rule) for rule in world.rules)
    OwnName.objects.bulk_create(
        OwnName(**guards.stored(name), added_at=make.NOON, added_by="x") for name in world.own_names
    )
    make.list_default(world.default)
    if world.domain:
        _store_people(world.person, f"{world.local}@{world.domain}", world)
    if world.package:
        package = _store_package(world, organizations)
        if world.domain:
            _store_history(world, package)


def _by_days(rule):
    return (
        replace(rule, ends_at=end_moment((rule.ends_at - timedelta(seconds=1)).date(), UTC))
        if rule.ends_at
        else rule
    )


def _with_forced_approval(package):
    if package is None:
        return None
    return replace(
        package,
        policies=tuple(
            replace(p, stages=ONE_STAGE if p.scope == "any_outside" else p.stages)
            for p in package.policies
        ),
    )


def _store_claims(world: World) -> dict[str, Organization]:
    facts = {claim.organization_id: claim for claim in world.claims}
    rows = {key: _organization(key, facts.get(key)) for key in "ABC"}
    for claim in world.claims:
        source = Source.objects.create(
            organization=rows[claim.organization_id],
            kind=claim.source_kind,
            directory_id=uuid4() if claim.source_kind == "directory" else None,
            label=claim.source_label,
            typed_name=claim.name,
            covers_subdomains=claim.covers_subdomains,
            created_at=make.NOON,
            in_doubt_since=make.NOON if claim.in_doubt else None,
        )
        Claim.objects.create(
            source=source,
            organization=source.organization,
            **guards.stored(claim.name),
            created_at=make.NOON,
        )
    return rows


def _organization(key: str, claim) -> Organization:
    state, deleted = (
        (claim.organization_state, claim.organization_deleted) if claim else ("configured", False)
    )
    name = f"Organization {key}"
    return Organization.objects.create(
        name=name,
        name_key=name.lower(),
        state=state,
        deleted_at=make.NOON if deleted else None,
        created_by="x",
        **_WHO,
    )


def _rule(rule) -> ListRule:
    ends_on = (rule.ends_at - timedelta(seconds=1)).date() if rule.ends_at else None
    return ListRule(
        **guards.stored(rule.name),
        breadth=rule.breadth,
        effect=rule.effect,
        ends_on=ends_on,
        added_at=make.NOON,
        added_by="x",
    )


def _store_people(person: PersonFact, email: str, world: World) -> None:
    if person.kind:
        (make.member if person.kind == "member" else _guest)(email)
    if person.is_blocked:
        _guest(f"{world.local.partition('+')[0]}+blocked@{world.domain}", state="blocked")


def _guest(email: str, state: str = "active") -> None:
    make.guest(email, state=state)


def _store_package(world: World, organizations: dict[str, Organization]) -> Package:
    package = Package.objects.create(
        name=world.package.name,
        name_key="badge",
        is_open=world.package.is_open,
        created_by="x",
        **_WHO,
    )
    for fact in world.package.policies:
        policy = Policy.objects.create(
            package=package,
            name=fact.label,
            scope=fact.scope,
            stages=stages_to_json(fact.stages),
            ends="days",
            lasts_days=fact.lifecycle.days,
            can_extend=fact.lifecycle.can_extend,
            is_open=fact.is_open,
            **_WHO,
        )
        PolicyOrganization.objects.bulk_create(
            PolicyOrganization(policy=policy, package=package, organization=organizations[key])
            for key in sorted(fact.organization_ids)
        )
    return package


def _store_history(world: World, package: Package) -> None:
    """What the mailbox has and requested, or else what looks like it and is over."""
    email, hour = f"{world.local}@{world.domain}", timedelta(hours=1)
    now = world.at
    requests = make_history.Requests(email, package)
    if world.has_access:
        requests.assignment(starts_at=now, ends_at=now + hour)
    else:
        requests.assignment(starts_at=now - hour, ends_at=now)
        requests.assignment(starts_at=now - hour, ends_at=None, ended_at=now - hour)
    requests.request("pending_approval", due_at=now + hour if world.open_request else now)
    if world.last_denied_at:
        for earlier in (0, 2, 1):
            requests.request("denied", closed_at=world.last_denied_at - earlier * hour)

"""What can be done to access packages and their policies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ..models import Organization, Package, Policy, PolicyOrganization
from ..rules.decision import Refused, refuse
from ..rules.names import clean_description, clean_name, name_key
from ..rules.policy_terms import NewPolicy, one_scope_refusal, require_acceptable
from ..rules.roles import Actor
from .audit import record
from .verb import verb


def _name_taken(*, name: str, package: Package | None = None, **_) -> Refused | None:
    taken = Package.objects.filter(name_key=name_key(name)).exclude(pk=package.pk if package else None).first()
    return refuse("name_taken", f"Another access package is called {taken.name}", field="name") if taken else None


@verb("Create access package", needs="change_package", lost_race=_name_taken)
def create_package(*, name: str, description: str, is_listed: bool, is_open: bool, by: Actor, at: datetime) -> Package:
    name = _free_name(name)
    package = Package.objects.create(
        name=name, name_key=name_key(name), description=clean_description(description), is_listed=is_listed, is_open=is_open,
        created_at=at, created_by=by.label, changed_at=at, changed_by=by.label,
    )  # fmt: skip
    record(create_package.activity, by=by, at=at, target=package, after=_package_snapshot(package))
    return package


@verb("Update access package", needs="change_package", lost_race=_name_taken)
def change_package(
    *, package: Package, name: str, description: str, is_listed: bool, is_open: bool, by: Actor, at: datetime, version: int | None = None
) -> Package:
    row = Package.objects.select_for_update().get(pk=package.pk)
    _require_version(row, version)
    before, name = _package_snapshot(row), _free_name(name, row)
    row.name, row.name_key, row.description, row.is_listed, row.is_open = name, name_key(name), clean_description(description), is_listed, is_open
    _touch(row, by, at)
    record(change_package.activity, by=by, at=at, target=row, before=before, after=_package_snapshot(row))
    return row


def _who_won(*, policy: NewPolicy, **given) -> Refused | None:
    """Another policy of the package that has the wide scope, or names one of the organizations."""
    row = given.get("row")
    package = row.package if row else given["package"]
    others = package.policies.exclude(pk=row.pk if row else None)
    if policy.scope in ("all_configured", "any_outside", "members") and others.filter(scope=policy.scope).exists():
        return one_scope_refusal(policy.scope)
    named = PolicyOrganization.objects.filter(policy__in=others, organization__uuid__in=policy.organizations)
    taken = named.select_related("organization", "policy").first()
    if taken and policy.scope == "named":
        text = f"The policy “{taken.policy.name}” of this package names {taken.organization.name} already"
        return refuse("organization_named", text, field="organizations")
    return None


@verb("Create access package assignment policy", needs="change_package", lost_race=_who_won)
def create_policy(*, package: Package, policy: NewPolicy, by: Actor, at: datetime) -> Policy:
    require_acceptable(policy)
    if refusal := _who_won(package=package, policy=policy):
        raise refusal
    row = Policy.objects.create(
        package=package, name=clean_name(policy.name), scope=policy.scope, needs_approval=policy.needs_approval, lasts_days=policy.lasts_days,
        is_open=policy.is_open, created_at=at, changed_at=at, changed_by=by.label,
    )  # fmt: skip
    _name_organizations(row, policy.organizations)
    record(create_policy.activity, by=by, at=at, target=row, after=_policy_snapshot(row))
    return row


@verb("Update access package assignment policy", needs="change_package", lost_race=_who_won)
def change_policy(*, row: Policy, policy: NewPolicy, by: Actor, at: datetime, version: int | None = None) -> Policy:
    present = Policy.objects.select_for_update().get(pk=row.pk)
    _require_version(present, version)
    require_acceptable(policy)
    if refusal := _who_won(row=present, policy=policy):
        raise refusal
    before = _policy_snapshot(present)
    present.name, present.scope, present.needs_approval = clean_name(policy.name), policy.scope, policy.needs_approval
    present.lasts_days, present.is_open = policy.lasts_days, policy.is_open
    _touch(present, by, at)
    _name_organizations(present, policy.organizations)
    record(change_policy.activity, by=by, at=at, target=present, before=before, after=_policy_snapshot(present))
    return present


@verb("Delete access package assignment policy", needs="change_package")
def remove_policy(*, row: Policy, by: Actor, at: datetime) -> None:
    before, gone = _policy_snapshot(row), Policy(uuid=row.uuid, name=row.name)
    Policy.objects.filter(pk=row.pk).delete()
    record(remove_policy.activity, by=by, at=at, target=gone, before=before)


def _free_name(name: str, package: Package | None = None) -> str:
    name = clean_name(name)
    if refusal := _name_taken(name=name, package=package):
        raise refusal
    return name


def _name_organizations(row: Policy, keys: Iterable[UUID]) -> None:
    row.named.all().delete()
    if row.scope == Policy.Scope.NAMED:
        organizations = Organization.objects.present().filter(uuid__in=list(keys)).order_by("id")
        PolicyOrganization.objects.bulk_create(
            PolicyOrganization(policy=row, package_id=row.package_id, organization=organization) for organization in organizations
        )


def _require_version(row, version: int | None) -> None:
    if version is not None and row.version != version:
        raise refuse("changed_meanwhile", f"{row.changed_by} saved this while you were editing. Look at it again, then save")


def _touch(row, by: Actor, at: datetime) -> None:
    row.version += 1
    row.changed_at, row.changed_by = at, by.label
    row.save()


def _package_snapshot(package: Package) -> dict:
    return {"name": package.name, "description": package.description, "listed": package.is_listed, "open for requests": package.is_open}


def _policy_snapshot(policy: Policy) -> dict:
    return {
        "package": policy.package.name, "name": policy.name, "who can request": policy.scope, "needs approval": policy.needs_approval,
        "lasts days": policy.lasts_days, "open for requests": policy.is_open,
        "organizations": sorted(policy.organizations.values_list("name", flat=True)),
    }  # fmt: skip

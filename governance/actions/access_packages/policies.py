"""What can be done to the policies of an access package."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from ...facts.access_packages.approvers import approver_problems, names_in
from ...impact import impact_of
from ...impact.access_packages import putting_policy, removing_policies
from ...models import Organization, Package, Policy, PolicyOrganization
from ...rules.access_packages.approval_words import (
    lifecycle_words,
    question_line,
    stage_line,
)
from ...rules.access_packages.questions import questions_to_json
from ...rules.access_packages.stages import stages_to_json
from ...rules.access_packages.terms import NewPolicy, acceptable, one_scope_refusal
from ...rules.decision import Ref, Refused, refuse
from ...rules.names import clean_name
from ...rules.roles import Actor
from ..action import action, named
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_package, lock_row
from .managing import manages_its_catalog
from .packages import require_version, touch


def _lost_race(
    *, policy: NewPolicy, package: Package | None = None, row: Policy | None = None, **_: object
) -> Refused | None:
    """Another policy of the package that has the wide scope, or names one of the organizations."""
    others = Policy.objects.filter(package=row.package if row else package)
    if row:
        others = others.exclude(pk=row.pk)
    if (
        policy.scope in ("all_configured", "any_outside", "members")
        and others.filter(scope=policy.scope).exists()
    ):
        return one_scope_refusal(policy.scope)
    named = PolicyOrganization.objects.filter(
        policy__in=others, organization__uuid__in=policy.organizations
    )
    taken = named.select_related("organization", "policy").first()
    if taken and policy.scope == "named":
        text = (
            f"The policy “{taken.policy.name}” of this package already includes"
            f" {taken.organization.name}"
        )
        return refuse("organization_named", text, field="organizations")
    return None


@action(
    "Create access package assignment policy",
    needs="change_package",
    allows=manages_its_catalog,
    lost_race=_lost_race,
    about=lambda *, package, policy, **_: named("policy", policy.name, package),
)
def create_policy(
    *, package: Package, policy: NewPolicy, by: Actor, at: datetime, seen: str | None = None
) -> Policy:
    """Add a policy to a package.

    Raises Refused when the package has one for the same wide scope (product rule 26).
    """
    policy = _acceptable(policy, at)
    package = lock_package(package)
    if refusal := _lost_race(package=package, policy=policy):
        raise refusal
    require_confirmation(impact_of(putting_policy(package, None, policy), at), seen, by=by)
    row = Policy(package=package, created_at=at, changed_at=at, changed_by=by.label)
    _put(row, policy)
    row.save()
    _name_organizations(row, policy.organizations)
    record(
        create_policy.activity, by=by, at=at, target=policy_ref(row), after=_policy_snapshot(row)
    )
    return row


@action(
    "Update access package assignment policy",
    needs="change_package",
    allows=manages_its_catalog,
    lost_race=_lost_race,
)
def change_policy(
    *,
    row: Policy,
    policy: NewPolicy,
    by: Actor,
    at: datetime,
    version: int | None = None,
    seen: str | None = None,
) -> Policy:
    """Make a policy what is given. Raises Refused when it changed meanwhile."""
    present = lock_row(row, "policy_gone")
    require_version(present, version)
    policy = _acceptable(policy, at, present)
    if refusal := _lost_race(row=present, policy=policy):
        raise refusal
    impact = impact_of(putting_policy(present.package, present, policy), at)
    require_confirmation(impact, seen, by=by)
    before = _policy_snapshot(present)
    _put(present, policy)
    touch(present, by, at)
    _name_organizations(present, policy.organizations)
    record(
        change_policy.activity,
        by=by,
        at=at,
        target=policy_ref(present),
        before=before,
        after=_policy_snapshot(present),
    )
    return present


@action(
    "Delete access package assignment policy",
    needs="change_package",
    allows=manages_its_catalog,
)
def remove_policy(*, row: Policy, by: Actor, at: datetime, seen: str | None = None) -> None:
    """Remove a policy. Who was let in by it alone can no longer request the package."""
    row = lock_row(row, "policy_gone")
    require_confirmation(impact_of(removing_policies([row]), at), seen, by=by)
    before, gone = _policy_snapshot(row), policy_ref(row)
    Policy.objects.filter(pk=row.pk).delete()
    record(remove_policy.activity, by=by, at=at, target=gone, before=before)


def _acceptable(policy: NewPolicy, at: datetime, present: Policy | None = None) -> NewPolicy:
    """Return the policy with clean values; raise Refused for people who cannot decide.

    A last day that is over stays as it is, but cannot be chosen.
    """
    today = timezone.localdate(at, timezone.get_default_timezone())
    is_same = present is not None and present.lifecycle == policy.lifecycle
    clean = acceptable(policy, None if is_same else today)
    if problems := approver_problems(clean.stages, at):
        raise Refused(*problems)
    return clean


def _put(row: Policy, policy: NewPolicy) -> None:
    """Make the row say what the policy says, but for the organizations that it names."""
    lifecycle = policy.lifecycle
    row.name, row.scope, row.is_open = clean_name(policy.name), policy.scope, policy.is_open
    row.stages, row.questions = stages_to_json(policy.stages), questions_to_json(policy.questions)
    row.needs_reason, row.ends = policy.needs_reason, lifecycle.ends
    row.lasts_days, row.lasts_hours = lifecycle.days, lifecycle.hours
    row.last_day, row.requester_chooses = lifecycle.last_day, lifecycle.requester_chooses
    row.can_extend = lifecycle.can_extend
    row.extension_needs_approval = lifecycle.extension_needs_approval


def policy_ref(row: Policy) -> Ref:
    """Return what the audit log calls a policy:
    its name alone does not say which package it is of.
    """
    return Ref("policy", str(row.uuid), f"{row.package.name}: {row.name}")


def _name_organizations(row: Policy, keys: Iterable[UUID]) -> None:
    """Make these the organizations that the policy names.

    Deleted ones stay named, for when they are restored.
    """
    if row.scope != Policy.Scope.NAMED:
        row.named.all().delete()
        return
    keys = set(keys)
    wanted = Organization.objects.present().filter(uuid__in=keys)
    if keys - {*wanted.values_list("uuid", flat=True), *_named_already(row)}:
        raise refuse(
            "organization_gone",
            "One of the organizations that you chose has been deleted. Choose again",
            field="organizations",
        )
    row.named.filter(organization__in=Organization.objects.present()).exclude(
        organization__in=wanted
    ).delete()
    missing = wanted.exclude(pk__in=row.named.values("organization")).order_by("id")
    PolicyOrganization.objects.bulk_create(
        PolicyOrganization(policy=row, package_id=row.package_id, organization=organization)
        for organization in missing
    )


def _named_already(row: Policy) -> list[UUID]:
    return list(row.organizations.values_list("uuid", flat=True))


def _policy_snapshot(policy: Policy) -> dict[str, object]:
    terms = policy.terms
    names = names_in(terms.stages)
    return {
        "package": policy.package.name,
        "name": policy.name,
        "who can request": policy.scope,
        "stages of approval": [stage_line(stage, names) for stage in terms.stages],
        "reason required": terms.needs_reason,
        "questions": [question_line(question) for question in terms.questions],
        "access": lifecycle_words(terms.lifecycle, needs_approval=bool(terms.stages)),
        "open for requests": policy.is_open,
        "organizations": sorted(policy.organizations.values_list("name", flat=True)),
    }

"""Giving access directly, and asking for more time with it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import get_default_timezone

from ...facts.access_requests.standing import why_not_standing
from ...facts.accounts import account_at
from ...facts.eligibility import facts_about
from ...models import AccessRequest, Assignment, Organization, Package, Policy
from ...rules.access_packages.lifecycle import (
    NEVER,
    UNTIL,
    Lifecycle,
    lifecycle_to_json,
    require_acceptable_lifecycle,
)
from ...rules.access_packages.stages import stages_to_json
from ...rules.access_requests.periods import period, require_acceptable_period
from ...rules.access_requests.transitions import ADMINISTRATOR, REQUESTER
from ...rules.decision import Refused, refuse
from ...rules.eligibility import ClaimFact, PolicyFact
from ...rules.email_domains import Address, canonical_email
from ...rules.roles import Actor
from ...rules.values import known_day, known_moment, known_text
from ..action import action, named
from ..audit import record
from ..locks import lock_claims, lock_package, lock_row
from .expiry import end_overdue_of, expire_overdue_of
from .moving import request_ref, require_not_own
from .stages import open_request
from .withdrawal import known_reason


def _taken(*, package: Package, email: str, at: datetime, **_: object) -> Refused | None:
    return _has_already(package, canonical_email(email), at)


@action(
    "Administrator directly assigns user to access package",
    needs="change_assignment",
    lost_race=_taken,
    about=lambda *, package, email, **_: named("accessrequest", email, package),
)
def assign(
    *,
    package: Package,
    email: str,
    reason: str,
    last_day: date | None,
    by: Actor,
    at: datetime,
) -> AccessRequest:
    """Give somebody access without a request: to the end of `last_day`, or without an end.

    The address, the person and the list bind it (product rule 30). Raises Refused where these stop
    it, where the mailbox has access or an open request already, or is one's own (product rule 38).
    """
    lock_claims()
    package = lock_package(package)
    address = canonical_email(known_text(email, field="email"))
    require_not_own(address.mailbox, by, "You cannot give access to yourself")
    expire_overdue_of(address.mailbox, package, at)
    end_overdue_of(address.mailbox, package, at)
    if refusal := _has_already(package, address, at):
        raise refusal
    row = _direct(package, address, last_day, reason, at)
    if why := why_not_standing(row, at):
        raise refuse(why.code, why.text, field="email", refers_to=why.refers_to)
    open_request(row, ADMINISTRATOR, by=by, at=at)
    record(
        assign.activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        after={"package": package.name, "until": last_day},
        reason=row.reason,
    )
    return row


def _still_open(*, assignment: Assignment, **_: object) -> Refused | None:
    """Return the refusal where another request of the mailbox for the package is open."""
    mine = AccessRequest.objects.open().of_mailbox(assignment.mailbox)
    other = mine.filter(package=assignment.package).first()
    if other is None:
        return None
    is_extension = other.kind == AccessRequest.Kind.EXTENSION
    why = "More time is already requested" if is_extension else "This access is being set up"
    return refuse("request_open", f"{why}. Wait until that is done")


@action("User requests to extend access package assignment", lost_race=_still_open)
def request_extension(
    *,
    assignment: Assignment,
    mailbox: str,
    reason: str,
    ends_at: datetime | None,
    by: Actor,
    at: datetime,
) -> AccessRequest:
    """Request more time with one's own access, under the policy that decides now.

    Raises Refused where the policy allows none, the person has left its scope, or nothing would be
    gained.
    """
    lock_claims()
    package = lock_package(assignment.package)
    present = _own(assignment, mailbox, at)
    expire_overdue_of(present.mailbox, package, at)
    row = _extension(present, package, reason, ends_at, at)
    open_request(row, REQUESTER, by=by, at=at)
    record(
        request_extension.activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        before={"until": present.ends_at},
        reason=row.reason,
    )
    return row


def _direct(
    package: Package, address: Address, last_day: date | None, reason: str, at: datetime
) -> AccessRequest:
    zone = get_default_timezone()
    known_day(last_day, field="last_day")
    lifecycle = Lifecycle(UNTIL if last_day else NEVER, None, last_day=last_day, can_extend=False)
    require_acceptable_lifecycle(lifecycle, at.astimezone(zone).date())
    claim = facts_about(address.text, at=at).claim
    return AccessRequest(
        kind=AccessRequest.Kind.DIRECT,
        package=package,
        organization=_organization(claim),
        requester=account_at(address),
        email=address.text,
        mailbox=address.mailbox,
        lifecycle=lifecycle_to_json(lifecycle),
        reason=known_reason(reason, is_needed=True),
    )


def _organization(claim: ClaimFact | None) -> Organization | None:
    return Organization.objects.get(uuid=claim.organization_id) if claim else None


def _has_already(package: Package, address: Address, at: datetime) -> Refused | None:
    own = {"mailbox": address.mailbox, "package": package}
    if Assignment.objects.present().filter(**own).exists():
        text = f"{address.mailbox} already has {package.name}"
        return refuse("already_has_access", text, field="email")
    if AccessRequest.objects.open().filter(**own).exists():
        text = f"{address.mailbox} has already requested {package.name}. Decide that request"
        return refuse("request_open", text, field="email")
    return None


def _own(assignment: Assignment, mailbox: str, at: datetime) -> Assignment:
    row = lock_row(assignment, "assignment_gone")
    if row.mailbox != known_text(mailbox, field="mailbox"):
        raise refuse("not_yours", "This is somebody else's access")
    if not row.is_in_force(at):
        raise refuse("assignment_ended", "This access is over. Request it again")
    return row


def _extension(
    present: Assignment, package: Package, reason: str, ends_at: datetime | None, at: datetime
) -> AccessRequest:
    row = AccessRequest(
        kind=AccessRequest.Kind.EXTENSION,
        package=package,
        organization=present.organization,
        requester=present.person,
        email=present.person.email,
        mailbox=present.mailbox,
        signed_in_by=present.request.signed_in_by,
    )
    policy = _extending_policy(row, at)
    lifecycle = policy.lifecycle
    row.policy = policy
    row.names_organization = policy.scope == Policy.Scope.NAMED
    row.lifecycle = lifecycle_to_json(lifecycle)
    row.stages = stages_to_json(policy.all_stages) if lifecycle.extension_needs_approval else []
    row.reason = known_reason(reason, is_needed=policy.needs_reason)
    row.ends_at = _new_end(present, lifecycle, ends_at, at)
    return row


def _extending_policy(row: AccessRequest, at: datetime) -> Policy:
    if why := why_not_standing(row, at):
        text = f"This access cannot be extended. {why.text}"
        raise refuse(why.code, text, refers_to=why.refers_to)
    fact = _policy_fact(row, at)
    policy = Policy.objects.get(uuid=fact.id) if fact else None
    if policy is None or not policy.can_extend:
        raise refuse("cannot_extend", "The policy does not let anybody extend this access")
    return policy


def _policy_fact(row: AccessRequest, at: datetime) -> PolicyFact | None:
    return facts_about(row.email, str(row.package.uuid), at=at).policy


def _new_end(
    present: Assignment, lifecycle: Lifecycle, ends_at: datetime | None, at: datetime
) -> datetime | None:
    if present.ends_at is None:
        raise refuse("no_end", "This access has no end date, so there is nothing to extend")
    known_moment(ends_at, field="ends_on")
    zone, since = get_default_timezone(), max(present.ends_at, at)
    require_acceptable_period(lifecycle, None, ends_at, at=since, zone=zone)
    _from, until = period(lifecycle, None, ends_at, at=since, zone=zone)
    if until is not None and until <= present.ends_at:
        raise refuse("nothing_gained", "The policy lets this access last no longer")
    return ends_at

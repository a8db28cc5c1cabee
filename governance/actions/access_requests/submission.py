"""Submitting a request, answering what was sent back, and withdrawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import get_default_timezone

from ...facts.accounts import account_at
from ...facts.eligibility import may_request
from ...models import AccessRequest, Organization, Package, Person, Policy
from ...rules.access_packages.lifecycle import lifecycle_to_json
from ...rules.access_packages.questions import answered, known_answers
from ...rules.access_packages.stages import stages_to_json
from ...rules.access_requests.periods import require_acceptable_period
from ...rules.access_requests.transitions import REQUESTER
from ...rules.decision import Refused, require
from ...rules.eligibility import ClaimFact, Eligibility
from ...rules.email_domains import Address, canonical_email
from ...rules.my_access_words import terms_changed
from ...rules.roles import Actor
from ...rules.values import known_choice, known_moment, known_text
from ..action import action, named
from ..audit import record
from ..locks import lock_claims, lock_package
from ..organizations.proposing import propose_for
from .expiry import end_overdue_of, expire_overdue_of
from .moving import move, request_ref, require_movable
from .stages import begin_stage, open_request
from .withdrawal import known_reason, own_request

SIGNED_IN_BY = ("", "password", "code", "directory")


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asks for.

    `starts_at` and `ends_at` are given where the policy lets the requester choose. `policy` and
    `version` say which policy they saw: if it changed since, they are asked to look again.
    """

    email: str
    reason: str = ""
    answers: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    policy: UUID | None = None
    version: int | None = None
    signed_in_by: str = ""


def _already(*, package: Package, new: NewRequest, at: datetime, **_: object) -> Refused | None:
    answer = may_request(new.email, str(package.uuid), at=at)
    return Refused(answer.deciding) if not answer.allowed else None


@action(
    "User requests access package assignment",
    lost_race=_already,
    about=lambda *, package, new, **_: named("accessrequest", new.email, package),
)
def submit(*, package: Package, new: NewRequest, by: Actor, at: datetime) -> AccessRequest:
    """Submit a request for a package, which the decision allows at this moment.

    Raises Refused with the step that stops it, or at the field that is missing or wrong.
    """
    lock_claims()
    package = lock_package(package)
    address = canonical_email(known_text(new.email, field="email"))
    _require_known(new)
    expire_overdue_of(address.mailbox, package, at)
    end_overdue_of(address.mailbox, package, at)
    answer = require(
        may_request(new.email, str(package.uuid), at=at, signed_in_by=new.signed_in_by or None)
    )
    policy = _policy(answer, new)
    row = _new(package, policy, new, answer.claim, by, at)
    open_request(row, REQUESTER, by=by, at=at)
    record(
        submit.activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        after=_snapshot(row),
    )
    return row


@action("User answers for access package assignment request")
def resubmit(
    *, request: AccessRequest, mailbox: str, reason: str, by: Actor, at: datetime
) -> AccessRequest:
    """Give the approvers what they asked for; the stage that sent it back begins again."""
    row = own_request(request, mailbox)
    require_movable(row, "resubmit", REQUESTER, at)
    before = row.reason
    row.reason = known_reason(reason, is_needed=True)
    row.round += 1
    move(row, "resubmit", REQUESTER, by=by, at=at, text=row.reason)
    begin_stage(row, row.stage, at)
    record(
        resubmit.activity,
        by=by,
        at=at,
        target=request_ref(row),
        organization=row.organization,
        before={"reason": before},
        after={"reason": row.reason},
    )
    return row


def _require_known(new: NewRequest) -> None:
    """Raise Refused for values of a kind that nobody can mean."""
    known_moment(new.starts_at, field="starts_on")
    known_moment(new.ends_at, field="ends_on")
    known_choice(
        new.signed_in_by,
        SIGNED_IN_BY,
        code="sign_in_unknown",
        text="Sign in again",
        field="signed_in_by",
    )


def _policy(answer: Eligibility, new: NewRequest) -> Policy:
    """Return the policy that decides, which is to be the one that the requester saw."""
    assert answer.policy is not None
    policy = Policy.objects.get(uuid=answer.policy.id)
    seen = (new.policy or policy.uuid, new.version or policy.version)
    if seen != (policy.uuid, policy.version):
        raise terms_changed()
    return policy


def _new(
    package: Package,
    policy: Policy,
    new: NewRequest,
    claim: ClaimFact | None,
    by: Actor,
    at: datetime,
) -> AccessRequest:
    """Return the request, which is not written yet."""
    lifecycle = policy.lifecycle
    require_acceptable_period(
        lifecycle, new.starts_at, new.ends_at, at=at, zone=get_default_timezone()
    )
    questions = policy.all_questions
    answers = known_answers(questions, new.answers)
    reason = known_reason(new.reason, is_needed=policy.needs_reason)
    address = canonical_email(new.email)
    requester = account_at(address)
    return AccessRequest(
        package=package,
        policy=policy,
        organization=_organization(address, claim, requester, by, at),
        requester=requester,
        email=address.text,
        mailbox=address.mailbox,
        signed_in_by=new.signed_in_by,
        names_organization=policy.scope == Policy.Scope.NAMED,
        stages=stages_to_json(policy.all_stages),
        lifecycle=lifecycle_to_json(lifecycle),
        reason=reason,
        answers=[list(pair) for pair in answered(questions, answers)],
        starts_at=new.starts_at,
        ends_at=new.ends_at,
    )


def _organization(
    address: Address, claim: ClaimFact | None, requester: Person | None, by: Actor, at: datetime
) -> Organization | None:
    """Return where the requester belongs, which a request of any outside person proposes."""
    if claim:
        return Organization.objects.get(uuid=claim.organization_id)
    is_member = requester is not None and requester.is_member
    return None if is_member else propose_for(address, by=by, at=at)


def _snapshot(row: AccessRequest) -> dict[str, object]:
    return {
        "package": row.package.name,
        "policy": row.policy.name if row.policy else "",
        "reason": row.reason,
        "answers": row.answers,
        "wanted from": row.starts_at,
        "wanted until": row.ends_at,
        "stages": len(row.stages),
    }

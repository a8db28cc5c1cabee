"""Whether what let a request be submitted still holds: the decision, asked again (product rules 30
and 31).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ...models import AccessRequest
from ...rules.decision import Reason
from ...rules.eligibility import Eligibility, Facts, decide
from ..eligibility import facts_about

# The steps that bind access which an administrator gives: the address, the person and the list.
_BINDING = ("address_malformed", "own_name", "person_blocked", "domain_blocked", "package_unknown")


def decision_again(request: AccessRequest, at: datetime) -> Eligibility:
    """Return the decision about the requester and the package as the portal is now, as if they had
    neither this request nor the access that it extends. One statement.
    """
    return decide(_without_own(_facts(request, at)))


def why_not_standing(request: AccessRequest, at: datetime) -> Reason | None:
    """Return what stops the request now; None where it can go on. One statement."""
    facts = _facts(request, at)
    answer = decide(_without_own(facts))
    if request.kind == AccessRequest.Kind.DIRECT:
        stops = (each for each in answer.reasons if each.code in _BINDING and not each.passed)
        return next(stops, None)
    return None if answer.allowed and _is_same(request, facts) else _why(request, answer)


def _why(request: AccessRequest, answer: Eligibility) -> Reason:
    if not answer.allowed:
        return answer.deciding
    text = (
        f"{request.email} belonged to {request.organization or 'no organization'} when the request"
        " was submitted and belongs elsewhere now. Submit a new request"
    )
    return Reason("organization_changed", text)


def _is_same(request: AccessRequest, facts: Facts) -> bool:
    then = str(request.organization.uuid) if request.organization else None
    now = facts.claim.organization_id if facts.claim else None
    return then == now


def _facts(request: AccessRequest, at: datetime) -> Facts:
    return facts_about(
        request.email,
        str(request.package.uuid),
        at=at,
        signed_in_by=request.signed_in_by or None,
    )


def _without_own(facts: Facts) -> Facts:
    return replace(facts, history={})

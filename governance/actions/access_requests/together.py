"""Deciding several requests that are alike in one go: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...models import AccessRequest
from ...rules.access_requests.alike import require_alike
from ...rules.access_requests.outcomes import APPROVE, DENY
from ...rules.access_requests.transitions import PARKED
from ...rules.decision import refuse
from ...rules.roles import Actor
from ...rules.values import known_choice, known_list
from ..action import action, named
from .decisions import approve, deny

_DECIDE = {APPROVE: approve, DENY: deny}


@action(
    "Decide several access package assignment requests",
    about=lambda **_: named("accessrequest", "Several requests"),
)
def decide_together(
    *, requests: Iterable[AccessRequest], outcome: str, reason: str, by: Actor, at: datetime
) -> list[AccessRequest]:
    """Approve or deny up to 20 requests for one package under one policy, with one reason.

    Each has its own event. Raises Refused for all where one of them cannot be decided so.
    """
    decide = _DECIDE[
        known_choice(
            outcome,
            tuple(_DECIDE),
            code="outcome_unknown",
            text="Choose Approve or Deny",
            field="outcome",
        )
    ]
    rows = _known(requests)
    require_alike([(row.package_id, row.policy_id) for row in rows])
    return [_decided(decide(request=row, reason=reason, by=by, at=at)) for row in rows]


def _known(requests: object) -> list[AccessRequest]:
    """Return the requests once each, in the order in which everybody locks them."""
    found = known_list(requests, field="requests")
    if not all(isinstance(each, AccessRequest) for each in found):
        raise refuse("not_requests", "Select requests", field="requests")
    return sorted(set(found), key=lambda row: row.pk)


def _decided(row: AccessRequest) -> AccessRequest:
    if row.state == PARKED:
        text = f"{row.email} cannot have this access now. {row.parked_because}. Review it by itself"
        raise refuse("would_be_held", text, field="requests")
    return row

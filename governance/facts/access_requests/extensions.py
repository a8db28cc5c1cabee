"""Whether access can be extended: the decision, asked as if the access were not there (rule 30)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...models import Assignment, Policy
from ...rules.eligibility.any_package import AnyEligibility
from ..eligibility import may_request

# Stops that are about having the access, which is what is extended.
_PASSED_OVER = ("already_has_access", "request_open", "asked_recently")


def extending_policies(
    assignments: Iterable[Assignment], email: str, at: datetime, *, signed_in_by: str
) -> dict[int, Policy]:
    """Return by primary key the policy under which each of somebody's assignments can be extended
    now; none where it ends never, or where the policy that decides now does not let it. Two
    statements.
    """
    rows = [row for row in assignments if row.ends_at is not None]
    answer = may_request(email, at=at, signed_in_by=signed_in_by) if rows else None
    asked = answer.packages if isinstance(answer, AnyEligibility) else ()
    keys = {
        each.package.id: each.answer.policy.id
        for each in asked
        if each.answer.policy and (each.answer.allowed or each.answer.code in _PASSED_OVER)
    }
    policies = Policy.objects.filter(uuid__in=keys.values(), can_extend=True) if keys else ()
    by_key = {str(policy.uuid): policy for policy in policies}
    found = ((row.pk, by_key.get(keys.get(str(row.package.uuid), ""))) for row in rows)
    return {pk: policy for pk, policy in found if policy}

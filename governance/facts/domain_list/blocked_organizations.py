"""Which organizations the allow and deny list blocks whole: every one of their domains is blocked
at this moment (product rules 20 to 22).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from ...db.value_lists import InStatement, RawStatement
from ...rules.domain_list import BLOCK
from .deciding_rules import (
    decided_rows,
    organizations_with_all_blocked,
    organizations_with_some_allowed,
    parameters,
)

_COUNT_OF_ALL = (
    "SELECT COUNT(*) FROM governance_claim c"
    " WHERE c.organization_id = decided.organization_id AND c.released_at IS NULL"
)


def is_blocked_whole(default: str, at: datetime) -> Q:
    """Return the condition on organizations, given what the list does with domains that have no
    rule.
    """
    decided = decided_rows(
        "governance_claim", key="key", identity="id", where="t.released_at IS NULL"
    )
    if default == BLOCK:
        some_allowed = organizations_with_some_allowed(decided)
        return ~Q(pk__in=RawStatement(some_allowed, parameters(at)))
    return Q(
        InStatement("pk", organizations_with_all_blocked(decided, _COUNT_OF_ALL), parameters(at))
    )

"""Which organizations the allow and deny list shuts out whole: every one of their domains is blocked
at this moment (product rules 20 to 22).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.db.models.expressions import RawSQL

from ...db.value_lists import Among
from ...rules.domain_list import BLOCK
from .deciding_rules import (
    decided_rows,
    last_day,
    organizations_with_all_blocked,
    organizations_with_some_allowed,
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
        "governance_claim", key="key", identity="key", where="t.released_at IS NULL"
    )
    today = (last_day(at),)
    if default == BLOCK:
        return ~Q(pk__in=RawSQL(organizations_with_some_allowed(decided), today))
    return Q(Among("pk", organizations_with_all_blocked(decided, _COUNT_OF_ALL), today))

"""Which organizations the allow and deny list shuts out whole: every one of their names is blocked
at this moment (rules 20 to 22).

Asked the other way round, from the rules to the claims that they cover: there are few rules and
many claims.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import DateField, Q
from django.utils import timezone

from ...db.databases import for_this_database
from ...db.kept_statements import Varying
from ...db.value_lists import Among, RawStatement
from ...rules.domain_list import BLOCK, WITH_SUBDOMAINS
from ...rules.email_domains import at_or_beneath_in_sql

# The order of the two loops is fixed,
# since a planner that guesses it wrong reads all claims for each rule.
_COVERED = "c.released_at IS NULL AND " + at_or_beneath_in_sql(
    "c.key", "r.key", beneath_if=f"r.breadth = '{WITH_SUBDOMAINS}'"
)
_RULES_AND_CLAIMS = {
    "sqlite": f"governance_listrule r CROSS JOIN governance_claim c ON {_COVERED}",
    "postgresql": (
        "governance_listrule r CROSS JOIN LATERAL"
        f" (SELECT c.id, c.organization_id FROM governance_claim c WHERE {_COVERED} OFFSET 0) c"
    ),
}
# The heaviest rule that covers a name decides: the most labels is the longest key, since all of
# them are prefixes of one key; on one name "alone" weighs more. The effect rides in the last bit.
DECIDING_EFFECT = """MAX(
    length(r.key) * 4 + CASE r.breadth WHEN 'alone' THEN 2 ELSE 0 END
    + CASE r.effect WHEN 'block' THEN 1 ELSE 0 END
) %% 2"""
IN_FORCE = "(r.ends_on IS NULL OR r.ends_on >= %s)"  # for `last_day`
_DECIDED = f"""
SELECT c.organization_id AS organization_id, {DECIDING_EFFECT} AS blocked
FROM {{rules_and_claims}} WHERE {IN_FORCE} GROUP BY c.id, c.organization_id
"""
_ALL_NAMES_BLOCKED = f"""
SELECT organization_id FROM ({_DECIDED}) decided GROUP BY organization_id
HAVING SUM(blocked) = (
    SELECT COUNT(*) FROM governance_claim c
    WHERE c.organization_id = decided.organization_id AND c.released_at IS NULL
)
"""
_SOME_NAME_ALLOWED = f"SELECT organization_id FROM ({_DECIDED}) decided WHERE blocked = 0"


def is_blocked_whole(default: str, at: datetime) -> Q:
    """The condition on organizations, given what the list does with names that have no rule."""
    today = Varying("today", last_day(at), DateField())
    joined = for_this_database(_RULES_AND_CLAIMS)
    if default == BLOCK:
        return ~Q(pk__in=RawStatement(_SOME_NAME_ALLOWED.format(rules_and_claims=joined), (today,)))
    return Q(Among("pk", _ALL_NAMES_BLOCKED.format(rules_and_claims=joined), (today,)))


def last_day(at: datetime) -> date:
    """Return the day that a rule must not end before to be in force at that moment (product rule
    21).
    """
    return timezone.localdate(at, timezone.get_default_timezone())

"""Which rule of the allow and deny list decides, for very many rows at a time (product rules 20 to
22), in SQL.

The rule itself is `deciding_rule` in rules/domain_list.py, which is asked about one domain; this is
its only other form. Tests compare the two: of claims in tests/facts/test_blocked_organizations.py,
of sponsors in tests/facts/test_counting_sponsors.py.

Asked the other way round, from the rules to the rows that they cover: there are few rules and many
rows.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import DateField
from django.utils import timezone

from ...db.databases import for_this_database
from ...db.kept_statements import Varying
from ...rules.domain_list import ALONE, BLOCK, WITH_SUBDOMAINS
from ...rules.email_domains import at_or_beneath_in_sql

# The heaviest rule that covers a domain decides: the most labels is the longest key, since all of
# them are prefixes of one key; on one domain "alone" weighs more. The effect is the last bit.
_DECIDING_EFFECT = f"""MAX(
    length(r.key) * 4 + CASE r.breadth WHEN '{ALONE}' THEN 2 ELSE 0 END
    + CASE r.effect WHEN '{BLOCK}' THEN 1 ELSE 0 END
) %% 2"""
# The order of the two loops is fixed, since a planner that guesses it wrong reads all rows for each
# rule.
_RULES_AND_ROWS = {
    "sqlite": "governance_listrule r CROSS JOIN {table} t ON {wanted}",
    "postgresql": "governance_listrule r CROSS JOIN LATERAL"
    " (SELECT t.{identity}, t.organization_id FROM {table} t WHERE {wanted} OFFSET 0) t",
}


def decided_rows(table: str, *, key: str, identity: str, where: str) -> str:
    """Return the SELECT of `organization_id` and `blocked` (1 or 0) for each row of the table that
    a rule in force covers. Its one parameter is of `parameters`.

    `key` is the column with the key of a domain, `identity` the column that tells the rows apart,
    `where` the condition on rows, which it calls t.
    """
    beneath_if = f"r.breadth = '{WITH_SUBDOMAINS}'"
    wanted = f"{at_or_beneath_in_sql(f't.{key}', 'r.key', beneath_if=beneath_if)} AND {where}"
    rows = for_this_database(_RULES_AND_ROWS).format(table=table, identity=identity, wanted=wanted)
    return f"""
    SELECT t.organization_id AS organization_id, {_DECIDING_EFFECT} AS blocked
    FROM {rows} WHERE r.ends_on IS NULL OR r.ends_on >= %s GROUP BY t.{identity}, t.organization_id
    """


def organizations_with_all_blocked(decided: str, count_of_all: str) -> str:
    """Return the SELECT of organizations of which a rule blocks every row that is wanted.

    `decided` is of `decided_rows`; `count_of_all` is the SELECT of how many rows the organization
    `decided.organization_id` has.
    """
    return f"""
    SELECT organization_id FROM ({decided}) decided GROUP BY organization_id
    HAVING SUM(blocked) = ({count_of_all})
    """


def organizations_with_some_allowed(decided: str) -> str:
    """Return the SELECT of organizations of which a rule allows a row that is wanted."""
    return f"SELECT organization_id FROM ({decided}) decided WHERE blocked = 0"


def parameters(at: datetime) -> tuple[Varying]:
    """Return the parameters of `decided_rows` at that moment."""
    return (Varying("today", last_day(at), DateField()),)


def last_day(at: datetime) -> date:
    """Return the day that a rule must not end before to be in force at that moment (product rule
    21).
    """
    return timezone.localdate(at, timezone.get_default_timezone())

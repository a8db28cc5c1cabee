"""Whom the allow and deny list decides otherwise with other rules or another default, over all claims and people in the database.

The rules are few and what they cover is many, so each rule's range of keys is looked up: names that no rule covers are not
looked at unless the default changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from ..rules import email_domains
from ..rules.list_rules import ALONE, BLOCK, WITH_SUBDOMAINS, ListRuleFact, is_in_force


@dataclass(frozen=True, slots=True)
class Span:
    """Where a rule decides: at the key `start`, and beneath it when `wide`. Of all that cover a name the greatest `weight` decides; it is odd to block."""

    start: str
    wide: bool
    weight: int
    was: bool
    will: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """How many become blocked or free; `first` are the first by name, with whether blocked; `check` differs when others change."""

    blocked: int = 0
    freed: int = 0
    check: int = 0
    first: tuple[tuple[str, str, bool], ...] = ()


def spans_of(
    present: Iterable[ListRuleFact],
    added: Iterable[ListRuleFact],
    removed: frozenset[str],
    names: set[str] | None,
    at: datetime,
) -> list[Span]:
    """Of the rules that are in force, before and after. `names` are those at or beneath which something may change; None: all."""
    both = [(rule, True, rule.key not in removed) for rule in present] + [
        (rule, False, True) for rule in added
    ]
    return [
        span
        for rule, was, will in both
        if is_in_force(rule, at)
        for span in _spans(rule, was, will, names)
    ]


def _spans(rule: ListRuleFact, was: bool, will: bool, names: set[str] | None) -> Iterator[Span]:
    weight = (
        email_domains.label_count(rule.name) * 4
        + (rule.breadth == ALONE) * 2
        + (rule.effect == BLOCK)
    )
    wide = rule.breadth == WITH_SUBDOMAINS
    if names is None or any(parent in names for parent in email_domains.parents(rule.name)):
        yield Span(email_domains.key(rule.name), wide, weight, was, will)
    elif wide:
        yield from (
            Span(email_domains.key(name), True, weight, was, will)
            for name in names
            if email_domains.is_beneath(name, rule.name)
        )


_RULES = {
    "sqlite": "(SELECT {columns} FROM json_each(%s)) r CROSS JOIN {table} t ON {covered}",
    "postgresql": "(SELECT {columns} FROM jsonb_array_elements(%s::jsonb)) r CROSS JOIN LATERAL (SELECT t.id, t.{owner} AS owner FROM {table} t WHERE {covered} OFFSET 0) t",
}
_COLUMNS = {
    "sqlite": ", ".join(
        f"json_extract(value, '$[{place}]') AS {name}"
        for place, name in enumerate(("start", "wide", "weight", "was", "will"))
    ),
    "postgresql": """(value->>0) COLLATE "C" AS start, """
    + ", ".join(
        f"(value->>{place})::int AS {name}"
        for place, name in enumerate(("wide", "weight", "was", "will"), 1)
    ),
}
_COVERED = email_domains.at_or_beneath_in_sql("t.{key}", "r.start", beneath_if="r.wide = 1")
_DECIDED = """
SELECT t.id AS id, {decided_owner} AS owner, MAX(CASE WHEN r.was = 1 THEN r.weight END) AS was, MAX(CASE WHEN r.will = 1 THEN r.weight END) AS will
FROM {rules} GROUP BY t.id, {decided_owner}
"""
_DIFFERENT = "SELECT owner, COALESCE(will %% 2, {after}) AS blocked FROM decided WHERE COALESCE(was %% 2, {before}) <> COALESCE(will %% 2, {after})"
_WITHOUT_RULE = " UNION ALL SELECT t.{owner}, {after} FROM {table} t LEFT JOIN decided d ON d.id = t.id WHERE d.id IS NULL AND {present}"
_CHANGED = """
WITH decided AS ({decided}), changed AS (SELECT owner, MAX(blocked) AS blocked FROM ({different}) each_one GROUP BY owner)
SELECT {shown}, c.blocked, COUNT(*) OVER (), SUM(c.blocked) OVER (), SUM(o.id * (1 + c.blocked)) OVER ()
FROM changed c JOIN {owners} o ON o.id = c.owner WHERE {here} ORDER BY o.name_key, o.id LIMIT {most}
"""


def changed_organizations(spans: list[Span], before: str, after: str, most: int) -> Changed:
    """Present organizations of which a name is decided otherwise, by public key and name."""
    claims = {
        "table": "governance_claim",
        "key": "key",
        "owner": "organization_id",
        "present": "t.released_at IS NULL",
    }
    owners = {
        "owners": "governance_organization",
        "here": "o.deleted_at IS NULL",
        "shown": "o.uuid, o.name",
    }
    changed = _changed(spans, before, after, {**claims, **owners, "most": most})
    return Changed(
        changed.blocked,
        changed.freed,
        changed.check,
        tuple((str(UUID(str(key))), name, is_blocked) for key, name, is_blocked in changed.first),
    )


def changed_people(spans: list[Span], before: str, after: str, most: int) -> Changed:
    """Guests, by name and address, whose domain is decided otherwise."""
    people = {
        "table": "governance_person",
        "key": "domain_key",
        "owner": "id",
        "present": "t.kind = 'guest'",
    }
    owners = {
        "owners": "governance_person",
        "here": "o.kind = 'guest' AND o.state <> 'removed'",
        "shown": "o.name, o.email",
    }
    return _changed(spans, before, after, {**people, **owners, "most": most})


def _changed(spans: list[Span], before: str, after: str, words: dict) -> Changed:
    words |= {
        "before": int(before == BLOCK),
        "after": int(after == BLOCK),
        "columns": _COLUMNS[connection.vendor],
    }
    words["covered"] = f"{words['present']} AND {_COVERED.format(**words)}"
    words["decided_owner"] = (
        "t.owner" if connection.vendor == "postgresql" else f"t.{words['owner']}"
    )
    words["rules"] = _RULES[connection.vendor].format(**words)
    words["decided"] = _DECIDED.format(**words)
    words["different"] = (_DIFFERENT + (_WITHOUT_RULE if before != after else "")).format(**words)
    told = json.dumps(
        [(span.start, int(span.wide), span.weight, int(span.was), int(span.will)) for span in spans]
    )
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED.format(**words), [told])
        rows = cursor.fetchall()
    if not rows:
        return Changed()
    *_first, number, blocked, check = rows[0]
    return Changed(
        int(blocked),
        number - int(blocked),
        int(check),
        tuple((one, other, bool(is_blocked)) for one, other, is_blocked, *_numbers in rows),
    )

"""What the allow and deny list says, asked by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.utils import timezone

from ...db.combined_query import combine, json_list
from ...db.kept_statements import Varying, kept
from ...db.key_ranges import at_or_beneath, keys_of
from ...db.value_lists import in_texts
from ...models import Claim, ListDefault, ListRule
from ...rules import email_domains
from ...rules.domain_list import ALLOW, BLOCK, ListRuleFact, RulesByName, end_moment

KEPT_FOR = 50  # names: a statement about more of them is made anew
RULE_COLUMNS = (
    "name",
    "breadth",
    "effect",
    "ends_on",
    "uuid",
    "reason",
)  # in the order that list_rule_fact takes
DEFAULT = json_list(ListDefault.objects.all(), "effect")  # for a combined query


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the list does with a name, and the rule that decided; None: the default did."""

    name: str
    is_blocked: bool
    rule: ListRuleFact | None


@dataclass(frozen=True)
class ListFacts:
    """All that the list says about some names and what lies beneath them: the rules on them, above
    and beneath, and the default.
    """

    rules: tuple[ListRuleFact, ...]
    default: str

    @cached_property
    def _by_name(self) -> RulesByName:
        return RulesByName(self.rules)

    def rules_above(self, name: str) -> tuple[ListRuleFact, ...]:
        """Return the rules on a domain and on its parent domains."""
        return tuple(self._by_name.above(name))

    def verdict(self, name: str, at: datetime) -> Verdict:
        rule = self._by_name.deciding(name, at)
        return Verdict(name, (rule.effect if rule else self.default) == BLOCK, rule)


def list_default() -> str:
    """What happens to names without a rule; a missing row means allow."""
    return ListDefault.objects.values_list("effect", flat=True).first() or ALLOW


def rules_above(names: Iterable[str]) -> tuple[ListRuleFact, ...]:
    """Every rule on one of the names or a name above one. One statement."""
    above = {parent for name in names for parent in email_domains.parents(name)}
    return tuple(rule_fact(rule) for rule in ListRule.objects.filter(name__in=above))


def rule_fact(rule: ListRule) -> ListRuleFact:
    """Return a rule of the list as the rules take it."""
    ends_at = end_moment(rule.ends_on, timezone.get_default_timezone())
    return ListRuleFact(rule.name, rule.breadth, rule.effect, ends_at, str(rule.uuid), rule.reason)


def list_rule_fact(
    name: str, breadth: str, effect: str, ends_on: str | None, key: str, reason: str
) -> ListRuleFact:
    """The fact of one row of RULE_COLUMNS as a database's JSON tells it."""
    last_day = date.fromisoformat(ends_on) if ends_on else None
    ends_at = end_moment(last_day, timezone.get_default_timezone())
    return ListRuleFact(name, breadth, effect, ends_at, str(UUID(key)), reason)


def list_facts_about(names: Iterable[str]) -> ListFacts:
    """One statement for all of the names."""
    names = tuple(dict.fromkeys(names))
    key = ("list facts", len(names)) if len(names) <= KEPT_FOR else None
    _counts, rows = kept(key, lambda: combine({}, list_fact_queries(names))).run(
        list_fact_values(names)
    )
    return list_facts(rows)


def list_fact_queries(names: Iterable[str]) -> dict[str, QuerySet]:
    """What `list_facts` is made of, for a combined query."""
    names = tuple(names)
    above = Varying("rules_above", list_fact_values(names)["rules_above"], TextField())
    rules = ListRule.objects.filter(in_texts("name", above)) | at_or_beneath(
        ListRule.objects.all(), names, key="key"
    )
    default = json_list(ListDefault.objects.all(), "effect")
    return {"rules": json_list(rules, *RULE_COLUMNS), "default": default}


def list_fact_values(names: Iterable[str]) -> dict[str, object]:
    """Return what fills `list_fact_queries` in a kept statement for as many different names."""
    names = tuple(names)
    above = {parent for name in names for parent in email_domains.parents(name)}
    return {"rules_above": json.dumps(sorted(above)), **keys_of(names)}


def list_facts(rows: dict[str, list]) -> ListFacts:
    """Return what the list says, out of the rows of `list_fact_queries`."""
    return ListFacts(
        tuple(list_rule_fact(*row) for row in rows["rules"]),
        rows["default"][0][0] if rows["default"] else ALLOW,
    )


def verdicts(names: Iterable[str], at: datetime) -> dict[str, Verdict]:
    """What the list does with each canonical name at that moment. One statement for all of them."""
    names = tuple(names)
    said = list_facts_about(names)
    return {name: said.verdict(name, at) for name in names}


def exceptions_beneath(name: str) -> list[ListRule]:
    """Return the first rules on longer domains, which go on deciding when `name` gets a rule that
    includes subdomains.
    """
    low, high = email_domains.beneath_range(name)
    return list(ListRule.objects.filter(key__gte=low, key__lt=high).order_by("key")[:50])


def names_of_the_same_directory(name: str) -> list[str]:
    """Return the other domains of the directory that claims `name`: somebody blocked by one may use
    another.
    """
    directory = Claim.objects.present().filter(name=name, source__kind="directory")
    source = directory.values_list("source_id", flat=True).first()
    if source is None:
        return []
    others = Claim.objects.present().filter(source_id=source).exclude(name=name)
    return sorted(others.values_list("name", flat=True))

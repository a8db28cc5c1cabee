"""What the allow and deny list says, asked by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ..models import ListDefault, ListRule
from ..rules import email_domains
from ..rules.list_rules import ALLOW, BLOCK, ListRuleFact, deciding_rule, end_moment


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the list does with a name, and the rule that decided; None: the default did."""

    name: str
    is_blocked: bool
    rule: ListRuleFact | None


def list_default() -> str:
    """What happens to names without a rule; a missing row means allow."""
    return ListDefault.objects.values_list("effect", flat=True).first() or ALLOW


def rules_above(names: Iterable[str]) -> tuple[ListRuleFact, ...]:
    """Every rule on one of the names or a name above one. One statement."""
    above = {parent for name in names for parent in email_domains.parents(name)}
    return tuple(rule_fact(rule) for rule in ListRule.objects.filter(name__in=above))


def rule_fact(rule: ListRule) -> ListRuleFact:
    ends_at = end_moment(rule.ends_on, timezone.get_default_timezone())
    return ListRuleFact(rule.name, rule.breadth, rule.effect, ends_at, str(rule.uuid), rule.reason)


def verdicts(names: Iterable[str], at: datetime) -> dict[str, Verdict]:
    """What the list does with each canonical name at that moment. Two statements for all of them."""
    names = tuple(names)
    rules, default = rules_above(names), list_default()
    return {name: _verdict(name, rules, default, at) for name in names}


def _verdict(name: str, rules: tuple[ListRuleFact, ...], default: str, at: datetime) -> Verdict:
    rule = deciding_rule(rules, name, at)
    return Verdict(name, (rule.effect if rule else default) == BLOCK, rule)

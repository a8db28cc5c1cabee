"""Changes of the allow and deny list, and of your own domains."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from ..models import ListRule
from ..rules.domain_list import ListRuleFact, NewListRule, end_moment
from .change import Change


def adding_rules(rules: Iterable[NewListRule]) -> Change:
    """Return the change that adds rules to the list."""
    facts = tuple(rule_as_fact(rule) for rule in rules)
    return Change(rules_added=facts, domains=frozenset(fact.name for fact in facts))


def changing_rule(rule: ListRule, new: NewListRule) -> Change:
    """Return the change that puts `new` in the place of a rule."""
    return removing_rule(rule) + adding_rules([new])


def removing_rule(rule: ListRule) -> Change:
    """Return the change that removes a rule from the list."""
    return Change(rules_removed=frozenset({str(rule.uuid)}), domains=frozenset({rule.name}))


def changing_default(effect: str) -> Change:
    """Return the change of what happens to domains without a rule."""
    return Change(list_default=(effect,), everyone=True, elsewhere=True)


def adding_own_domain(name: str) -> Change:
    """Return the change that makes a domain, and all beneath it, yours (product rule 5)."""
    return Change(own_added=frozenset({name}), domains=frozenset({name}))


def removing_own_domain(name: str) -> Change:
    """Return the change that makes a domain no longer yours."""
    return Change(own_removed=frozenset({name}), domains=frozenset({name}))


def changing_own_domain(name: str, new: str) -> Change:
    """Return the change that puts another domain in the place of one of yours."""
    return removing_own_domain(name) + adding_own_domain(new)


def rule_as_fact(rule: NewListRule) -> ListRuleFact:
    """Return a rule that is not stored yet as the decision takes it."""
    ends_at = end_moment(rule.ends_on, timezone.get_default_timezone())
    return ListRuleFact(rule.name, rule.breadth, rule.effect, ends_at, "", rule.reason)

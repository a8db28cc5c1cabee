"""What the allow and deny list says of a name (product rules 19 to 21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from . import email_domains
from .decision import Reason
from .names import clean_description
from .values import canonical_name, known_choice, known_day

ALLOW, BLOCK = "allow", "block"
EFFECTS = (ALLOW, BLOCK)
ALONE, WITH_SUBDOMAINS = "alone", "with_subdomains"
BREADTHS = (ALONE, WITH_SUBDOMAINS)
COVERS = {ALONE: "this domain only", WITH_SUBDOMAINS: "including subdomains"}


@dataclass(frozen=True, slots=True)
class ListRuleFact:
    """A rule of the list. `ends_at` is the first moment at which it is no longer in force; None:
    never.
    """

    name: str
    breadth: str
    effect: str
    ends_at: datetime | None = None
    key: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        return (
            f"{self.name}, including subdomains"
            if self.breadth == WITH_SUBDOMAINS
            else f"{self.name}, this domain only"
        )

    @property
    def last_day(self) -> date | None:
        """The day after which it is no longer in force, as it was typed."""
        return (self.ends_at - timedelta(seconds=1)).date() if self.ends_at else None


@dataclass(frozen=True, slots=True)
class NewListRule:
    """A rule that somebody wants.

    `name` is canonical; `ends_on` is the last day, None for no end.
    """

    name: str
    breadth: str
    effect: str
    reason: str = ""
    ends_on: date | None = None


def known_effect(effect: object) -> str:
    """Return the effect, if there is such a one."""
    return known_choice(
        effect, EFFECTS, code="effect_unknown", text="Choose Allow or Block", field="effect"
    )


def known_breadth(breadth: object) -> str:
    """Return what a rule covers, if there is such a choice."""
    text = "Choose this domain only or including subdomains"
    return known_choice(breadth, BREADTHS, code="breadth_unknown", text=text, field="breadth")


def known_end(last_day: object) -> date | None:
    """Return the last day of a rule, if there is such a day; None for no end."""
    return known_day(last_day, field="ends_on")


def require_rule(rule: NewListRule) -> None:
    """Raise Refused unless a rule can be stored as it is: a domain in canonical form, choices that
    exist, a readable reason.
    """
    canonical_name(rule.name, field="names", canonical=email_domains.canonical_name_or_suffix)
    known_breadth(rule.breadth)
    known_effect(rule.effect)
    known_end(rule.ends_on)
    clean_reason(rule.reason)


def end_moment(last_day: date | None, zone: tzinfo) -> datetime | None:
    """Midnight after the last day, in the portal's time zone (product rule 21).

    The calendar's last day never ends.
    """
    return (
        datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone)
        if last_day and last_day < date.max
        else None
    )


def is_day_over(last_day: date | None, zone: tzinfo, at: datetime) -> bool:
    """Whether the day ended before `at`, in the portal's time zone."""
    return last_day is not None and last_day < at.astimezone(zone).date()


def clean_reason(text: str) -> str:
    """Why there is a rule, in as few words as a description."""
    return clean_description(text, field="reason", called="Reason")


def unreachable_rule(name: str, breadth: str) -> Reason | None:
    """Return why no address can ever meet a rule for the canonical name, or None when one can."""
    covered = (name,) if breadth == ALONE else (name, f"a.{name}")
    if any(email_domains.can_have_addresses(each) for each in covered):
        return None
    if email_domains.label_count(name) == 1:
        text = f"Nobody has an email address at {name} itself. Make the rule include subdomains"
    else:
        text = (
            f"A domain of {len(name)} characters is too long for email addresses."
            " Enter a shorter one"
        )
    return Reason("rule_unreachable", text, field="names")


def is_in_force(rule: ListRuleFact, at: datetime) -> bool:
    """Return whether the rule holds at that moment; its last day is its last (product rule 22)."""
    return rule.ends_at is None or at < rule.ends_at


def rule_covers(rule: ListRuleFact, name: str) -> bool:
    """Return whether the rule names the domain, or one above it including subdomains."""
    return (
        rule.name == name
        or rule.breadth == WITH_SUBDOMAINS
        and email_domains.is_beneath(name, rule.name)
    )


def deciding_rule(rules: Iterable[ListRuleFact], name: str, at: datetime) -> ListRuleFact | None:
    """The rule in force with the most labels; on one name, alone beats with subdomains.

    None: the default decides.
    """
    return next((rule for rule in _by_precedence(rules, name) if is_in_force(rule, at)), None)


def outranked_rule(rules: Iterable[ListRuleFact], name: str, at: datetime) -> ListRuleFact | None:
    """The rule that would decide if the deciding one were not there."""
    rules = tuple(rules)
    decides = deciding_rule(rules, name, at)
    return deciding_rule((rule for rule in rules if rule != decides), name, at)


class RulesByName:
    """Very many rules, of which those that cover a name are found by the names above it."""

    def __init__(self, rules: Iterable[ListRuleFact]):
        self._by_name: dict[str, list[ListRuleFact]] = {}
        for rule in rules:
            self._by_name.setdefault(rule.name, []).append(rule)

    def above(self, name: str) -> tuple[ListRuleFact, ...]:
        """Return the rules on the name and on names above it, whether they cover it or not."""
        return tuple(
            rule for parent in email_domains.parents(name) for rule in self._by_name.get(parent, ())
        )

    def deciding(self, name: str, at: datetime) -> ListRuleFact | None:
        return deciding_rule(self.above(name), name, at)


def ended_rule(rules: Iterable[ListRuleFact], name: str, at: datetime) -> ListRuleFact | None:
    """The rule that decided before it ended, where it still would."""
    first = next(iter(_by_precedence(rules, name)), None)
    return None if first is None or is_in_force(first, at) else first


def is_blocked(rules: Iterable[ListRuleFact], default: str, name: str, at: datetime) -> bool:
    """Return whether the deciding rule, else the default, blocks it (product rule 20)."""
    rule = deciding_rule(rules, name, at)
    return (rule.effect if rule else default) == BLOCK


def _by_precedence(rules: Iterable[ListRuleFact], name: str) -> list[ListRuleFact]:
    covering = (rule for rule in rules if rule_covers(rule, name))
    return sorted(
        covering,
        key=lambda rule: (email_domains.label_count(rule.name), rule.breadth == ALONE),
        reverse=True,
    )

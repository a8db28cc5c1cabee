"""The pages of the allow and deny list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ..models import Claim, ListRule, OwnName
from ..rules import email_domains
from ..rules.decision import Refused
from ..rules.list_rules import WITH_SUBDOMAINS, is_in_force
from .domain_list import rule_fact
from .keyset import Sort, a_text
from .pages import Page, page_of

BY_KEY = Sort("name", "key", a_text)


@dataclass(frozen=True, slots=True)
class RuleRow:
    rule: ListRule
    in_force: bool
    organizations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of a paste: the canonical name, or what is wrong with it."""

    typed: str
    name: str = ""
    problem: str = ""


def rule_page(text: str, effect: str, cursor: str, at: datetime) -> tuple[Page, list[RuleRow]]:
    """A page of rules in the order of names, each with the first organizations it bears on. Two statements and one per page row set."""
    rules = ListRule.objects.all()
    if effect in ListRule.Effect.values:
        rules = rules.filter(effect=effect)
    if text:
        rules = rules.filter(Q(name__contains=text.strip().lower()) | Q(reason__icontains=text))
    page = page_of(rules, BY_KEY, cursor)
    bearing = _bearing(page.rows)
    return page, [RuleRow(rule, is_in_force(rule_fact(rule), at), bearing[rule.pk]) for rule in page.rows]


def read_paste(text: str, breadth: str) -> list[PastedLine]:
    """Each line's canonical name, or its problem: not a name, twice in the paste, or a rule that exists."""
    lines = [_read_line(line) for line in text.splitlines() if line.strip()][:1000]
    present = set(ListRule.objects.filter(name__in=[line.name for line in lines], breadth=breadth).values_list("name", flat=True))
    seen: set[str] = set()
    return [_checked(line, present, seen) for line in lines]


def own_name_rows() -> list[OwnName]:
    return list(OwnName.objects.order_by("key"))


def _bearing(rules) -> dict[int, tuple[str, ...]]:
    """Names of the first organizations with a claim at or beneath each rule's name. One statement."""
    condition = Q(pk__in=[])
    for rule in rules:
        low, high = email_domains.beneath_range(rule.name)
        condition |= Q(name=rule.name) | (Q(key__gte=low, key__lt=high) if rule.breadth == WITH_SUBDOMAINS else Q(pk__in=[]))
    claims = Claim.objects.present().filter(condition, organization__deleted_at__isnull=True).order_by("key")
    rows = list(claims.values_list("name", "organization__name")[:200])
    return {rule.pk: _named(rule, rows) for rule in rules}


def _named(rule: ListRule, rows: list[tuple[str, str]]) -> tuple[str, ...]:
    fits = email_domains.is_at_or_beneath if rule.breadth == WITH_SUBDOMAINS else lambda name, own: name == own
    return tuple(dict.fromkeys(organization for name, organization in rows if fits(name, rule.name)))


def _read_line(line: str) -> PastedLine:
    typed = line.strip().removeprefix("*.")
    if "." not in typed and typed.isalnum() and typed.isascii():
        return PastedLine(line.strip(), typed.lower())  # a suffix of one label can be listed, though never claimed
    try:
        return PastedLine(line.strip(), email_domains.canonical_domain(typed))
    except Refused as refusal:
        return PastedLine(line.strip(), problem=str(refusal))


def _checked(line: PastedLine, present: set[str], seen: set[str]) -> PastedLine:
    if not line.problem and line.name in seen:
        return PastedLine(line.typed, line.name, "Stands twice in this list")
    seen.add(line.name)
    if not line.problem and line.name in present:
        return PastedLine(line.typed, line.name, f"There is a rule for {line.name} already")
    return line

"""The pages of the allow and deny list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from ..models import Claim, ListRule, OwnName
from ..rules import email_domains
from ..rules.decision import Refused
from ..rules.list_rules import WITH_SUBDOMAINS, RulesByName, is_in_force
from .domain_list import rule_fact, rules_above
from .keyset import Sort, a_text
from .pages import Page, page_of
from .ranges import first_present_beneath

CLAIMS_LOOKED_AT = 50  # beneath each rule
LINES_AT_ONCE = 1000
BY_KEY = Sort("name", "key", a_text)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, and by name the organizations of which it decides a name now: all of them, or the first that were looked at."""

    rule: ListRule
    in_force: bool
    organizations: tuple[str, ...]
    are_all: bool


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of a paste: the canonical name, or what is wrong with it."""

    typed: str
    name: str = ""
    problem: str = ""
    is_also: bool = False  # ticked among the other names of a directory


def rule_page(text: str, effect: str, cursor: str, at: datetime) -> tuple[Page, list[RuleRow]]:
    """A page of rules in the order of names, each with the organizations it bears on. The same statements whatever stands on it."""
    rules = ListRule.objects.all()
    if effect in ListRule.Effect.values:
        rules = rules.filter(effect=effect)
    if text:
        rules = rules.filter(Q(name__contains=text.strip().lower()) | Q(reason__icontains=text))
    page = page_of(rules, BY_KEY, cursor)
    claims = _claims_beneath(page.rows)
    decided = _decided(claims, at)
    return page, [_row(rule, claims, decided, at) for rule in page.rows]


def read_paste(text: str, breadth: str, *, also: Iterable[str] = ()) -> list[PastedLine]:
    """Each line's canonical name, or its problem: not a name, twice in the paste, or a rule that exists. What is ticked besides follows."""
    typed = [line for line in text.splitlines() if line.strip()]
    if len(typed) > LINES_AT_ONCE:
        return [
            PastedLine(f"{len(typed):,} lines", problem=f"Paste at most {LINES_AT_ONCE:,} at once")
        ]
    lines = [_read_line(line) for line in typed]
    pasted = {line.name for line in lines}
    lines += [
        replace(line, is_also=True)
        for line in map(_read_line, dict.fromkeys(also))
        if line.name not in pasted
    ]
    present = set(
        ListRule.objects.filter(
            name__in=[line.name for line in lines], breadth=breadth
        ).values_list("name", flat=True)
    )
    seen: set[str] = set()
    return [_checked(line, present, seen) for line in lines]


def own_name_rows() -> list[OwnName]:
    return list(OwnName.objects.order_by("key"))


def _claims_beneath(rules: Iterable[ListRule]) -> list[Claim]:
    """Claims on the rules' names, and the first beneath each."""
    claims = Claim.objects.present().select_related("organization").order_by("key")
    wide = [rule.name for rule in rules if rule.breadth == WITH_SUBDOMAINS]
    return [
        *claims.filter(name__in=[rule.name for rule in rules]),
        *first_present_beneath(claims, wide, CLAIMS_LOOKED_AT),
    ]


def _decided(claims: Iterable[Claim], at: datetime) -> dict[str, dict[str, None]]:
    """Names of organizations by the key of the rule that decides one of their claims."""
    rules = RulesByName(rules_above(claim.name for claim in claims))
    decided: dict[str, dict[str, None]] = {}
    for claim in claims:
        rule = rules.deciding(claim.name, at)
        if rule and not claim.organization.is_deleted:
            decided.setdefault(rule.key, {})[claim.organization.name] = None
    return decided


def _row(rule: ListRule, claims: list[Claim], decided: dict, at: datetime) -> RuleRow:
    beneath = sum(email_domains.is_beneath(claim.name, rule.name) for claim in claims)
    are_all = rule.breadth != WITH_SUBDOMAINS or beneath < CLAIMS_LOOKED_AT
    return RuleRow(
        rule, is_in_force(rule_fact(rule), at), tuple(decided.get(str(rule.uuid), ())), are_all
    )


def _read_line(line: str) -> PastedLine:
    try:
        return PastedLine(line.strip(), email_domains.canonical_name_or_suffix(line))
    except Refused as refusal:
        return PastedLine(line.strip(), problem=str(refusal))


def _checked(line: PastedLine, present: set[str], seen: set[str]) -> PastedLine:
    if not line.problem and line.name in seen:
        return replace(line, problem="Stands twice in this list")
    seen.add(line.name)
    if not line.problem and line.name in present:
        return replace(line, problem=f"There is a rule for {line.name} already")
    return line

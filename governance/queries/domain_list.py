"""The pages of the allow and deny list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from django.db.models import Q

from ..db.key_ranges import first_present_beneath
from ..db.keyset import Sort, a_text
from ..db.keyset_pages import Page, page_of
from ..facts.domain_list.verdicts import rule_fact, rules_above
from ..models import Claim, ListRule, OwnName
from ..rules import email_domains
from ..rules.domain_list import COVERS, WITH_SUBDOMAINS, RulesByName, is_in_force
from ..rules.domains import pasted as pasted_domains
from ..rules.domains.pasted import Paste, PastedEntry
from ..rules.domains.typed_forms import readable

CLAIMS_LOOKED_AT = 50  # beneath each rule
BY_KEY = Sort("name", "key", a_text)

# What becomes of a part of a paste, in the order of the sentence that counts them.
NEW, KNOWN, OPPOSITE, ENDED = "new", "known", "opposite", "ended"
TWICE, REFUSED, UNREADABLE = "twice", "refused", "unreadable"
COUNTED = {
    NEW: "new",
    KNOWN: "already there",
    OPPOSITE: "already there with the opposite effect",
    ENDED: "already there but ended",
    TWICE: "listed twice",
    REFUSED: "refused",
    UNREADABLE: "not valid",
}
TO_LOOK_AT = (UNREADABLE, REFUSED, OPPOSITE, ENDED)  # they stay in the box
SHOWN_OF_EACH = 50
PROBLEMS_AT_THE_FIELD = 5


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, and by name the organizations of which it decides a name now: all of them, or the
    first that were looked at.
    """

    rule: ListRule
    in_force: bool
    organizations: tuple[str, ...]
    are_all: bool


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of the preview: what was typed, how it was understood, and what becomes of it.

    `rule` is the one that is on the list already, `is_also` says that the domain was ticked among
    the other domains of a directory.
    """

    entry: PastedEntry
    verdict: str
    rule: ListRule | None = None
    is_also: bool = False

    @property
    def typed(self) -> str:
        return readable(self.entry.typed, 200)

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def breadth(self) -> str:
        return self.entry.breadth

    @property
    def covers(self) -> str:
        return COVERS.get(self.entry.breadth, "")

    @property
    def problem(self) -> str:
        """Return why it is not saved, for a line that needs somebody to look at it."""
        if self.rule and self.verdict == OPPOSITE:
            there = f"{self.rule.get_effect_display()}. Change that rule if it is wrong"
            return f"{self.name} already has a rule with the opposite effect: {there}"
        if self.rule and self.verdict == ENDED:
            return (
                f"The rule for {self.name} ended on {self.rule.ends_on:%d %b %Y}."
                " Change its end date"
            )
        return self.entry.problem


@dataclass(frozen=True, slots=True)
class LinesOfAKind:
    """The first lines with one verdict; `rest` says how many more there are, "" where there are
    none.
    """

    lines: tuple[PastedLine, ...]
    rest: str


@dataclass(frozen=True)
class PastedRules:
    """A paste compared with the list."""

    lines: tuple[PastedLine, ...]
    paste: Paste = Paste(())

    @cached_property
    def new(self) -> tuple[PastedLine, ...]:
        return tuple(line for line in self.lines if line.verdict == NEW)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(line.verdict for line in self.lines)

    @property
    def sentence(self) -> str:
        """Return the counts, and that there is nothing to save where that is so."""
        if not self.new and not self.counts.keys() - {KNOWN, TWICE}:
            return f"{_all_known(self.counts[KNOWN])} There is nothing to save."
        said = ", ".join(
            f"{self.counts[each]:,} {words}" for each, words in COUNTED.items() if self.counts[each]
        )
        return f"{said}." if self.new else f"{said}. There is nothing to save."

    @property
    def next_step(self) -> str:
        """Return what Save will do: the good lines are saved although others are not."""
        if not self.new:
            return ""
        if not any(self.counts[each] for each in TO_LOOK_AT):
            return "Nothing is saved yet."
        return "Save adds the new domains. The lines with problems stay in the box."

    @property
    def kinds(self) -> list[LinesOfAKind]:
        """Return the first lines of each kind, those to look at first."""
        order = sorted(COUNTED, key=lambda verdict: verdict not in TO_LOOK_AT)
        return [self._kind(verdict) for verdict in order if self.counts[verdict]]

    def _kind(self, verdict: str) -> LinesOfAKind:
        lines = [line for line in self.lines if line.verdict == verdict]
        more = len(lines) - SHOWN_OF_EACH
        rest = f"And {more:,} more {COUNTED[verdict]}" if more > 0 else ""
        return LinesOfAKind(tuple(lines[:SHOWN_OF_EACH]), rest)

    @property
    def left_out(self) -> list[str]:
        """Return what of the paste was not read as domains:
        column titles, other columns, comments.
        """
        said = []
        if self.paste.heading:
            said.append(f"Read as column titles: {readable(self.paste.heading, 200)}")
        if self.paste.columns:
            said.append(f"Columns read: {readable(', '.join(self.paste.columns), 200)}")
        if self.paste.comments:
            said.append(f"Comment lines ignored: {self.paste.comments:,}")
        return said

    @property
    def problems(self) -> list[str]:
        """Return what is shown at the field: the first few lines that cannot be saved."""
        lines = self.left_over.lines
        said = [_problem_with_text(line) for line in lines[:PROBLEMS_AT_THE_FIELD]]
        more = len(lines) - len(said)
        return [*said, f"And {more:,} more, listed below"] if more else said

    @property
    def left(self) -> str:
        """Return what stays in the box, as it was typed."""
        return "\n".join(dict.fromkeys(line.entry.left for line in self.left_over.lines))

    @property
    def left_over(self) -> PastedRules:
        return PastedRules(tuple(line for line in self.lines if line.verdict in TO_LOOK_AT))

    @property
    def saved(self) -> str:
        """Return what was saved, once it was, and what was not."""
        added, known = len(self.new), self.counts[KNOWN]
        parts = [f"{added:,} rule{'s' * (added != 1)} added."]
        if known:
            parts.append(f"{known:,} {'were' if known != 1 else 'was'} already there.")
        if left := len(self.left_over.lines):
            parts.append(f"{left:,} {'were' if left != 1 else 'was'} not saved. See why below.")
        return " ".join(parts)


def rule_page(text: str, effect: str, cursor: str, at: datetime) -> tuple[Page, list[RuleRow]]:
    """A page of rules in the order of names, each with the organizations it bears on.

    The same statements whatever stands on it.
    """
    rules = ListRule.objects.all()
    if effect in ListRule.Effect.values:
        rules = rules.filter(effect=effect)
    if text:
        rules = rules.filter(Q(name__contains=text.strip().lower()) | Q(reason__icontains=text))
    page = page_of(rules, BY_KEY, cursor)
    claims = _claims_beneath(page.rows)
    decided = _decided(claims, at)
    return page, [_row(rule, claims, decided, at) for rule in page.rows]


def read_paste(given: Mapping[str, str], also: Iterable[str], at: datetime) -> PastedRules:
    """Compare every part of a paste, and the domains ticked besides, with the list. One statement.

    `given` has the paste under "names", the "effect" of its rules, and the "breadth" of those for
    plain domains: a wildcard always includes subdomains.
    """
    paste = pasted_domains.read(given["names"], given["breadth"])
    pasted = {(entry.name, entry.breadth) for entry in paste.entries}
    ticked = [pasted_domains.read_one(name, given["breadth"]) for name in dict.fromkeys(also)]
    more = [entry for entry in ticked if (entry.name, entry.breadth) not in pasted]
    present = _present_rules({entry.name for entry in (*paste.entries, *more) if entry.name})
    compare = partial(_line, effect=given["effect"], present=present, seen=set(), at=at)
    lines = [*map(compare, paste.entries), *(compare(entry, is_also=True) for entry in more)]
    return PastedRules(tuple(lines), paste)


def own_name_rows() -> list[OwnName]:
    """Return your domains by name."""
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


def _present_rules(names: set[str]) -> dict[tuple[str, str], ListRule]:
    rules = ListRule.objects.filter(name__in=names) if names else ()
    return {(rule.name, rule.breadth): rule for rule in rules}


def _line(
    entry: PastedEntry,
    *,
    effect: str,
    present: dict[tuple[str, str], ListRule],
    seen: set[tuple[str, str]],
    at: datetime,
    is_also: bool = False,
) -> PastedLine:
    identity = entry.name, entry.breadth
    if entry.problem:
        return PastedLine(entry, REFUSED if entry.name else UNREADABLE, None, is_also)
    if identity in seen:
        return PastedLine(entry, TWICE, None, is_also)
    seen.add(identity)
    rule = present.get(identity)
    return PastedLine(entry, _verdict(rule, effect, at), rule, is_also)


def _verdict(rule: ListRule | None, effect: str, at: datetime) -> str:
    if rule is None:
        return NEW
    if rule.effect != effect:
        return OPPOSITE
    return KNOWN if is_in_force(rule_fact(rule), at) else ENDED


def _problem_with_text(line: PastedLine) -> str:
    return (
        line.problem if line.verdict in (OPPOSITE, ENDED) else f"{line.typed[:80]}: {line.problem}"
    )


def _all_known(number: int) -> str:
    if number == 1:
        return "This domain is already on the allow and deny list."
    return f"All {number:,} domains are already on the allow and deny list."

"""What a change of the allow and deny list would do to organizations and people. Reads only; asks no more than the names concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import Claim, ListDefault, ListRule
from ..rules import email_domains
from ..rules.fingerprints import fingerprint
from ..rules.list_rules import ALLOW, ListRuleFact
from .changed_by_rules import changed_organizations, changed_people, spans_of
from .domain_list import rule_fact
from .one_statement import ask, listed
from .ranges import at_or_beneath

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ListChange:
    """Rules that come, keys of rules that go, and the default afterwards (None: as it is)."""

    added: tuple[ListRuleFact, ...] = ()
    removed: frozenset[str] = frozenset()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class ListEffect:
    """Organizations with a name that becomes blocked or free, people who lose or gain, the first organizations and people by name."""

    blocks: int
    frees: int
    people_blocked: int
    people_freed: int
    organizations: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, bool], ...]
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        return not (self.blocks or self.frees or self.people_blocked or self.people_freed)

    @property
    def sentence(self) -> str:
        """What it does, in the words of the page."""
        if self.is_empty:
            return "This changes nothing for anybody who is here now."
        parts = [
            _part("blocks", self.blocks, self.people_blocked, "from new requests"),
            _part("lets", self.frees, self.people_freed, "ask again"),
        ]
        return f"This {' and '.join(part for part in parts if part)}. Present access stays."


def list_effect(change: ListChange, at: datetime) -> ListEffect:
    """What would differ for present claims and people at that moment. Four statements, the two long ones in the database's hands."""
    gone = listed(ListRule.objects.filter(uuid__in=change.removed), "name")
    _counts, told = ask({}, {"default": listed(ListDefault.objects.all(), "effect"), "gone": gone})
    default = told["default"][0][0] if told["default"] else ALLOW
    names = (
        None
        if change.default
        else {*(rule.name for rule in change.added), *(name for (name,) in told["gone"])}
    )
    spans = spans_of(_rules(names), change.added, change.removed, names, at)
    organizations = changed_organizations(spans, default, change.default or default, SHOWN)
    people = changed_people(spans, default, change.default or default, SHOWN)
    return ListEffect(
        organizations.blocked,
        organizations.freed,
        people.blocked,
        people.freed,
        tuple((key, name) for key, name, _blocked in organizations.first),
        people.first,
        fingerprint((organizations, people)),
    )


def _rules(names: set[str] | None) -> list[ListRuleFact]:
    """Those that can decide about one of the names or a name beneath one; None: about any name."""
    rules = ListRule.objects.all()
    if names is not None:
        rules = rules.filter(
            name__in={parent for name in names for parent in email_domains.parents(name)}
        ) | at_or_beneath(rules, names, key="key")
    return [rule_fact(rule) for rule in rules]


def exceptions_beneath(name: str) -> list[ListRule]:
    """Rules on longer names, which go on deciding when `name` gets a rule with subdomains."""
    low, high = email_domains.beneath_range(name)
    return list(ListRule.objects.filter(key__gte=low, key__lt=high).order_by("key")[:50])


def names_of_the_same_directory(name: str) -> list[str]:
    """The other names that the directory claiming `name` claims: whoever is shut out by one may come by another."""
    source = (
        Claim.objects.present()
        .filter(name=name, source__kind="directory")
        .values_list("source_id", flat=True)
        .first()
    )
    return (
        sorted(
            Claim.objects.present()
            .filter(source_id=source)
            .exclude(name=name)
            .values_list("name", flat=True)
        )
        if source
        else []
    )


def _part(verb: str, organizations: int, people: int, what: str) -> str:
    if not organizations and not people:
        return ""
    named = [f"{organizations} organization{'s' * (organizations != 1)}"] if organizations else []
    named += [f"{people} {'people' if people != 1 else 'person'}"] if people else []
    return f"{verb} {' and '.join(named)} {what}"

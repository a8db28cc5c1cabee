"""What a change of the allow and deny list would do to organizations and people. Reads only; asks no more than the names concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, QuerySet

from ..models import Claim, ListRule, Person
from ..rules import email_domains
from ..rules.fingerprints import fingerprint
from ..rules.list_rules import BLOCK, ListRuleFact, RulesByName
from .domain_list import list_default, rule_fact
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


class _Rules:
    """All rules, before or after."""

    def __init__(self, rules: Iterable[ListRuleFact], default: str, at: datetime):
        self.rules, self.default, self.at = RulesByName(rules), default, at

    def blocks(self, name: str) -> bool:
        rule = self.rules.deciding(name, self.at)
        return (rule.effect if rule else self.default) == BLOCK


def list_effect(change: ListChange, at: datetime) -> ListEffect:
    """What would differ for present claims and people at that moment."""
    rules = [rule_fact(rule) for rule in ListRule.objects.all()]
    default = list_default()
    before = _Rules(rules, default, at)
    after = _Rules([*(r for r in rules if r.key not in change.removed), *change.added], change.default or default, at)
    names = None if change.default else {r.name for r in (*change.added, *(r for r in rules if r.key in change.removed))}
    claims, people = Claim.objects.present().filter(organization__deleted_at__isnull=True), Person.objects.guests().exclude(state=Person.State.REMOVED)
    if names is not None:
        claims, people = at_or_beneath(claims, names, key="key", present=True), at_or_beneath(people, names, key="domain_key")
    numbers = _people(people, before, after)
    first = tuple(islice(_changed_people(people, before, after), SHOWN)) if any(numbers.values()) else ()
    return _effect(_organizations(claims, before, after), numbers, first)


def exceptions_beneath(name: str) -> list[ListRule]:
    """Rules on longer names, which go on deciding when `name` gets a rule with subdomains."""
    low, high = email_domains.beneath_range(name)
    return list(ListRule.objects.filter(key__gte=low, key__lt=high).order_by("key")[:50])


def names_of_the_same_directory(name: str) -> list[str]:
    """The other names that the directory claiming `name` claims: whoever is shut out by one may come by another."""
    source = Claim.objects.present().filter(name=name, source__kind="directory").values_list("source_id", flat=True).first()
    return sorted(Claim.objects.present().filter(source_id=source).exclude(name=name).values_list("name", flat=True)) if source else []


def _organizations(claims: QuerySet, before: _Rules, after: _Rules) -> dict[tuple[str, str], bool]:
    """Organizations, by key and name, with a name that becomes blocked (True) or free (False)."""
    changed = {}
    columns = claims.order_by("organization__name_key").values_list("name", "organization__uuid", "organization__name")
    for name, key, organization in columns.iterator(chunk_size=5000):
        if before.blocks(name) != after.blocks(name):
            changed[(str(key), organization)] = after.blocks(name)
    return changed


def _people(people: QuerySet, before: _Rules, after: _Rules) -> dict[bool, int]:
    numbers = {True: 0, False: 0}
    for domain, number in people.values_list("domain").annotate(n=Count("id")).order_by("domain").iterator(chunk_size=5000):
        if before.blocks(domain) != after.blocks(domain):
            numbers[after.blocks(domain)] += number
    return numbers


def _changed_people(people: QuerySet, before: _Rules, after: _Rules) -> Iterator[tuple[str, str, bool]]:
    """Name, address and whether blocked then, of each person by name for whom it differs."""
    for name, email, domain in people.order_by("name_key", "id").values_list("name", "email", "domain").iterator(chunk_size=500):
        if before.blocks(domain) != after.blocks(domain):
            yield name, email, after.blocks(domain)


def _effect(organizations: dict, people: dict[bool, int], first: tuple[tuple[str, str, bool], ...]) -> ListEffect:
    blocks = sum(organizations.values())
    told = (sorted(organizations.items()), people[True], people[False])
    return ListEffect(
        blocks, len(organizations) - blocks, people[True], people[False], tuple(organizations)[:SHOWN], first,
        fingerprint(told),
    )  # fmt: skip


def _part(verb: str, organizations: int, people: int, what: str) -> str:
    if not organizations and not people:
        return ""
    named = [f"{organizations} organization{'s' * (organizations != 1)}"] if organizations else []
    named += [f"{people} {'people' if people != 1 else 'person'}"] if people else []
    return f"{verb} {' and '.join(named)} {what}"

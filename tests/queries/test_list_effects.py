"""What a change of the list would do, asked in bulk: the same as deciding about every claim and every person, before and after."""

from __future__ import annotations

import random
from datetime import date

import pytest

from governance.actions import deleted_organizations
from governance.models import Claim, ListRule, Person
from governance.queries.domain_list import rule_fact
from governance.queries.list_effects import ListChange, ListEffect, list_effect
from governance.rules.list_rules import (
    ALLOW,
    ALONE,
    BLOCK,
    WITH_SUBDOMAINS,
    ListRuleFact,
    is_blocked,
)
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


def blocked(rules, default: str) -> tuple[dict[str, set[bool]], dict[str, bool]]:
    """By deciding about each: what is said of each organization's names, and of each person."""
    names, people = {}, {}
    for claim in (
        Claim.objects.present().filter(organization__deleted_at=None).select_related("organization")
    ):
        names.setdefault(claim.organization.name, {})[claim.name] = is_blocked(
            rules, default, claim.name, make.NOON
        )
    for person in Person.objects.guests().exclude(state="removed"):
        people[person.email] = is_blocked(rules, default, person.domain, make.NOON)
    return names, people


def by_deciding(change: ListChange, default: str) -> tuple:
    present = [rule_fact(rule) for rule in ListRule.objects.all()]
    after = [*(rule for rule in present if rule.key not in change.removed), *change.added]
    (names, people), (names_then, people_then) = (
        blocked(present, default),
        blocked(after, change.default or default),
    )
    changed = {
        o: {names_then[o][n] for n in names[o] if names[o][n] != names_then[o][n]}
        for o in names
        if names[o] != names_then[o]
    }
    persons = [people_then[p] for p in people if people[p] != people_then[p]]
    blocks = sorted(o for o in changed if True in changed[o])
    return (
        len(blocks),
        len(changed) - len(blocks),
        persons.count(True),
        persons.count(False),
        sorted(changed)[:10],
    )


def told(effect: ListEffect) -> tuple:
    return (
        effect.blocks,
        effect.frees,
        effect.people_blocked,
        effect.people_freed,
        [name for _key, name in effect.organizations],
    )


def world(dice: random.Random) -> list[str]:
    names = list(
        dict.fromkeys(
            f"{'.'.join(dice.choices(['a', 'b', 'a-b'], k=depth))}.example"
            for depth in (1, 2, 3, 4)
            for _ in range(5)
        )
    )
    for number, name in enumerate(names):
        partner = make.organization(
            f"Partner {number:02}", name, *([f"partner-{number}.test"] if number % 3 == 0 else [])
        )
        if number % 2:
            make.guest(
                f"guest@{dice.choice(['', 'x.'])}{name}",
                state="removed" if number % 7 == 0 else "active",
            )
        if number % 9 == 5:
            deleted_organizations.delete(organization=partner, by=SYSTEM, at=make.NOON)
    return [*names, "example", "test"]


@pytest.mark.parametrize("seed", range(12))
def test_it_says_the_same_as_deciding_about_each(seed):
    dice = random.Random(seed)
    names = world(dice)
    for name in dice.sample(names, 6):
        make.list_rule(
            name,
            dice.choice([ALLOW, BLOCK]),
            dice.choice([ALONE, WITH_SUBDOMAINS]),
            ends_on=dice.choice([None, None, date(2026, 1, 1)]),
        )
    default = dice.choice([ALLOW, BLOCK])
    make.list_default(default)
    present = list(ListRule.objects.order_by("id"))
    removed = frozenset(str(rule.uuid) for rule in dice.sample(present, dice.choice([0, 1, 2])))
    free = [name for name in names if name not in {rule.name for rule in present}]
    added = tuple(
        ListRuleFact(name, dice.choice([ALONE, WITH_SUBDOMAINS]), dice.choice([ALLOW, BLOCK]))
        for name in dice.sample(free, 2)
    )
    for change in (
        ListChange(added=added),
        ListChange(removed=removed),
        ListChange(added, removed),
        ListChange(default=BLOCK if default == ALLOW else ALLOW),
    ):
        assert told(list_effect(change, make.NOON)) == by_deciding(change, default)


def test_the_first_people_are_named_with_what_they_become(fabrikam, bob):
    effect = list_effect(
        ListChange(added=(ListRuleFact("eng.fabrikam.example", WITH_SUBDOMAINS, BLOCK),)), make.NOON
    )
    assert effect.people == (("Bob Ferreira", "bob@eng.fabrikam.example", True),)


def test_another_organization_concerned_is_another_fingerprint(fabrikam):
    change = ListChange(added=(ListRuleFact("example", WITH_SUBDOMAINS, BLOCK),))
    seen = list_effect(change, make.NOON).fingerprint
    make.organization("Another", "another.example")
    assert (list_effect(change, make.NOON).fingerprint == seen, seen != "") == (False, True)


def test_a_change_of_the_default_costs_the_same_whatever_the_size(django_assert_num_queries):
    make.many_organizations(200)
    with django_assert_num_queries(4):
        list_effect(ListChange(default=BLOCK), make.NOON)

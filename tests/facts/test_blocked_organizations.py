"""Blocked as a whole: asked in bulk it says the same as the rule that decides for one name."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.utils import timezone

from governance.facts.domain_list.blocked_organizations import is_blocked_whole
from governance.facts.domain_list.verdicts import rule_fact
from governance.models import ListRule, Organization
from governance.rules.domain_list import ALLOW, BLOCK, BREADTHS, is_blocked
from tests import make

pytestmark = pytest.mark.django_db


def blocked(default: str = ALLOW) -> list[str]:
    return sorted(
        Organization.objects.filter(is_blocked_whole(default, make.NOON)).values_list(
            "name", flat=True
        )
    )


def test_an_organization_is_blocked_when_all_its_names_are():
    make.organization("One", "one.example")
    make.organization("Two", "two.example", "other.test")
    for name in ("one.example", "two.example"):
        make.list_rule(name)
    assert blocked() == ["One"]


def test_a_block_above_covers_names_beneath_by_whole_labels():
    make.organization("Beneath", "eng.fabrikam.example")
    make.organization("Beside", "evilfabrikam.example")
    make.list_rule("fabrikam.example")
    assert blocked() == ["Beneath"]


def test_an_exception_beneath_a_block_wins():
    make.organization("Fabrikam", "eng.fabrikam.example")
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    assert blocked() == []


def test_alone_beats_with_subdomains_on_one_name():
    make.organization("Fabrikam", "fabrikam.example")
    make.list_rule("fabrikam.example", "allow", "alone")
    make.list_rule("fabrikam.example", "block")
    assert blocked() == []


def test_a_rule_for_a_name_alone_leaves_names_beneath():
    make.organization("Fabrikam", "eng.fabrikam.example")
    make.list_rule("fabrikam.example", "block", "alone")
    assert blocked() == []


@pytest.mark.parametrize(
    ("ends_on", "found"), [(date(2026, 11, 22), []), (date(2026, 11, 23), ["Fabrikam"])]
)
def test_a_rule_counts_until_its_last_day_is_over(ends_on, found):
    make.organization("Fabrikam", "fabrikam.example")
    make.list_rule("fabrikam.example", ends_on=ends_on)
    assert blocked() == found


def test_with_the_default_block_only_an_allowed_name_opens():
    make.organization("Closed", "closed.example")
    make.organization("Open", "open.example", "more.test")
    make.list_rule("open.example", "allow")
    assert blocked(BLOCK) == ["Closed"]


@pytest.mark.parametrize("seed", range(8))
def test_it_agrees_with_the_rule_for_one_name(seed):
    """Random rules, some of them over, over nested names of organizations with one to three."""
    dice = random.Random(seed)
    names = [
        f"{'.'.join(dice.choices('ab', k=depth))}.example"
        for depth in (1, 2, 3, 4)
        for _ in range(6)
    ]
    left = list(dict.fromkeys(names))
    while left:
        some = [left.pop() for _ in range(min(len(left), dice.randint(1, 3)))]
        make.organization(f"Partner {len(left)}", *some)
    places = [(name, breadth) for name in [*names, "example"] for breadth in BREADTHS]
    for name, breadth in dict.fromkeys(dice.choices(places, k=16)):
        ends_on = dice.choice([None, None, date(2026, 11, 22), date(2026, 11, 23)])
        make.list_rule(name, dice.choice([ALLOW, BLOCK]), breadth, ends_on=ends_on)
    rules = [rule_fact(rule) for rule in ListRule.objects.all()]
    for default in (ALLOW, BLOCK):
        assert blocked(default) == sorted(
            organization.name
            for organization in Organization.objects.all()
            if all(
                is_blocked(rules, default, claim.name, timezone.localtime(make.NOON))
                for claim in organization.claims.all()
            )
        )

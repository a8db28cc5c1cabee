"""The overlap map: whose names lie above names of others."""

from __future__ import annotations

import random

import pytest

from governance.actions.organizations import sources
from governance.models import Claim
from governance.queries.overlap_map import overlap_page
from governance.rules.email_domains import is_beneath
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, list[str], bool]]:
    return [
        (overlap.claim.name, [claim.name for claim in overlap.beneath], overlap.reaches)
        for overlap in overlap_page("").rows
    ]


def test_a_name_beneath_one_of_another_organization_is_on_the_map(fabrikam):
    make.organization("Fabrikam labs", "labs.fabrikam.example")
    assert found() == [("fabrikam.example", ["labs.fabrikam.example"], True)]


def test_names_that_only_begin_alike_do_not_hide_one_that_lies_beneath(fabrikam):
    make.organization("Others", "fabrikam-italia.example", "fabrikam-italia.test")
    make.organization("Fabrikam labs", "labs.fabrikam.example")
    assert found() == [("fabrikam.example", ["labs.fabrikam.example"], True)]


def test_a_name_that_only_ends_alike_is_not_on_the_map(fabrikam):
    make.organization(
        "Evil", "evilfabrikam.example", "fabrikam-evil.example", "fabrikamevil.example"
    )
    assert found() == []


def test_names_of_one_organization_are_not_on_the_map():
    make.organization("Fabrikam", "fabrikam.example", "labs.fabrikam.example")
    assert found() == []


def test_each_name_above_is_told_with_all_that_lie_beneath_it(fabrikam):
    make.organization("Labs", "labs.fabrikam.example")
    make.organization("Optics", "optics.labs.fabrikam.example")
    assert found() == [
        ("fabrikam.example", ["labs.fabrikam.example", "optics.labs.fabrikam.example"], True),
        ("labs.fabrikam.example", ["optics.labs.fabrikam.example"], True),
    ]


def by_walking() -> list[tuple[str, list[str]]]:
    """The same by comparing every claim with every other."""
    claims = sorted(Claim.objects.present(), key=lambda claim: claim.key)
    others = {
        a: [
            b.name
            for b in claims
            if b.organization_id != a.organization_id and is_beneath(b.name, a.name)
        ]
        for a in claims
    }
    return [(claim.name, beneath) for claim, beneath in others.items() if beneath]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_order_names_came_and_went_in_the_map_has_every_overlap(seed):
    dice = random.Random(seed)
    names = list(
        dict.fromkeys(
            f"{'.'.join(dice.choices(['a', 'b', 'a-b'], k=depth))}.example"
            for depth in (1, 2, 3)
            for _ in range(6)
        )
    )
    dice.shuffle(names)
    for number, name in enumerate(names):
        partner = make.organization(f"Partner {number}", name, f"partner-{number}.test")
        if dice.random() < 0.3:
            sources.change_sources(
                organization=partner,
                sources=(NewSource(f"partner-{number}.test"),),
                by=SYSTEM,
                at=make.NOON,
            )
    assert [(name, beneath) for name, beneath, _reaches in found()] == by_walking()


def test_a_page_has_twenty_five_and_names_the_next():
    for number in range(27):
        make.organization(f"Above {number}", f"above-{number:02}.example")
        make.organization(f"Beneath {number}", f"lab.above-{number:02}.example")
    first = overlap_page("")
    second = overlap_page(first.next)
    assert [overlap.claim.name for overlap in (*first.rows, *second.rows)] == [
        f"above-{number:02}.example" for number in range(27)
    ]
    assert (len(first.rows), second.next, overlap_page(second.previous).rows == first.rows) == (
        25,
        "",
        True,
    )


def test_of_very_many_names_beneath_one_the_first_are_told(fabrikam):
    make.organization("Labs", *(f"lab{number:02}.fabrikam.example" for number in range(60)))
    (overlap,) = overlap_page("").rows
    assert ([claim.name for claim in overlap.beneath], overlap.more) == (
        [f"lab{number:02}.fabrikam.example" for number in range(50)],
        True,
    )


def test_many_names_of_its_own_hide_no_name_of_another(fabrikam):
    make.organization(
        "Wide", "wide.example", *(f"a{number:02}.wide.example" for number in range(60))
    )
    make.organization("Labs", "labs.wide.example")
    assert found() == [("wide.example", ["labs.wide.example"], True)]

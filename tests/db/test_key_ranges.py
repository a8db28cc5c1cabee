"""Rows at or beneath many names, compared with a walk over all of them."""

from __future__ import annotations

import pytest
from django.db import connection

from governance.db.key_ranges import at_or_beneath
from governance.facts.claims.covering import NEIGHBOURS_SHOWN, name_facts
from governance.models import Claim, ListRule, Person
from tests import make

pytestmark = pytest.mark.django_db
NAMES = (
    "a.example",
    "x.a.example",
    "z.x.a.example",
    "a-b.example",
    "ab.example",
    "a.b.example",
    "xn--bcher-kva.example",
    "a0.example",
)


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("a.example",),
        ("x.a.example", "ab.example"),
        ("example.test",),
        ("a.example", "a.example", "x.a.example"),
        NAMES,
    ],
)
def test_guests_at_or_beneath_are_found_each_once(asked):
    for name in NAMES:
        make.guest(f"lea@{name}")
    expected = sorted(
        name for name in NAMES if any(name == each or name.endswith(f".{each}") for each in asked)
    )
    assert (
        sorted(
            at_or_beneath(Person.objects.guests(), asked, key="domain_key").values_list(
                "domain", flat=True
            )
        )
        == expected
    )


def test_very_many_names_are_one_statement(django_assert_num_queries):
    make.guest("lea@eu.n1499.example")
    with django_assert_num_queries(1):
        assert (
            at_or_beneath(
                Person.objects.guests(),
                (f"n{number}.example" for number in range(1500)),
                key="domain_key",
            ).count()
            == 1
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted")
@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (Claim.objects.present(), "key"),
        (Person.objects.guests(), "domain_key"),
        (ListRule.objects.all(), "key"),
    ],
)
def test_the_rows_beneath_a_name_are_looked_up_and_no_table_is_read(rows, key):
    plan = at_or_beneath(rows, ["a.example", "b.example"], key=key).explain()
    assert [line for line in plan.splitlines() if "SCAN" in line.upper() and " t" in line] == []
    assert plan.count("SEARCH t USING") == 1


def test_the_first_claims_beneath_each_name_are_its_neighbours():
    make.organization(
        "Many", *(f"n{number:03}.a.example" for number in range(NEIGHBOURS_SHOWN + 5))
    )
    make.organization("Zeta", "x.z.example")
    facts = name_facts(["a.example", "z.example", "y.z.example"])
    assert len(facts["a.example"].neighbours) == NEIGHBOURS_SHOWN
    assert [holder.name for holder in facts["z.example"].neighbours] == ["x.z.example"]
    assert facts["y.z.example"].neighbours == ()


def test_released_claims_are_nobodys_neighbours():
    make.organization("Zeta", "x.z.example")
    Claim.objects.update(released_at=make.NOON)
    assert name_facts(["z.example"])["z.example"].neighbours == ()

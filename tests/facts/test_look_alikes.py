"""Which known name a new one imitates, found by index."""

from datetime import date
from random import Random

import pytest

from governance.actions.organizations.deletion import delete
from governance.facts.claims.look_alikes import imitated_name
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners(fabrikam):
    make.organization("Contoso", "contoso.example")
    make.own_name("harbourgate.example")
    make.list_rule("northwind.example", "allow")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("fabr1kam.example", "fabrikam.example"),
        ("mail.fabrikan.example", "fabrikam.example"),
        ("xn--fbrikam-2fg.example", "fabrikam.example"),
        ("harbourqate.example", "harbourgate.example"),
        ("nortwind.example", "northwind.example"),
        ("eng.fabrikam.example", None),
        ("fabrikam.example", None),
        ("tailspin.example", None),
    ],
)
def test_a_name_imitates_one_that_is_claimed_ours_or_listed(partners, name, known):
    assert imitated_name(name, make.NOON) == known


def test_many_names_of_ones_own_hide_no_imitated_one(fabrikam):
    make.organization("Fabricam", *(f"site{number}.fabr1kam.example" for number in range(60)))
    assert imitated_name("new.fabr1kam.example", make.NOON) == "fabrikam.example"


@pytest.mark.parametrize(("name", "statements"), [("tailspin.example", 1), ("fabr1kam.example", 2)])
def test_one_statement_asks_for_names_that_look_near_and_one_whether_they_are_genuine(
    partners, django_assert_num_queries, name, statements
):
    with django_assert_num_queries(statements):
        imitated_name(name, make.NOON)


def claimed(name: str) -> None:
    make.organization("Genuine", name)


def blocked(name: str, **more) -> None:
    make.list_rule(name, **more)


def deleted(name: str) -> None:
    delete(organization=make.organization("Gone", name), by=SYSTEM, at=make.NOON)


def proposed(name: str) -> None:
    make.organization("Proposed", name, state="proposed")


GENUINE = {
    "claimed": [claimed],
    "claimed by a proposed organization": [proposed],
    "one of our own": [make.own_name],
    "one of our own that the list blocks": [make.own_name, blocked],
    "allowed by the list": [lambda name: make.list_rule(name, "allow")],
    "claimed, and blocked until yesterday": [
        claimed,
        lambda name: blocked(name, ends_on=date(2026, 11, 22)),
    ],
    "claimed, and only names beneath it blocked": [
        claimed,
        lambda name: blocked(f"eng.{name}"),
    ],
    "claimed, and an exception from a wider block": [
        claimed,
        lambda name: blocked("example"),
        lambda name: make.list_rule(name, "allow"),
    ],
    "claimed, while names without a rule are blocked": [
        claimed,
        lambda name: make.list_default("block"),
    ],
}
NOT_GENUINE = {
    "blocked": [blocked],
    "blocked by this domain only": [lambda name: blocked(name, breadth="alone")],
    "claimed and blocked": [claimed, blocked],
    "claimed, and its suffix blocked": [
        claimed,
        lambda name: blocked("example"),
    ],
    "held by a deleted organization": [deleted],
    "allowed by the list and held by a deleted organization": [
        deleted,
        lambda name: make.list_rule(name, "allow"),
    ],
    "beneath a name of a deleted organization, and allowed": [
        deleted,
        lambda name: make.list_rule(f"eng.{name}", "allow"),
    ],
    "allowed until yesterday": [
        lambda name: make.list_rule(name, "allow", ends_on=date(2026, 11, 22))
    ],
    "allowed by this domain only, which a wider block does not change, and ended": [
        lambda name: make.list_rule(name, "allow", "alone", ends_on=date(2026, 11, 22)),
        lambda name: blocked("example"),
    ],
}


def state(steps) -> None:
    for step in steps:
        step("acrne-tools.example")


@pytest.mark.parametrize("steps", GENUINE.values(), ids=GENUINE)
def test_a_genuine_name_is_offered(steps):
    state(steps)
    assert imitated_name("acme-tools.example", make.NOON) == "acrne-tools.example"


@pytest.mark.parametrize("steps", NOT_GENUINE.values(), ids=NOT_GENUINE)
def test_a_blocked_name_or_one_of_a_deleted_organization_is_not_offered(steps):
    state(steps)
    assert imitated_name("acme-tools.example", make.NOON) is None


def test_a_genuine_name_is_offered_where_a_blocked_one_comes_first():
    make.organization("Blocked", "acme-toois.example")
    blocked("acme-toois.example")
    make.organization("Genuine", "acrne-tools.example")
    assert imitated_name("acme-tools.example", make.NOON) == "acrne-tools.example"


def test_many_blocked_names_hide_no_genuine_one():
    make.organization("Many", *(f"s{number:03}.acme-toois.example" for number in range(120)))
    blocked("acme-toois.example")
    make.organization("Genuine", "acrne-tools.example")
    assert imitated_name("acme-tools.example", make.NOON) == "acrne-tools.example"


LOOK_ALIKES = {
    "own": ["z.fabrikan.example", "fabrjkam.example"],
    "claimed": ["fabrikamm.example", "a.fabrikom.example"],
    "allowed": ["0.fabrykam.example", "fabrikum.example"],
}
MAKE = {
    "own": make.own_name,
    "claimed": lambda name: make.organization(name, name),
    "allowed": lambda name: make.list_rule(name, "allow"),
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("own", "claimed", "allowed"), "fabrjkam.example"),
        (("claimed", "allowed"), "a.fabrikom.example"),
        (("allowed",), "0.fabrykam.example"),
    ],
    ids=["own", "claimed", "allowed"],
)
def test_the_name_does_not_depend_on_the_order_of_rows(seed, kinds, expected):
    """Our own before claimed before allowed, then by alphabet."""
    rows = [(kind, name) for kind in kinds for name in LOOK_ALIKES[kind]]
    Random(seed).shuffle(rows)
    for kind, name in rows:
        MAKE[kind](name)
    assert imitated_name("fabrikam.example", make.NOON) == expected

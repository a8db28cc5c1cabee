"""Which known name a new one imitates, found by index."""

import pytest

from governance.queries.imitations import imitated_name
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners(fabrikam):
    make.organization("Contoso", "contoso.example")
    make.own_name("harbourgate.example")
    make.list_rule("northwind.example")


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
    assert imitated_name(name) == known


def test_many_names_of_ones_own_hide_no_imitated_one(fabrikam):
    make.organization("Fabricam", *(f"site{number}.fabr1kam.example" for number in range(60)))
    assert imitated_name("new.fabr1kam.example") == "fabrikam.example"


def test_one_statement_asks_claims_own_names_and_list_rules(partners, django_assert_num_queries):
    with django_assert_num_queries(1):
        imitated_name("fabr1kam.example")

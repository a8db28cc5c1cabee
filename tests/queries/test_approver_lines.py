"""People as an administrator types them into a stage."""

import pytest

from governance.models import Person
from governance.queries.access_packages.approver_lines import lines_in, typed_people
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def uma():
    return make.member("uma@harbourgate.example", name="Uma Castellanos")


@pytest.mark.parametrize(
    "line", ["uma@harbourgate.example", " UMA@Harbourgate.example ", "uma castellanos"]
)
def test_a_line_is_an_address_or_a_name_in_any_case(uma, line):
    assert typed_people(line).keys == (str(uma.uuid),)


def test_each_person_is_meant_once_in_the_order_of_the_lines(uma):
    sam = make.member("sam@harbourgate.example", name="Sam Lee")
    typed = "Sam Lee\n\numa@harbourgate.example\nUma Castellanos\r\n"
    assert typed_people(typed).keys == (str(sam.uuid), str(uma.uuid))


def test_nothing_typed_means_nobody():
    assert (typed_people("\n \n").keys, typed_people("").problems) == ((), ())


def test_a_name_of_two_people_asks_for_the_address(uma):
    make.guest("other@fabrikam.example", name="Uma Castellanos")
    assert typed_people("Uma Castellanos").problems == (
        "2 people are called Uma Castellanos. Enter one of these:"
        " uma@harbourgate.example (Uma Castellanos) or other@fabrikam.example (Uma Castellanos)",
    )


def test_part_of_a_name_suggests_whom_it_could_mean(uma):
    assert typed_people("Castell").problems == (
        "Nobody is called exactly “Castell”."
        " Did you mean: uma@harbourgate.example (Uma Castellanos)",
    )


def test_somebody_unknown_is_to_be_invited_first(uma):
    assert typed_people("zoe@x.example").problems == (
        "Nobody here has the email address or name “zoe@x.example”. Invite them first",
    )


def test_somebody_who_was_removed_is_unknown(uma):
    Person.objects.filter(pk=uma.pk).update(state="removed", is_active=False)
    assert typed_people("uma@harbourgate.example").keys == ()


def test_a_line_that_is_too_long_is_said(uma):
    assert typed_people("x" * 255).problems == (
        "Enter one email address or name per line, of at most 254 characters",
    )


def test_there_are_at_most_twenty():
    typed = "\n".join(f"p{number}@x.example" for number in range(21))
    assert typed_people(typed).problems == ("Enter at most 20 people",)


def test_the_lines_of_stored_stages_are_addresses(uma):
    assert lines_in(make.stages()) == {str(uma.uuid): "uma@harbourgate.example"}


def test_any_number_of_known_lines_costs_one_statement(uma, django_assert_num_queries):
    make.member("sam@harbourgate.example", name="Sam Lee")
    with django_assert_num_queries(1):
        typed_people("Sam Lee\nUma Castellanos\numa@harbourgate.example")

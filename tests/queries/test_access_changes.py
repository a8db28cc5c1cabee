"""What changing, deleting and restoring an organization does to what its people can ask for."""

import pytest

from governance.actions.deleted_organizations import delete
from governance.models import Organization, Person
from governance.queries.access_changes import change_by_deleting, change_of_state
from governance.queries.restorations import restoration_of
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(fabrikam, bob):
    """Fabrikam with bob; Badge is for all configured organizations, Drawings names Fabrikam."""
    make.policy(make.package("Badge"), "all_configured")
    make.policy(make.package("Drawings"), "named", fabrikam)
    return Organization.objects.get()


def test_proposing_takes_what_policies_for_all_configured_organizations_gave(offered):
    change = change_of_state(offered, "proposed", make.NOON)
    assert (change.people, change.gains, change.loses, change.first) == (
        1,
        (),
        ("Badge",),
        (("Bob Ferreira", "bob@eng.fabrikam.example"),),
    )


def test_the_same_state_changes_nothing(offered):
    assert change_of_state(offered, "configured", make.NOON).is_empty


def test_deleting_takes_all(offered):
    assert change_by_deleting(offered, make.NOON).loses == ("Badge", "Drawings")


def test_an_organization_without_people_is_missed_by_nobody(fabrikam):
    make.policy(make.package("Badge"), "all_configured")
    assert change_by_deleting(fabrikam, make.NOON).is_empty


def test_an_organization_that_the_list_blocks_has_nothing_to_lose(offered):
    make.list_rule("fabrikam.example")
    assert change_by_deleting(offered, make.NOON).loses == ()


def test_people_at_a_name_that_the_list_lets_through_lose_what_they_could_ask_for(offered):
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    make.guest("hal@hr.fabrikam.example")
    changes = (
        change_of_state(offered, "proposed", make.NOON),
        change_by_deleting(offered, make.NOON),
    )
    assert [(change.people, change.loses, change.first) for change in changes] == [
        (1, ("Badge",), (("Bob Ferreira", "bob@eng.fabrikam.example"),)),
        (1, ("Badge", "Drawings"), (("Bob Ferreira", "bob@eng.fabrikam.example"),)),
    ]


def test_people_at_a_name_that_the_list_shuts_out_lose_nothing(offered):
    make.list_rule("eng.fabrikam.example")
    assert change_by_deleting(offered, make.NOON).is_empty


def test_blocked_people_lose_nothing(offered, bob):
    Person.objects.filter(pk=bob.pk).update(state="blocked", is_active=False)
    assert change_by_deleting(offered, make.NOON).is_empty


def test_restoring_tells_people_at_a_name_that_the_list_lets_through(offered):
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    back = restoration_of(
        delete(organization=offered, by=SYSTEM, at=make.NOON), by=SYSTEM, at=make.NOON
    )
    assert (back.change.people, back.change.gains) == (1, ("Badge", "Drawings"))


def test_restoring_gives_it_all_back(offered):
    gone = delete(organization=offered, by=SYSTEM, at=make.NOON)
    back = restoration_of(gone, by=SYSTEM, at=make.NOON)
    assert (back.kept, back.lost, back.state, back.change.gains) == (
        ("fabrikam.example",),
        (),
        "configured",
        ("Badge", "Drawings"),
    )


def test_restoring_without_a_name_that_was_given_away_is_as_proposed(offered):
    make.organization("Contoso", "contoso.example", "contoso.test")
    gone = delete(organization=Organization.objects.get(name="Contoso"), by=SYSTEM, at=make.NOON)
    make.organization("Contoso Test", "contoso.test")
    back = restoration_of(gone, by=SYSTEM, at=make.NOON)
    assert (back.kept, back.lost, back.state) == (
        ("contoso.example",),
        ("contoso.test",),
        "proposed",
    )


def test_the_first_ten_people_are_named_and_the_others_counted(fabrikam):
    make.policy(make.package("Badge"), "all_configured")
    for number in range(12):
        make.guest(f"guest{number:02}@fabrikam.example")
    change = change_by_deleting(Organization.objects.get(), make.NOON)
    assert (change.people, [name for name, _email in change.first], change.more_people) == (
        12,
        [f"Guest{n:02}" for n in range(10)],
        2,
    )

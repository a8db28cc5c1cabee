"""Made-up data is what the product's own actions would have made of it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from governance.actions.organizations.search_entries import refresh_search_entry
from governance.models import (
    AccessRequest,
    Assignment,
    AuditEvent,
    Claim,
    Organization,
    Person,
    SearchEntry,
)
from governance.queries.overlap_map import overlap_page
from governance.rules.roles import SYSTEM
from governance.sample_data.fill import fill
from tests import make

pytestmark = pytest.mark.django_db


def facets() -> dict:
    return {
        row.pk: (row.sign_in, row.sponsored_by, row.search_entry.text)
        for row in Organization.objects.select_related("search_entry")
    }


def test_one_event_stands_for_all_of_it():
    before = AuditEvent.objects.count()
    make.many_organizations(50)
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", flat=True))[before:] == [
        "Fill with made-up data"
    ]


def test_what_is_kept_for_the_list_is_what_an_action_would_keep():
    make.many_organizations(120)
    filled = facets()
    for organization in Organization.objects.all():
        refresh_search_entry(organization)
    assert facets() == filled


def test_numbers_of_people_are_true():
    make.many_organizations(250)
    kept = dict(Organization.objects.filter(people_count__gt=0).values_list("id", "people_count"))
    assert kept == {pk: Person.objects.filter(organization=pk).count() for pk in kept}


def test_a_second_fill_adds_to_the_first_and_to_what_was_there(fabrikam):
    make.many_organizations(20)
    make.many_organizations(20)
    assert (Organization.objects.count(), SearchEntry.objects.count()) == (41, 41)
    assert (
        make.organization("After", "after.example").pk
        > Organization.objects.get(name="Fabrikam").pk
    )


def test_every_claim_of_another_beneath_a_claim_is_on_the_overlap_map():
    make.many_organizations(310)
    shown = [
        (overlap.claim.name, [claim.name for claim in overlap.beneath])
        for overlap in overlap_page("").rows
    ]
    names = list(Claim.objects.order_by("key").values_list("name", flat=True))
    assert shown == [(name, [f"lab.{name}"]) for name in names if f"lab.{name}" in names]
    assert len(shown) == 2


@pytest.mark.parametrize("number", ["0", "-1", "5000001", "many"])
def test_the_command_takes_a_number_that_means_something(number):
    with pytest.raises(CommandError):
        call_command("fill", f"--organizations={number}")
    assert not Organization.objects.exists()


def test_the_command_says_what_it_did(capsys):
    call_command("fill", organizations=3)
    assert (capsys.readouterr().out[:24], Organization.objects.count()) == (
        "3 organizations added in",
        3,
    )


def test_every_claim_stands_under_its_key():
    make.many_organizations(30)
    assert [
        claim.name
        for claim in Claim.objects.all()
        if ".".join(reversed(claim.key.split("."))) != claim.name
    ] == []


def test_assignments_and_requests_are_as_many_as_was_asked():
    fill(organizations=310, assignments=60, requests=150, by=SYSTEM, at=make.NOON)
    assert (Assignment.objects.count(), AccessRequest.objects.count()) == (60, 150)


def test_made_up_requests_are_in_the_states_that_requests_can_have():
    fill(organizations=310, assignments=60, requests=150, by=SYSTEM, at=make.NOON)
    assert set(AccessRequest.objects.values_list("state", flat=True)) == {
        *("delivered", "pending_approval", "sent_back", "approved"),
        *("denied", "withdrawn", "expired"),
    }


def test_more_access_than_guests_can_have_at_once_is_over():
    fill(organizations=110, assignments=25, requests=25, by=SYSTEM, at=make.NOON)
    guests, packages = Person.objects.filter(kind="guest").count(), 10
    assert Assignment.objects.in_force(make.NOON).count() == guests * packages == 20


def test_the_command_adds_requests_to_what_is_there(capsys):
    call_command("fill", organizations=110)
    call_command("fill", assignments=2, requests=3)
    assert "2 assignments and 3 requests added in" in capsys.readouterr().out


def test_without_guests_there_is_nobody_to_request():
    with pytest.raises(CommandError, match="Add made-up organizations first"):
        call_command("fill", requests=3)

"""Removing the demo data: what goes and whom that moves is shown on a page of its own before
anything is gone.
"""

from __future__ import annotations

import re

import pytest

from governance.models import AuditEvent, Organization, Package, Person
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

from .reading import page_of

REMOVE = "/demo-data/remove/"


@pytest.fixture(autouse=True)
def loaded(db):
    load_demo(by=SYSTEM, at=make.NOON)


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(response)).split())


def number() -> int:
    return Organization.objects.count()


def test_the_banner_leads_to_the_page(client):
    page = page_of(client.get("/"))
    assert (f'href="{REMOVE}"' in page, f'action="{REMOVE}"' in page) == (True, False)


def test_what_goes_is_counted_and_named(client):
    text = text_of(client.get(REMOVE))
    assert "Connected organizations 10 Brightwater University, Copperfield Legal" in text
    assert (
        "Access packages 5 Audit workspace,"
        " Corrosion lab data, Project calendar, Supplier drawings, Visitor network" in text
    )
    assert (
        "List rules 1 norr.example What-if tests 2 Norr Components cannot"
        " request while its domain is blocked, Rosa can request drawings Known directories 8"
        in text
    )


def impact_on(response) -> dict:
    return {each.email: each.difference for each in response.context["shown"].impact.people}


def names(accesses) -> list[str]:
    return [access.package for access in accesses]


def test_nobody_else_is_said_to_be_moved_where_nobody_is(client, ada):
    response = client.get(REMOVE)
    (email, difference), *others = impact_on(response).items()
    assert (email, names(difference.loses), difference.moves, others) == (
        ada.email,
        ["Visitor network"],
        False,
        [],
    )
    assert (
        "Anyone with an address at norr.example and its subdomains no longer belongs to "
        "Norr Components or any other organization." in text_of(response)
    )


def test_whom_it_shuts_out_lets_in_and_moves_is_named(client):
    make.organization("Castings", "eu.norr.example")
    make.policy(make.package("Badge"), "all_configured")
    for email, name in (
        ("max@eu.pumpworks.example", "Max Frei"),
        ("ann@eu.norr.example", "Ann Lee"),
        ("zoe@tideline.example", "Zoe Ito"),
    ):
        make.guest(email, name=name)
    response = client.get(REMOVE)
    text = text_of(response)
    shut_out = impact_on(response)["max@eu.pumpworks.example"]
    assert (names(shut_out.loses), shut_out.before, shut_out.after) == (
        ["Badge", "Project calendar", "Supplier drawings", "Visitor network"],
        "Pumpworks Group",
        "",
    )
    assert "Max Frei can no longer request 4 access packages: Badge, Project calendar" in text
    assert names(impact_on(response)["ann@eu.norr.example"].gains) == ["Badge"]
    assert "Zoe Ito no longer belongs to Tideline Surveys or any other organization." in text


def test_ten_people_are_named_and_the_others_counted(client):
    for number in range(12):
        make.guest(f"g{number:02}@pumpworks.example")
    text = text_of(client.get(REMOVE))
    assert (
        "12 people can no longer request" in text,
        "(g09@" in text,
        "(g10@" in text,
        "and 2 more" in text,
    ) == (True, True, False, True)


def test_looking_removes_nothing_and_leaves_no_event(client):
    before = AuditEvent.objects.count()
    client.get(REMOVE)
    assert (number(), AuditEvent.objects.count()) == (10, before)


def test_what_was_seen_is_removed(client):
    answer = client.post(REMOVE, {"seen": client.get(REMOVE).context["shown"].seen})
    assert (answer.status_code, answer.url, number()) == (303, "/", 0)
    assert (
        "Demo data removed: 10 connected organizations, with everything that belonged to them."
        in page_of(client.get("/"))
    )


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({}, 200, "Nothing is saved yet."),
        ({"seen": ""}, 200, "Nothing is saved yet."),
        ({"seen": "stale"}, 409, "The impact changed while you were reviewing."),
    ],
    ids=["none", "empty", "stale"],
)
def test_nothing_is_removed_that_was_not_seen(client, given, status, said):
    answer = client.post(REMOVE, given)
    assert (answer.status_code, said in page_of(answer), number()) == (status, True, 10)


def test_whoever_came_meanwhile_is_shown_first(client):
    seen = client.get(REMOVE).context["shown"].seen
    make.guest("max@eu.pumpworks.example", name="Max Frei")
    answer = client.post(REMOVE, {"seen": seen})
    assert (answer.status_code, "Max Frei" in page_of(answer), number()) == (409, True, 10)


def test_a_saved_test_that_it_breaks_is_named_and_those_of_the_demo_are_not(client):
    make.saved_test("max@eu.pumpworks.example")
    (broken,) = client.get(REMOVE).context["shown"].impact.tests
    assert (broken.name, broken.reason.partition(". ")[0]) == (
        "max@eu.pumpworks.example",
        "No connected organization covers eu.pumpworks.example",
    )


def test_a_test_that_was_saved_meanwhile_and_breaks_is_shown_first(client):
    seen = client.get(REMOVE).context["shown"].seen
    make.saved_test("max@eu.pumpworks.example")
    assert (client.post(REMOVE, {"seen": seen}).status_code, number()) == (409, 10)
    assert (
        client.post(REMOVE, {"seen": client.get(REMOVE).context["shown"].seen}).status_code == 303
    )


def test_what_people_made_their_own_meanwhile_is_shown_again(client):
    seen = client.get(REMOVE).context["shown"].seen
    make.policy(Package.objects.get(name="Visitor network"), "nobody")
    assert (client.post(REMOVE, {"seen": seen}).status_code, number()) == (409, 10)


def test_once_it_is_gone_there_is_no_button(client):
    client.post(REMOVE, {"seen": client.get(REMOVE).context["shown"].seen})
    page = page_of(client.get(REMOVE))
    assert ("There is no demo data" in page, "btn-danger" in page) == (True, False)


def test_every_person_of_the_demo_data_is_on_record(client):
    made = Person.objects.filter(created_by="Demo data")
    added = ("Add user", "Create guest for access")
    recorded = AuditEvent.objects.filter(activity__in=added, actor="Demo data")
    assert sorted(recorded.values_list("target", flat=True)) == sorted(map(str, made))

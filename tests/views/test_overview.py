"""The first page: what waits for whom."""

from __future__ import annotations

import pytest

from governance.models import OwnName
from governance.rules.roles import READER
from tests import make

pytestmark = pytest.mark.django_db


def overview(client):
    return client.get("/").context["overview"]


def sentences(client) -> list[str]:
    return [task.sentence for task in overview(client).tasks]


@pytest.fixture
def ours():
    return make.own_name("harbourgate.example")


def test_a_new_portal_starts_with_three_steps(signed_in, ada, ours):
    page = signed_in(ada).get("/").content.decode()
    assert [
        step
        for step in (
            "Add a connected organization",
            "Create an access package",
            "Share the request link",
        )
        if step not in page
    ] == []


def test_proposed_organizations_and_those_without_sponsor_need_somebody(signed_in, ada, ours, sam):
    make.organization("Proposed", "proposed.example", state="proposed")
    make.sponsor(make.organization("Sponsored", "sponsored.example"), sam)
    assert sentences(signed_in(ada)) == [
        "proposed organization waits for a decision",
        "organization has no sponsor",
    ]


def test_unknown_own_names_are_told_to_who_can_add_them(signed_in, ada, uma, fabrikam):
    OwnName.objects.all().delete()
    told = [
        len([s for s in sentences(signed_in(person)) if "own names" in s]) for person in (ada, uma)
    ]
    assert told == [1, 0]


def test_a_reader_has_no_tasks_but_sees_the_latest_events(signed_in, fabrikam, ours):
    shown = overview(signed_in(make.member("rea@harbourgate.example", READER)))
    assert (shown.tasks, [event.activity for event in shown.events]) == (
        (),
        ["Create connected organization"],
    )


def test_a_guest_inviter_sees_neither_events_nor_packages(signed_in, gil, fabrikam, ours):
    shown = overview(signed_in(gil))
    assert (shown.events, [number.label for number in shown.numbers]) == (
        (),
        ["Configured organizations", "Guests", "Members"],
    )


def test_somebody_without_a_role_is_told_who_can_help(signed_in, rob, ada, uma, fabrikam):
    page = signed_in(rob).get("/").content.decode()
    assert ("Ada Okafor" in page, "Uma Castellanos" in page, "Fabrikam" in page) == (
        True,
        False,
        False,
    )


def test_a_guest_is_told_the_same(signed_in, bob, ada):
    assert "Ada Okafor" in signed_in(bob).get("/").content.decode()


def test_a_blocked_administrator_helps_nobody(signed_in, rob, ada):
    make.member(
        "old@harbourgate.example", "Global administrator", name="Old Admin", state="blocked"
    )
    assert "Old Admin" not in signed_in(rob).get("/").content.decode()


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/").status_code == 302

"""A sponsor who stops counting is said so on every page that speaks of sponsors (product rules 36
and 37).
"""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from governance.actions import domain_list
from governance.actions.organizations import sources
from governance.actions.people import accounts
from governance.models import Organization
from governance.queries.overview import overview_for
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make

from .reading import at, page_of

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
MIA = "Mia Novak"


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def oldco(db) -> Organization:
    return make.organization("Oldco", "oldco.example")


@pytest.fixture
def mia(oldco):
    mia = make.guest("mia@oldco.example", name=MIA)
    make.sponsor(oldco, mia)
    return mia


def replace_domain(oldco, mia):
    sources.change_sources(organization=oldco, sources=(NewSource("newco.example"),), **ACTING)


def block_domain(oldco, mia):
    make.list_rule("oldco.example")


def block_by_default(oldco, mia):
    make.list_default("block")


def block_person(oldco, mia):
    accounts.block(person=mia, **ACTING)


def block_other_account(oldco, mia):
    accounts.block(person=make.guest("mia+other@oldco.example"), **ACTING)


def own_domain(oldco, mia):
    sources.change_sources(organization=oldco, sources=(NewSource("newco.example"),), **ACTING)
    domain_list.add_own_name(name="oldco.example", **ACTING)


def give_domain_away(oldco, mia):
    replace_domain(oldco, mia)
    make.organization("Newholder", "oldco.example")


WAYS = [
    (replace_domain, "none of its domains covers oldco.example"),
    (block_domain, "The allow and deny list blocks oldco.example"),
    (block_by_default, "The allow and deny list blocks oldco.example"),
    (block_person, "Mia Novak is blocked"),
    (block_other_account, "Mia Novak is blocked"),
    (own_domain, "oldco.example is one of your domains"),
    (give_domain_away, "oldco.example belongs to Newholder"),
]


def list_facts_about(client, oldco) -> dict:
    """What the pages say about the sponsors of the organization."""
    filtered = client.get("/connected-organizations/", {"sponsors": "none"}).context["page"]
    rows = {row.name: row for row in filtered.rows}
    return {
        "attention": attention(client, oldco),
        "without sponsors": sorted(rows),
        "counted": unsponsored(),
        "external": sorted(
            row.name
            for row in client.get("/connected-organizations/", {"sponsors": "external"})
            .context["page"]
            .rows
        ),
        "export": b"Mia Novak" in client.get("/connected-organizations/export/").getvalue(),
    }


def attention(client, oldco) -> list[str]:
    return [item.text for item in client.get(at(oldco)).context["attention"]]


def unsponsored() -> int:
    from governance.models import Person

    ada = Person.objects.get(email="ada@harbourgate.example")
    tasks = overview_for(make.actor(ada), timezone.now(), shows_first_steps=False).tasks
    return next((task.count.number for task in tasks if task.query == "?sponsors=none"), 0)


def test_a_sponsor_who_counts_is_counted_everywhere(client, oldco, mia):
    assert list_facts_about(client, oldco) == {
        "attention": [],
        "without sponsors": [],
        "counted": 0,
        "external": ["Oldco"],
        "export": True,
    }


@pytest.mark.parametrize(("stop", "why"), WAYS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_sponsor_who_no_longer_counts_is_said_so_everywhere(client, oldco, mia, stop, why):
    stop(oldco, mia)
    said = list_facts_about(client, oldco)
    first, reason = said["attention"][:2]
    assert (first, why in reason) == ("It has no sponsor who can approve requests.", True)
    assert (
        "Oldco" in said["without sponsors"],
        said["counted"],
        said["external"],
        said["export"],
    ) == (True, len(said["without sponsors"]), [], False)


@pytest.mark.parametrize(("stop", "why"), WAYS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_tab_says_of_each_sponsor_that_they_do_not_count_and_why(client, oldco, mia, stop, why):
    stop(oldco, mia)
    page = page_of(client.get(at(oldco, "sponsors")))
    assert ("Does not count" in page, why in page) == (True, True)


def test_an_invited_sponsor_counts_and_cannot_decide_yet(client, oldco):
    make.sponsor(oldco, make.guest("lea@oldco.example", name="Lea Marti", state="invited"))
    assert "Yes, cannot decide yet" in page_of(client.get(at(oldco, "sponsors")))
    assert attention(client, oldco) == [
        "It has no sponsor who can approve requests.",
        "Lea Marti has not accepted the invitation yet. Send the invitation again.",
    ]


def test_an_organization_that_never_had_a_sponsor_is_told_to_add_one(client, oldco):
    assert attention(client, oldco) == ["It has no sponsor."]


def test_one_sponsor_who_does_not_count_is_named_beside_another_who_does(client, oldco, mia, sam):
    make.sponsor(oldco, sam)
    block_domain(oldco, mia)
    said = attention(client, oldco)
    assert [MIA in text for text in said][:1] == [True]
    assert "It has no sponsor who can approve requests." not in said


def test_a_sponsor_counts_again_when_a_rule_ends_by_itself(oldco, mia):
    from governance.queries.organizations.detail import parts_of, with_parts

    make.list_rule("oldco.example", ends_on=date(2026, 11, 23))
    row = with_parts(Organization.objects.all()).get()
    zone = timezone.get_default_timezone()
    during, after = datetime(2026, 11, 23, 23, 59, tzinfo=zone), datetime(2026, 11, 24, tzinfo=zone)
    assert [
        [sponsor.why_not is None for sponsor in parts_of(row).sponsors(moment)]
        for moment in (during, after)
    ] == [[False], [True]]


def test_the_pane_keeps_a_sponsor_who_does_not_count_until_somebody_takes_them_out(
    client, oldco, mia
):
    replace_domain(oldco, mia)
    pane = client.get(at(oldco, "edit", "sponsors", "external"))
    assert [
        (choice.person.name, choice.is_chosen, choice.why_not) for choice in pane.context["choices"]
    ] == [(MIA, True, "Does not belong to this organization")]
    client.post(
        at(oldco, "edit", "sponsors", "external"),
        {"person": mia.uuid, "seen": mia.uuid, "select": "1"},
    )
    assert [each.person for each in oldco.sponsorships.all()] == [mia]

"""Choosing the sponsors of an organization in the pane, and letting them go."""

from __future__ import annotations

import re
from html import unescape

import pytest

from governance.actions.people import accounts
from tests import make

from .reading import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def told_after(client, response) -> str:
    return page_of(client.get(response.url))


def choose(client, organization, kind, *persons, **more):
    """Select them, from the sponsors that the pane shows, and once more where it asks to see the
    impact.
    """
    path = at(organization, "edit", "sponsors", kind)
    given = {
        "select": "1",
        "person": [str(person.uuid) for person in persons],
        "expected": client.get(path).context["expected"],
    } | more
    return press(client, path, given)


def press(client, path: str, given: dict | None = None):
    answer = client.post(path, given or {})
    shown = answer.context and answer.context["shown"]
    if answer.status_code == 200 and shown.is_asked:
        return client.post(path, (given or {}) | {"seen": shown.seen})
    return answer


def named(organization) -> list[str]:
    return list(
        organization.sponsorships.order_by("person__name").values_list("person__name", flat=True)
    )


def test_sponsors_of_both_kinds_are_chosen_and_let_go(client, fabrikam, sam, bob):
    assert choose(client, fabrikam, "internal", sam).url == at(fabrikam, "sponsors")
    choose(client, fabrikam, "external", bob)
    assert named(fabrikam) == ["Bob Ferreira", "Sam Adeyemi"]
    choose(client, fabrikam, "internal")
    assert named(fabrikam) == ["Bob Ferreira"]


def test_external_sponsors_are_offered_from_its_own_people(client, fabrikam, bob, eve):
    offered = client.get(at(fabrikam, "edit", "sponsors", "external")).context["choices"]
    assert [(choice.person, choice.why_not) for choice in offered] == [(bob, "")]


def test_whom_the_list_blocks_is_shown_and_cannot_be_chosen(client, fabrikam, bob):
    make.list_rule("eng.fabrikam.example")
    offered = client.get(at(fabrikam, "edit", "sponsors", "external")).context["choices"]
    assert [choice.why_not for choice in offered] == ["Blocked by the allow and deny list"]
    response = choose(client, fabrikam, "external", bob)
    assert (
        response.status_code,
        "Bob Ferreira cannot be a sponsor" in page_of(response),
        named(fabrikam),
    ) == (422, True, [])


def test_who_was_blocked_between_picking_and_saving_is_told_and_the_choice_kept(
    client, ada, fabrikam, sam
):
    accounts.block(person=sam, by=make.actor(ada), at=make.NOON)
    response = choose(client, fabrikam, "internal", sam, ada)
    assert (
        response.status_code,
        "Sam Adeyemi is blocked and cannot be a sponsor" in page_of(response),
        named(fabrikam),
    ) == (422, True, [])
    assert {choice.person for choice in response.context["choices"] if choice.is_chosen} == {
        sam,
        ada,
    }


def test_the_message_after_a_removal_leads_to_the_choice_with_the_sponsor_ticked(
    client, fabrikam, sam
):
    make.sponsor(fabrikam, sam)
    removed = press(client, at(fabrikam, "sponsors", str(sam.uuid), "remove"))
    after = client.get(removed.url).content.decode()
    link = unescape(re.search(r'<a href="([^"]+)">Add Sam Adeyemi again</a>', after)[1])
    choices = client.get(link).context["choices"]
    assert [choice.person for choice in choices if choice.is_chosen] == [sam]


def test_a_sponsor_is_removed_once_and_told_the_second_time(client, fabrikam, sam):
    make.sponsor(fabrikam, sam)
    remove = at(fabrikam, "sponsors", str(sam.uuid), "remove")
    asked = client.post(remove)
    assert (
        asked.status_code,
        "Sam Adeyemi no longer counts as a sponsor of Fabrikam" in page_of(asked),
        named(fabrikam),
    ) == (200, True, ["Sam Adeyemi"])
    removed = press(client, remove)
    assert "Sam Adeyemi is no longer a sponsor of Fabrikam." in told_after(client, removed)
    again = client.post(remove)
    assert (again.status_code, "Sam Adeyemi is not a sponsor of Fabrikam" in page_of(again)) == (
        409,
        True,
    )


def test_what_somebody_else_chose_meanwhile_is_told_with_the_choice_kept_and_a_second_select_saves(
    client, fabrikam, sam, rob
):
    make.sponsor(fabrikam, sam)
    first = choose(client, fabrikam, "internal", rob, expected=[])
    chosen = [choice.person for choice in first.context["choices"] if choice.is_chosen]
    assert (
        first.status_code,
        chosen,
        "They are now: Sam Adeyemi" in page_of(first),
        named(fabrikam),
    ) == (409, [rob], True, ["Sam Adeyemi"])
    choose(client, fabrikam, "internal", rob, expected=first.context["expected"])
    assert named(fabrikam) == ["Rob Lindholm"]


def test_where_nobody_is_a_sponsor_the_tab_says_so_in_place_of_an_empty_table(
    client, fabrikam, sam
):
    make.sponsor(fabrikam, sam)
    page = page_of(client.get(at(fabrikam, "sponsors")))
    assert (
        page.count("<table"),
        "No external sponsors yet." in page,
        "Nobody in your own directory" in page,
    ) == (1, True, False)

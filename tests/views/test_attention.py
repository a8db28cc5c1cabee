"""What needs attention leads to the page that fixes it."""

from __future__ import annotations

import re

import pytest

from governance.models import AuditEvent, Organization
from governance.rules.roles import READER
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def contoso(sam):
    row = make.organization("Contoso", "contoso.example", state="proposed")
    make.sponsor(row, sam)
    return row


def items(client, organization) -> list[tuple[str, str | None, str | None]]:
    """Sentence, words and address of each item of the box on the organization's page."""
    page = client.get(f"/connected-organizations/{organization.uuid}/").content.decode()
    box = page.partition('id="na"')[2].partition("</section>")[0]
    found = re.findall(r"<span>\s*(.*?)\s*</span>\s*</li>", box, re.DOTALL)
    return [_item(" ".join(text.split())) for text in found]


def _item(text: str) -> tuple[str, str | None, str | None]:
    link = re.search(r'<a href="([^"]*)">([^<]*)</a>', text)
    sentence = re.sub(r"\s*<a .*", "", text)
    return (sentence, link[2], link[1]) if link else (sentence, None, None)


def test_a_proposed_organization_leads_to_its_configuration(client, contoso):
    assert items(client, contoso) == [
        (
            "It is proposed. Policies for all configured organizations do not include it.",
            "Configure",
            f"/connected-organizations/{contoso.uuid}/edit/basics/?state=configured",
        )
    ]


def test_one_without_a_sponsor_leads_to_its_sponsors(client, fabrikam):
    assert items(client, fabrikam) == [
        (
            "It has no sponsor.",
            "Add a sponsor",
            f"/connected-organizations/{fabrikam.uuid}/sponsors/",
        )
    ]


def test_a_blocked_domain_leads_to_the_rule_that_blocks_it(client, fabrikam, sam):
    make.sponsor(fabrikam, sam)
    rule = make.list_rule("fabrikam.example")
    assert items(client, fabrikam) == [
        (
            "fabrikam.example is blocked by the allow and deny list.",
            "Change the rule",
            f"/allow-deny-list/{rule.uuid}/",
        )
    ]


def test_each_rule_has_an_item_of_its_own(client, sam):
    row = make.organization("Two", "a.example", "b.example", "c.example")
    make.sponsor(row, sam)
    make.list_rule("a.example")
    make.list_rule("b.example")
    assert [sentence for sentence, _label, _url in items(client, row)] == [
        "a.example is blocked by the allow and deny list.",
        "b.example is blocked by the allow and deny list.",
    ]


def test_a_domain_that_the_default_blocks_leads_to_a_new_rule_that_allows_it(client, fabrikam, sam):
    make.sponsor(fabrikam, sam)
    make.list_default("block")
    (sentence, label, url) = items(client, fabrikam)[0]
    assert (sentence, label, url) == (
        "fabrikam.example is blocked: the allow and deny list blocks domains without a rule.",
        "Add a rule",
        "/allow-deny-list/add/?names=fabrikam.example&amp;effect=allow",
    )
    form = client.get(url.replace("&amp;", "&")).context["form"]
    assert (form["names"].value(), form["effect"].value()) == ("fabrikam.example", "allow")


def test_who_cannot_change_the_list_is_led_to_the_rule_in_it(signed_in, uma, fabrikam, sam):
    make.sponsor(fabrikam, sam)
    make.list_rule("fabrikam.example")
    assert items(signed_in(uma), fabrikam)[0][1:] == (
        "Open the list",
        "/allow-deny-list/?q=fabrikam.example",
    )


def test_who_may_change_nothing_gets_the_sentence_alone(signed_in, gil, fabrikam):
    assert items(signed_in(gil), fabrikam) == [("It has no sponsor.", None, None)]


@pytest.mark.parametrize(
    ("who", "state", "buttons"),
    [
        ("ada", "proposed", ["Edit", "Reject", "Configure"]),
        ("uma", "proposed", ["Edit", "Reject", "Configure"]),
        ("ada", "configured", ["Edit", "Delete"]),
        ("gil", "proposed", []),
    ],
)
def test_who_may_decide_about_a_proposed_organization_has_the_buttons(
    request, signed_in, who, state, buttons
):
    row = make.organization("Contoso", "contoso.example", state=state)
    page = signed_in(request.getfixturevalue(who)).get(f"/connected-organizations/{row.uuid}/")
    acts = page.content.decode().partition('<div class="acts">')[2].partition("</div>")[0]
    assert re.findall(r"</svg>\s*(\w+)", acts) == buttons


def gains(impact) -> dict[str, tuple[str, ...]]:
    """Who gains which packages, by address."""
    return {
        each.email: tuple(access.package for access in each.difference.gains)
        for each in impact.people
    }


class TestConfigure:
    def test_the_link_shows_what_configuring_does_and_saves_nothing(self, client, contoso):
        make.policy(make.package("Badge"), "all_configured")
        make.guest("lea@contoso.example", name="Lea")
        events = AuditEvent.objects.count()
        page = client.get(f"/connected-organizations/{contoso.uuid}/edit/basics/?state=configured")
        assert (
            page.status_code,
            page.context["form"]["state"].value(),
            gains(page.context["shown"].impact),
            [each.person.name for each in page.context["sponsors"]],
            Organization.objects.get(pk=contoso.pk).state,
            AuditEvent.objects.count(),
        ) == (
            200,
            "configured",
            {"lea@contoso.example": ("Badge",)},
            ["Sam Adeyemi"],
            "proposed",
            events,
        )

    def test_saving_what_the_link_showed_configures_it(self, client, contoso):
        path = f"/connected-organizations/{contoso.uuid}/edit/basics/"
        shown = client.get(f"{path}?state=configured").context
        typed = {"name": "Contoso", "description": "", "state": "configured"}
        answer = client.post(
            path, {**typed, "version": shown["version"], "seen": shown["shown"].seen}
        )
        assert (answer.status_code, Organization.objects.get(pk=contoso.pk).state) == (
            303,
            "configured",
        )

    @pytest.mark.parametrize("state", ["", "proposed", "deleted", "\0"])
    def test_another_state_in_the_link_shows_the_form_as_it_is(self, client, contoso, state):
        page = client.get(f"/connected-organizations/{contoso.uuid}/edit/basics/", {"state": state})
        assert (page.status_code, page.context["form"].is_bound, page.context["shown"]) == (
            200,
            False,
            None,
        )


@pytest.mark.parametrize(("who", "linked"), [("ada", True), ("rea", False)])
def test_the_tag_of_the_list_leads_to_the_sponsors_for_who_can_add_one(
    signed_in, ada, fabrikam, who, linked
):
    person = ada if who == "ada" else make.member("rea@harbourgate.example", READER)
    page = signed_in(person).get("/connected-organizations/").content.decode()
    assert (f'href="{fabrikam.uuid}/sponsors/"' in page, "No sponsor" in page) == (linked, True)


def test_the_menu_of_a_row_leads_to_the_preview_of_configuring(client, contoso):
    page = client.get("/connected-organizations/").content.decode()
    template = page[page.index('<template id="row-menu">') : page.index("</template>")]
    assert 'href="edit/basics/?state=configured" data-for="proposed"' in template

"""The panes of the wizard: what Find answers, what can be added, and who can be chosen."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from governance.actions import drafts
from governance.actions.organizations import deletion
from governance.actions.people import accounts as people
from governance.models import Draft
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make

from .reading import markup_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def draft() -> UUID:
    return uuid4()


def pane(draft: UUID) -> str:
    return f"/connected-organizations/add/{draft}/directories/select/"


def sponsors(draft: UUID, kind: str) -> str:
    return f"/connected-organizations/add/{draft}/sponsors/{kind}/"


def find(client, draft: UUID, name: str):
    return client.get(pane(draft), {"domain": name}).context["found"]


def selected(draft: UUID) -> list[str]:
    return [
        source["typed_name"] for source in Draft.objects.get(uuid=draft).pane.get("sources", [])
    ]


# Find


def test_a_name_of_a_known_directory_finds_it(client, draft):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    found = find(client, draft, "Pumpworks.Example.")
    assert (found.kind, found.source.directory_name, found.can_add) == (
        "directory",
        "Pumpworks Group AG",
        True,
    )


def test_a_name_no_directory_owns_can_be_added_by_itself(client, draft):
    assert (
        find(client, draft, "contoso.example").kind,
        find(client, draft, "contoso.example").source,
    ) == ("domain", NewSource("contoso.example"))


@pytest.mark.parametrize(
    "part",
    [
        "pumpworks",
        "pump*.example",
        "Pumpworks Group",
        "https://",
        "10.0.0.1",
        "a" * 64 + ".example",
        "a b.example",
    ],
)
def test_what_is_no_whole_name_finds_nothing_and_says_so(client, draft, part):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    response = client.get(pane(draft), {"domain": part})
    assert (response.context["found"].kind, response.context["found"].can_add) == (
        "not_a_name",
        False,
    )
    assert response.context["found"].reason.text


@pytest.mark.parametrize(
    "typed",
    [
        "https://contoso.example/about",
        "contoso.example:443",
        "lea@contoso.example",
        "contoso.example/",
    ],
)
def test_what_surrounds_a_name_is_not_stripped_but_a_search_is_offered(client, draft, typed):
    page = client.get(pane(draft), {"domain": typed})
    assert page.context["found"].kind == "not_a_name"
    assert "Search for contoso.example instead" in page.content.decode()


def test_the_normalised_form_is_shown_back(client, draft):
    assert "Searched for bücher.example (xn--bcher-kva.example)" in markup_of(
        client.get(pane(draft), {"domain": "BÜCHER.example"})
    )


def test_nothing_typed_is_asked_for(client, draft):
    assert client.get(pane(draft), {"domain": "  "}).context["problem"] == "Enter a domain"


def test_a_name_of_another_organization_is_said_with_a_link(client, fabrikam, draft):
    response = client.get(pane(draft), {"domain": "fabrikam.example"})
    assert (response.context["found"].kind, response.context["found"].can_add) == ("taken", False)
    assert f'href="/connected-organizations/{fabrikam.uuid}/"' in response.content.decode()


def test_our_own_name_cannot_be_added(client, draft):
    make.own_name("harbourgate.example")
    assert find(client, draft, "harbourgate.example").kind == "own_name"
    assert find(client, draft, "mail.harbourgate.example").can_add is False


@pytest.mark.parametrize("name", ["co.uk", "com"])
def test_a_public_suffix_cannot_be_added(client, draft, name):
    assert find(client, draft, name).can_add is False


def test_a_blocked_name_is_said_and_can_be_added(client, draft):
    make.list_rule("contoso.example")
    response = client.get(pane(draft), {"domain": "contoso.example"})
    assert response.context["found"].can_add
    assert "contoso.example is blocked by the allow and deny list" in markup_of(response)


def test_a_name_without_a_rule_is_said_when_only_listed_names_are_allowed(client, draft):
    make.list_default("block")
    response = client.get(pane(draft), {"domain": "contoso.example"})
    assert response.context["found"].can_add
    assert "is not allowed by the allow and deny list" in response.content.decode()


def test_a_name_added_already_cannot_be_added_again(client, draft):
    client.post(pane(draft), {"add": "contoso.example"})
    assert find(client, draft, "contoso.example").kind == "added"


def test_a_name_that_imitates_a_known_one_is_warned_of(client, fabrikam, draft):
    assert find(client, draft, "fаbrikam.example").imitates == "fabrikam.example"  # noqa: RUF001


def test_a_name_above_or_beneath_anothers_is_said_and_a_guest_inviter_cannot_add_it(
    client, signed_in, gil, fabrikam, draft
):
    assert find(client, draft, "eng.fabrikam.example").overlap.organization_name == "Fabrikam"
    assert find(signed_in(gil), uuid4(), "eng.fabrikam.example").can_add is False


def test_a_name_that_a_deleted_organization_keeps_shut_is_explained(client, ada, fabrikam, draft):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=make.NOON)
    page = markup_of(client.get(pane(draft), {"domain": "fabrikam.example"}))
    assert "This domain is reserved for Fabrikam, which was deleted." in page


def test_where_no_known_directory_owns_a_domain_just_that_is_said(client, draft):
    page = page_of(client.get(pane(draft), {"domain": "contoso.example"}))
    assert (
        "No known directory owns contoso.example." in page,
        "ask the partner for the initial domain of their directory" in page,
        "No directory owns" in page,
    ) == (True, True, False)


@pytest.mark.parametrize("owned", ["pumpworks.example", "pumpworks.directory.example"])
def test_a_subdomain_of_a_known_directorys_domain_names_the_directory_and_offers_it(
    client, draft, owned
):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    typed = f"dept.eu.{owned}"
    response = client.get(pane(draft), {"domain": typed})
    found, page = response.context["found"], page_of(response)
    assert (found.kind, found.source, found.above.domain) == ("domain", NewSource(typed), owned)
    assert (
        f"{typed} is a subdomain of {owned}, which belongs to the directory" in page,
        "Pumpworks Group AG</strong> (initial domain pumpworks.directory.example)." in page,
        f'href="{pane(draft)}?domain={owned}"' in page,
    ) == (True, True, True)


def test_a_directory_above_that_is_selected_already_is_not_offered_again(client, draft):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    client.post(pane(draft), {"add": "pumpworks.example"})
    page = page_of(client.get(pane(draft), {"domain": "dept.pumpworks.example"}))
    assert ("That directory is already in your selection." in page, "Search for" in page) == (
        True,
        False,
    )


def test_the_nearest_directory_above_is_named(client, draft):
    make.known_directory("Whole", "whole.directory.example", "pumpworks.example")
    make.known_directory("Part", "part.directory.example", "eu.pumpworks.example")
    make.known_directory("Other", "other.directory.example", "evilpumpworks.example")
    named = [
        found.above and found.above.directory.name
        for name in ("a.eu.pumpworks.example", "us.pumpworks.example", "pumpworks.example.example")
        for found in [find(client, draft, name)]
    ]
    assert named == ["Part", "Whole", None]


# Add, Remove, Select, Cancel


def test_looking_into_the_pane_writes_no_row(client, draft):
    find(client, draft, "contoso.example")
    assert Draft.objects.count() == 0


def test_add_answers_303_and_the_pane_keeps_the_selection(client, draft):
    response = client.post(pane(draft), {"add": "contoso.example"})
    assert (response.status_code, response.url, selected(draft)) == (
        303,
        pane(draft),
        ["contoso.example"],
    )


def test_a_blocked_name_is_not_offered_as_the_genuine_one(client, draft):
    make.list_rule("acrne-tools.example")
    assert find(client, draft, "acme-tools.example").imitates == ""


def test_a_directory_can_be_added_by_its_domain_only(client, draft):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    client.post(pane(draft), {"add": "pumpworks.example", "domain_only": "1"})
    assert Draft.objects.get().pane["sources"][0]["directory_id"] is None


@pytest.mark.parametrize("name", ["fabrikam.example", "com", "nonsense", "", "a\x00b.example"])
def test_what_find_would_not_offer_is_not_added(client, fabrikam, draft, name):
    assert client.post(pane(draft), {"add": name}).status_code == 422
    assert Draft.objects.count() == 0


def test_public_mail_is_added_only_with_the_tick(client, draft):
    assert client.post(pane(draft), {"add": "gmail.com"}).status_code == 422
    client.post(pane(draft), {"add": "gmail.com", "understood": "on"})
    assert Draft.objects.get().pane["sources"][0]["public_mail_accepted"] is True


def test_no_tick_in_the_pane_adds_public_mail_of_a_directory(client, draft):
    make.known_directory("Pumpworks AG", "pumpworks.directory.example", "gmail.com")
    client.post(pane(draft), {"add": "pumpworks.directory.example", "understood": "on"})
    assert Draft.objects.get().pane["sources"][0]["public_mail_accepted"] is False


def test_the_subdomains_of_public_mail_cannot_be_included(client, draft):
    client.post(pane(draft), {"add": "gmail.com", "understood": "on"})
    client.post(pane(draft), {"select": "1"})
    page = client.get(f"/connected-organizations/add/{draft}/directories/").content.decode()
    assert ('name="subdomains"' in page, "Not included" in page) == (False, True)


def test_a_guest_inviter_cannot_tick_public_mail(signed_in, gil, draft):
    assert (
        signed_in(gil).post(pane(draft), {"add": "gmail.com", "understood": "on"}).status_code
        == 422
    )


def test_remove_of_what_is_not_selected_says_so_and_makes_no_draft(client, draft):
    response = client.post(pane(draft), {"remove": "contoso.example"}, follow=True)
    assert ("It was already removed." in page_of(response), Draft.objects.count()) == (True, 0)


def test_remove_takes_from_the_selection(client, draft):
    for name in ("contoso.example", "contoso.test"):
        client.post(pane(draft), {"add": name})
    client.post(pane(draft), {"remove": "contoso.example"})
    assert selected(draft) == ["contoso.test"]


def test_select_makes_it_the_steps_choice_and_leads_back(client, draft):
    client.post(pane(draft), {"add": "contoso.example"})
    response = client.post(pane(draft), {"select": "1"})
    row = Draft.objects.get()
    assert (response.status_code, response.url) == (
        303,
        f"/connected-organizations/add/{draft}/directories/",
    )
    assert ([s["typed_name"] for s in row.answers["directories"]["sources"]], row.pane) == (
        ["contoso.example"],
        {},
    )


def test_an_empty_name_is_proposed_from_the_directory_and_a_typed_one_stays(client, draft):
    make.known_directory("Pumpworks Group AG", "pumpworks.directory.example", "pumpworks.example")
    other = uuid4()
    client.post(f"/connected-organizations/add/{other}/basics/", {"name": "Pumps"})
    for each in (draft, other):
        client.post(pane(each), {"add": "pumpworks.example"})
        client.post(pane(each), {"select": "1"})
    assert [Draft.objects.get(uuid=each).answers["basics"]["name"] for each in (draft, other)] == [
        "Pumpworks Group AG",
        "Pumps",
    ]


def test_select_with_nothing_selected_says_what_to_do(client, draft):
    response = client.post(pane(draft), {"select": "1"})
    assert response.status_code == 422
    assert "Add at least one directory or domain, then select" in response.content.decode()


def test_cancel_asks_before_it_discards(client, draft):
    client.post(pane(draft), {"add": "contoso.example"})
    client.post(pane(draft), {"add": "contoso.test"})
    assert "Discard 2 additions?" in client.post(pane(draft), {"cancel": "ask"}).content.decode()
    assert selected(draft) == ["contoso.example", "contoso.test"]


def test_cancel_asks_about_what_was_removed_too(client, ada, draft):
    client.post(pane(draft), {"add": "contoso.example"})
    client.post(pane(draft), {"select": "1"})
    client.post(pane(draft), {"remove": "contoso.example"})
    assert "Discard 1 change?" in client.post(pane(draft), {"cancel": "ask"}).content.decode()


def test_discard_leaves_what_the_step_had(client, ada, draft):
    drafts.put_in_pane(author=ada, uuid=draft, source=NewSource("contoso.example"), at=make.NOON)
    drafts.select_pane(author=ada, uuid=draft, at=make.NOON)
    client.post(pane(draft), {"add": "contoso.test"})
    assert client.post(pane(draft), {"cancel": "discard"}).status_code == 303
    assert (
        [s["typed_name"] for s in Draft.objects.get().answers["directories"]["sources"]],
        selected(draft),
    ) == (["contoso.example"], [])


def test_a_pane_of_somebody_elses_draft_is_not_there(client, signed_in, uma, draft):
    client.post(pane(draft), {"add": "contoso.example"})
    other = signed_in(uma)
    answers = [
        other.get(pane(draft)),
        other.post(pane(draft), {"select": "1"}),
        other.get(sponsors(draft, "internal")),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


# sponsors


def offered(client, draft: UUID, kind: str, **asked) -> dict[str, str]:
    return {
        choice.person.name: choice.why_not
        for choice in client.get(sponsors(draft, kind), asked).context["choices"]
    }


def test_internal_sponsors_are_members(client, sam, bob, draft):
    assert offered(client, draft, "internal") == {"Ada Okafor": "", "Sam Adeyemi": ""}


def test_a_blocked_member_is_shown_and_cannot_be_chosen(client, ada, sam, draft):
    people.block(person=sam, by=make.actor(ada), at=make.NOON)
    assert offered(client, draft, "internal")["Sam Adeyemi"] == "Account disabled"


def test_external_sponsors_are_guests_whom_the_drafts_claims_would_cover(
    client, ada, bob, eve, draft
):
    make.guest("lea@eng.contoso.example", name="Lea Marti")
    drafts.put_in_pane(author=ada, uuid=draft, source=NewSource("contoso.example"), at=make.NOON)
    drafts.select_pane(author=ada, uuid=draft, at=make.NOON)
    assert offered(client, draft, "external") == {"Lea Marti": ""}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sa", ["Sam Adeyemi"]),
        ("s", ["Ada Okafor", "Sam Adeyemi"]),
        ("SAM@", ["Sam Adeyemi"]),
        ("x\x00x", []),
        ("nobody", []),
    ],
)
def test_people_are_found_by_two_characters(client, sam, draft, text, names):
    assert list(offered(client, draft, "internal", search=text)) == names


def test_chosen_people_are_kept_with_the_draft(client, sam, draft):
    response = client.post(
        sponsors(draft, "internal"), {"person": [str(sam.uuid), "nonsense"], "select": "1"}
    )
    assert (response.status_code, response.url) == (
        303,
        f"/connected-organizations/add/{draft}/sponsors/",
    )
    assert Draft.objects.get().answers["sponsors"]["internal"] == [str(sam.uuid)]


def test_nobody_chosen_says_what_to_do(client, draft):
    assert client.post(sponsors(draft, "internal"), {"select": "1"}).status_code == 422


def choose_people(client, draft, kind, *people, seen=(), **more):
    given = {"select": "1", "search": "", "person": [person.uuid for person in people]}
    return client.post(
        sponsors(draft, kind), given | {"expected": [person.uuid for person in seen]} | more
    )


def test_whom_another_tab_chose_since_the_pane_was_opened_stays_chosen(
    client, ada, sam, rob, draft
):
    choose_people(client, draft, "internal", sam)
    choose_people(client, draft, "internal", rob)
    choose_people(client, draft, "internal", ada, seen=[sam])
    assert Draft.objects.get().answers["sponsors"]["internal"] == [str(rob.uuid), str(ada.uuid)]


def test_the_pane_says_who_was_chosen_when_it_was_opened_and_find_does_not_change_that(
    client, ada, sam, rob, draft
):
    choose_people(client, draft, "internal", sam)
    opened = client.get(sponsors(draft, "internal")).context["expected"]
    choose_people(client, draft, "internal", rob)
    given = {"find": "1", "search": "ada", "person": [ada.uuid], "expected": opened}
    assert (
        client.post(sponsors(draft, "internal"), given).context["expected"] == opened == [sam.uuid]
    )


def test_somebody_chosen_who_cannot_be_a_sponsor_any_more_can_be_unticked(client, ada, sam, draft):
    choose_people(client, draft, "internal", sam)
    people.block(person=sam, by=make.actor(ada), at=make.NOON)
    box = page_of(client.get(sponsors(draft, "internal"))).partition(f'value="{sam.uuid}" checked')[
        2
    ]
    assert (bool(box), "disabled" in box.partition(">")[0]) == (True, False)


def test_invite_a_guest_leads_there_and_back_with_the_same_people_ticked(client, ada, bob, draft):
    drafts.put_in_pane(author=ada, uuid=draft, source=NewSource("contoso.example"), at=make.NOON)
    drafts.select_pane(author=ada, uuid=draft, at=make.NOON)
    lea = make.guest("lea@contoso.example", name="Lea Marti")
    there = choose_people(client, draft, "external", lea, select="", invite="1")
    assert there.url.startswith("/people/invite/?next=")
    form = client.get(there.url)
    invited = {"email": "max@contoso.example", "name": "Max Ott", "message": ""}
    back = client.post("/people/invite/", invited | {"next": form.context["came_from"]})
    page = client.get(back.url)
    assert [(choice.person.name, choice.is_chosen) for choice in page.context["choices"]] == [
        ("Lea Marti", True),
        ("Max Ott", False),
    ]


def test_only_the_external_pane_offers_to_invite_a_guest(client, draft):
    offered = [
        "Invite a guest" in page_of(client.get(sponsors(draft, kind)))
        for kind in ("external", "internal")
    ]
    assert offered == [True, False]


def test_in_the_dialog_the_forms_are_sent_by_htmx_and_on_a_page_of_their_own_as_pages(
    client, draft
):
    by_htmx = {"HX-Request": "true"}
    paths = [pane(draft), sponsors(draft, "external")]
    assert [
        "data-hx-post" in client.get(path, headers=by_htmx).content.decode() for path in paths
    ] == [
        True,
        True,
    ]
    assert ["data-hx-post" in client.get(path).content.decode() for path in paths] == [False, False]


def test_a_kind_that_does_not_exist_is_not_there(client, draft):
    assert client.get(sponsors(draft, "other")).status_code == 404

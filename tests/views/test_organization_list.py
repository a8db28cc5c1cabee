"""The list of connected organizations:
what it finds, in which order, what it costs, who sees what.
"""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions.organizations import deletion
from governance.models import Organization
from governance.queries.organizations.filters import VIEWS
from governance.rules.roles import READER, SYSTEM
from tests import make

from .reading import markup_of

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/connected-organizations/", "/connected-organizations/export/"
SESSION_AND_USER = 2  # the session; the person, the roles and whether there is demo data


def names(page) -> list[str]:
    return [row.name for row in page.context["page"].rows]


def found(client, **asked) -> list[str]:
    return names(client.get(LIST, asked))


def counts(client, **asked) -> dict[str, int]:
    page = client.get(LIST, asked).context["page"]
    return {view: page.counts[view].number for view in VIEWS}


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def contoso():
    return make.organization(
        "Contoso Shipping",
        "contoso.example",
        "contoso.test",
        state="proposed",
        at=make.NOON + timedelta(days=1),
    )


# finding


@pytest.mark.parametrize(
    "text", ["fabri", "FABRIKAM", "  fabrikam ", "fabrikam.example", "rikam.exa", "fa", "ＦＡＢ"]
)
def test_part_of_a_name_or_domain_finds_the_organization(client, fabrikam, contoso, text):
    assert found(client, q=text) == ["Fabrikam"]


def test_one_or_two_letters_find_the_beginnings_of_names(client, fabrikam, contoso):
    assert found(client, q="co") == ["Contoso Shipping"]
    assert found(client, q="ab") == []


@pytest.mark.parametrize(
    "text", ["someone@dept.fabrikam.example", "dept.fabrikam.example", "a.b.FABRIKAM.example."]
)
def test_an_address_or_domain_beneath_finds_the_organization_that_covers_it(
    client, fabrikam, contoso, text
):
    assert found(client, q=text) == ["Fabrikam"]


def test_of_two_organizations_above_an_address_the_closest_is_found(client, fabrikam):
    make.organization("Engineering", "eng.fabrikam.example")
    assert found(client, q="x@lab.eng.fabrikam.example") == ["Engineering"]


def test_an_address_that_only_looks_alike_finds_nothing(client, fabrikam):
    assert found(client, q="eve@evilfabrikam.example") == []


def test_an_encoded_name_is_found_in_letters_and_as_stored(client):
    make.organization("Books", "bücher.example".encode("idna").decode())
    assert found(client, q="bücher") == found(client, q="xn--bcher") == ["Books"]


@pytest.mark.parametrize("text", ["Sam Adeyemi", "adeyemi", "sam@harbourgate.example"])
def test_a_sponsor_finds_the_organization(client, fabrikam, contoso, sam, text):
    make.sponsor(contoso, sam)
    assert found(client, q=text) == ["Contoso Shipping"]


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "_a",
        "f%m",
        '"',
        '" OR "',
        "*",
        "fab*",
        "\\",
        "NEAR(",
        "\0",
        "a" * 5000,
        "('",
        "-fabrikam",
        "fabrikam:x",
    ],
)
def test_signs_that_mean_something_to_a_database_mean_nothing_here(client, fabrikam, text):
    answer = client.get(LIST, {"q": text})
    assert (answer.status_code, names(answer)) == (200, ["Fabrikam"] if text == "\0" else [])


# views and filters


def test_counts_of_views_respect_the_search(client, fabrikam, contoso):
    assert counts(client) == {"": 2, "configured": 1, "proposed": 1, "blocked": 0, "deleted": 0}
    assert counts(client, q="contoso") == {
        "": 1,
        "configured": 0,
        "proposed": 1,
        "blocked": 0,
        "deleted": 0,
    }


def test_a_view_shows_its_own(client, fabrikam, contoso):
    make.list_rule("fabrikam.example")
    views = {
        view: found(client, view=view) for view in ("configured", "proposed", "blocked", "deleted")
    }
    assert views == {
        "configured": ["Fabrikam"],
        "proposed": ["Contoso Shipping"],
        "blocked": ["Fabrikam"],
        "deleted": [],
    }


def test_an_organization_with_one_open_name_is_not_blocked(client, contoso):
    make.list_rule("contoso.example")
    assert [row.tag for row in client.get(LIST).context["page"].rows] == ["proposed"]


@pytest.mark.parametrize(
    ("rules", "default", "tag"),
    [([], "block", "blocked"), ([("fabrikam.example", "allow")], "block", "configured")],
)
def test_the_default_of_the_list_blocks_too(client, fabrikam, rules, default, tag):
    make.list_default(default)
    for rule in rules:
        make.list_rule(*rule)
    page = client.get(LIST).context["page"]
    assert ([row.tag for row in page.rows], bool(page.counts["blocked"])) == (
        [tag],
        tag == "blocked",
    )


def test_deleted_organizations_are_found_in_their_own_view_and_can_be_restored(
    client, fabrikam, contoso
):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=make.NOON)
    assert found(client) == ["Contoso Shipping"]
    page = client.get(LIST, {"view": "deleted", "q": "x@dept.fabrikam.example"})
    assert names(page) == ["Fabrikam"]
    assert f'href="{fabrikam.uuid}/restore/"' in page.content.decode()


def test_after_thirty_days_nothing_offers_to_restore(client, fabrikam):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=make.NOON - timedelta(days=60))
    page = client.get(LIST, {"view": "deleted"})
    assert (names(page), "/restore/" in page.content.decode()) == (["Fabrikam"], False)


def test_filters_by_sign_in(client, fabrikam):
    make.by_directory(
        "Northwind",
        make.known_directory("Northwind", "northwind.tenants.example"),
        "northwind.example",
    )
    assert (found(client, sign_in="directory"), found(client, sign_in="passcode")) == (
        ["Northwind"],
        ["Fabrikam"],
    )


def test_filters_by_sponsors(client, fabrikam, contoso, sam):
    make.sponsor(contoso, sam)
    asked = {value: found(client, sponsors=value) for value in ("internal", "external", "none")}
    assert asked == {"internal": ["Contoso Shipping"], "external": [], "none": ["Fabrikam"]}


def test_values_that_no_filter_knows_ask_nothing(client, fabrikam):
    asked = {
        "view": "x",
        "sign_in": "'",
        "sponsors": "y",
        "package": "z",
        "sort": "password",
        "cursor": "!",
    }
    assert found(client, **asked) == ["Fabrikam"]


# order and pages


def test_the_latest_change_stands_first_unless_asked_otherwise(client, fabrikam, contoso):
    assert found(client) == ["Contoso Shipping", "Fabrikam"]
    assert found(client, sort="-name") == ["Fabrikam", "Contoso Shipping"]


def test_the_sorted_column_says_so(client, fabrikam):
    page = markup_of(client.get(LIST, {"sort": "name"}))
    assert re.findall(r'aria-sort="(\w+)"><a class="sort" href="([^"]*)">(\w+)', page) == [
        ("ascending", "?sort=-name", "Name")
    ]


@pytest.mark.parametrize("sort", ["name", "-name", "people", "-people", "changed", "-changed"])
def test_pages_show_every_row_once_forward_and_the_same_backward(client, sort):
    make.many_organizations(60)
    forward, pages, cursor = [], [], ""
    while True:
        page = client.get(LIST, {"sort": sort, "cursor": cursor}).context["page"]
        pages.append([row.id for row in page.rows])
        forward += pages[-1]
        if not page.next:
            break
        cursor = page.next
    ordered = (
        Organization.objects.present()
        .order_by(*page.filters.sort.order())
        .values_list("id", flat=True)
    )
    assert forward == list(ordered)
    back = client.get(LIST, {"sort": sort, "cursor": page.previous}).context["page"]
    assert [row.id for row in back.rows] == pages[-2]


def test_going_back_to_the_start_fills_the_first_page(client):
    make.many_organizations(60)
    second = client.get(LIST, {"cursor": client.get(LIST).context["page"].next}).context["page"]
    first = client.get(LIST, {"cursor": second.previous}).context["page"]
    assert (len(first.rows), first.start, first.previous) == (25, 1, "")
    assert (second.start, second.end) == (26, 50)


def test_links_to_another_order_or_view_drop_the_cursor(client):
    make.many_organizations(60)
    page = client.get(LIST, {"cursor": client.get(LIST).context["page"].next}).content.decode()
    links = re.findall(r'href="(\?[^"]*)"', page.replace("&amp;", "&"))
    assert [
        link for link in links if "cursor=" in link and ("view=" in link or "sort=" in link)
    ] == []


# the form and the links around it, which are rendered once for what they show


def form(client, **asked) -> dict[str, str]:
    """The values of the fields: what was typed, what is chosen."""
    page = markup_of(client.get(LIST, asked))
    markup = page.partition('<form class="bar"')[2].partition("</form>")[0]
    typed = re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', markup)
    selects = re.findall(r'<select name="(\w+)".*?</select>', markup)
    chosen = re.findall(r'<option value="([^"]+)" selected', markup)
    return {**dict(typed), "": f"{','.join(selects)} {','.join(chosen)}"}


def test_the_form_shows_what_this_request_asked_for(client):
    selects = "sign_in,sponsors,package"
    questions = (
        {"q": '<b>"fab', "sign_in": "directory", "sort": "name"},
        {"sponsors": "none", "view": "proposed"},
        {},
    )
    assert [form(client, **asked) for asked in questions] == [
        {"q": "&lt;b&gt;&#34;fab", "sort": "name", "": f"{selects} directory"},
        {"view": "proposed", "": f"{selects} none"},
        {"": f"{selects} "},
    ]


def test_a_new_package_is_offered_at_once_to_those_who_see_packages(client, signed_in, gil):
    before = "Drawings" in client.get(LIST).content.decode()
    make.package("Drawings")
    pages = [each.get(LIST).content.decode() for each in (client, signed_in(gil))]
    assert (before, *("Drawings" in page for page in pages)) == (False, True, False)


def test_headings_lead_to_their_order_and_keep_what_is_asked(client):
    make.many_organizations(3)
    asked = (
        {"q": "example", "sort": "-people"},
        {"q": "test", "sort": "people"},
        {"sign_in": "passcode"},
    )
    headings = [
        re.findall(r'<a class="sort" href="([^"]*)">(\w+)', markup_of(client.get(LIST, each)))
        for each in asked
    ]
    assert headings == [
        [
            ("?q=example&amp;sort=name", "Name"),
            ("?q=example&amp;sort=people", "People"),
            ("?q=example&amp;sort=-changed", "Changed"),
        ],
        [
            ("?q=test&amp;sort=name", "Name"),
            ("?q=test&amp;sort=-people", "People"),
            ("?q=test&amp;sort=-changed", "Changed"),
        ],
        [
            ("?sign_in=passcode&amp;sort=name", "Name"),
            ("?sign_in=passcode&amp;sort=-people", "People"),
            ("?sign_in=passcode&amp;sort=changed", "Changed"),
        ],
    ]


# cost


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ({}, 3),
        ({"view": "blocked"}, 3),
        ({"q": "marine"}, 4),  # the blocked of many hits are counted by themselves
        ({"sponsors": "none", "sort": "name"}, 4),  # whose numbers nobody asked for before
        ({"view": "deleted"}, 3),
    ],
)
def test_a_page_costs_four_statements_at_most_whatever_the_size(
    client, answers_are_kept, asked, most
):
    costs = []
    for more in (10, 990):
        make.many_organizations(more)
        client.get(LIST)  # the first after a change counts anew
        with CaptureQueriesContext(connection) as statements:
            assert client.get(LIST, asked).status_code == 200
        costs.append(len(statements) - SESSION_AND_USER)
    assert costs[0] <= costs[1] == most  # fewer when there is nothing to show


def test_a_whole_domain_costs_one_statement_more(client, answers_are_kept):
    make.organization()
    client.get(LIST)
    with CaptureQueriesContext(connection) as statements:
        client.get(LIST, {"q": "x@dept.fabrikam.example"})
    assert len(statements) - SESSION_AND_USER == 4


# who sees what


def test_a_guest_inviter_sees_numbers_of_packages_but_not_their_names(signed_in, gil, ada):
    make.many_organizations(10)
    assert "Made-up package" in signed_in(ada).get(LIST).content.decode()
    page = signed_in(gil).get(LIST, {"package": str(make.first_package().uuid)})
    assert "Made-up package" not in page.content.decode()
    assert len(names(page)) == 10


def test_a_reader_is_offered_no_change(signed_in, fabrikam):
    page = signed_in(make.member("rea@harbourgate.example", READER)).get(LIST).content.decode()
    assert [
        word
        for word in (">Edit<", ">Delete<", "Add sponsor", "Add connected organization")
        if word in page
    ] == []


def test_without_a_role_the_list_is_refused_and_names_who_may(signed_in, rob, fabrikam):
    answer = signed_in(rob).get(LIST)
    assert answer.status_code == 403
    assert "Global administrator" in answer.content.decode()
    assert "Fabrikam" not in answer.content.decode()


# what an empty list says


def test_an_empty_portal_offers_to_add_the_first(client):
    assert "No connected organizations yet" in client.get(LIST).content.decode()


def test_no_match_for_a_whole_domain_offers_to_add_it(client, fabrikam):
    page = client.get(LIST, {"q": "x@other.example"}).content.decode()
    assert "No connected organization matches “x@other.example”" in page
    assert "Add other.example as a connected organization" in page


def test_no_match_for_part_of_a_name_offers_to_clear_the_filters(client, fabrikam):
    page = client.get(LIST, {"q": "zzz"}).content.decode()
    assert "Clear filters" in page
    assert "as a connected organization" not in page


# fragment and export


def test_htmx_gets_the_results_with_the_counts(client, fabrikam):
    fragment = client.get(LIST, {"q": "fab"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert re.findall(r'id="(\w+)" data-hx-swap-oob', fragment) == ["views", "found", "export"]


def exported(client, **asked) -> list[list[str]]:
    body = b"".join(client.get(EXPORT, asked).streaming_content).decode("utf-8-sig")
    return list(csv.reader(body.splitlines()))


def test_the_export_has_the_filtered_rows_in_their_order(client, monkeypatch):
    monkeypatch.setattr("governance.queries.organizations.listing.EXPORTED_AT_ONCE", 7)
    make.many_organizations(40)
    rows = exported(client, view="configured", sort="name")
    ordered = (
        Organization.objects.present()
        .filter(state="configured")
        .order_by("name_key", "id")
        .values_list("name", flat=True)
    )
    assert [row[0] for row in rows[1:]] == list(ordered)
    assert rows[0][0] == "Name"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2+3", "@SUM(A1)"])
def test_a_name_that_a_spreadsheet_would_calculate_is_exported_as_text(client, name):
    make.organization(name)
    assert exported(client)[1][0] == f"'{name}"


def test_markup_in_a_name_is_text(client):
    make.organization('<script>alert("x")</script> Ltd', description="<b>bold</b>")
    page = client.get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "<b>bold" not in page

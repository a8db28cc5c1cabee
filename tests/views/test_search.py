"""The search in the header: organizations, domains and people by one text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.actions.organizations import deletion
from governance.rules.roles import SYSTEM
from tests import make, make_requests

from .reading import markup_of

pytestmark = pytest.mark.django_db


def search(client, text):
    return client.get("/search/", {"q": text}).context["found"]


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def test_one_text_finds_organizations_domains_and_people(client, bob):
    found = search(client, "fabrikam")
    groups = [
        [str(row) for row in group.rows]
        for group in (found.organizations, found.domains, found.people)
    ]
    assert groups == [["Fabrikam"], ["fabrikam.example"], ["Bob Ferreira"]]


@pytest.mark.parametrize("text", ["dept.fabrikam.example", "someone@dept.fabrikam.example"])
def test_a_whole_address_or_domain_tells_who_covers_it(client, fabrikam, text):
    page = client.get("/search/", {"q": text}).content.decode()
    assert "dept.fabrikam.example</strong> belongs to" in page


def test_a_domain_that_nobody_covers_is_said_so(client, fabrikam):
    assert (
        "No connected organization includes other.example."
        in client.get("/search/", {"q": "x@other.example"}).content.decode()
    )


def test_a_domain_of_a_deleted_organization_is_said_to_be_shut(client, fabrikam):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=make.NOON)
    assert "is reserved for <bdi>Fabrikam" in markup_of(
        client.get("/search/", {"q": "fabrikam.example"})
    )


def test_a_whole_address_finds_its_mailbox_alone(client, bob):
    make.guest("bob@fabrikam.example", name="Other Bob")
    assert [
        str(person) for person in search(client, "bob+tag@eng.fabrikam.example").people.rows
    ] == ["Bob Ferreira"]


def test_only_the_first_five_of_a_group_are_shown(client):
    for number in range(7):
        make.organization(f"Partner {number}", f"partner-{number}.example")
    found = search(client, "partner")
    assert (
        [group.more for group in (found.organizations, found.domains)],
        len(found.organizations.rows),
    ) == ([True, True], 5)


def test_whose_name_it_is_is_found_however_many_have_the_text(client, monkeypatch):
    monkeypatch.setattr("governance.queries.organizations.search.ENOUGH", 1)
    for name in ("First Lake", "Second Lake", "Lake"):
        make.organization(name, f"{name.lower().replace(' ', '-')}.example")
    assert "Lake" in [row.name for row in search(client, "lake").organizations.rows]


def test_an_encoded_domain_is_found_in_letters(client):
    make.organization("Books", "bücher.example".encode("idna").decode())
    assert [claim.name for claim in search(client, "bücher").domains.rows] == [
        "xn--bcher-kva.example"
    ]


@pytest.mark.parametrize("text", ["", " ", "%", "\0", "a" * 5000, '"', "'; --", "<b>"])
def test_odd_texts_are_answered(client, fabrikam, text):
    assert client.get("/search/", {"q": text}).status_code == 200


def test_without_a_role_nothing_is_found(signed_in, rob, fabrikam):
    answer = signed_in(rob).get("/search/", {"q": "fabrikam"})
    assert (answer.status_code, "fabrikam.example" in answer.content.decode()) == (403, False)


@pytest.mark.parametrize("number", [10, 1000])
def test_a_search_costs_the_same_whatever_the_size(client, number):
    make.many_organizations(number)
    with CaptureQueriesContext(connection) as statements:
        client.get("/search/", {"q": "marine"})
    assert len(statements) == 2 + 4


def test_packages_requests_and_access_are_found(client, fabrikam):
    package = make.package("Example drawings")
    make_requests.access(package, "ann@fabrikam.example", at=timezone.now())
    found = search(client, "example")
    assert [name for _key, name in found.packages.rows] == ["Example drawings"]
    found = search(client, "ann@fabrikam.example")
    assert [(hit.email, hit.package) for hit in found.assignments.rows] == [
        ("ann@fabrikam.example", "Example drawings")
    ]
    assert [(hit.email, hit.words) for hit in found.requests.rows] == [
        ("ann@fabrikam.example", "Access granted")
    ]


def test_the_beginning_of_an_address_finds_its_requests(client, fabrikam):
    make_requests.access(make.package(), "ann@fabrikam.example", at=timezone.now())
    assert [len(search(client, text).requests.rows) for text in ("ann@f", "nn@")] == [1, 0]


def test_whoever_may_not_see_requests_and_packages_finds_none(signed_in, gil, fabrikam):
    make_requests.access(make.package(), "ann@fabrikam.example", at=timezone.now())
    found = search(signed_in(gil), "ann@fabrikam.example")
    assert (found.requests.rows, found.assignments.rows, found.packages.rows) == ((), (), ())

"""The pages about access that people have: the list, its file, ending it, giving it directly."""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import AccessRequest, Assignment, Mail
from governance.rules.roles import READER
from tests import make, make_requests

from .reading import page_of

pytestmark = pytest.mark.django_db
LIST, EXPORT, ASSIGN = "/assignments/", "/assignments/export/", "/assignments/assign/"
SESSION_AND_USER = 2
DAY = timedelta(days=1)
NO_KEY = "12345678-1234-4234-8234-123456789012"


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def package(fabrikam):
    return make.package("Drawings")


def found(client, **asked) -> list[str]:
    return [row.person.email for row in client.get(LIST, asked).context["found"].page.rows]


def access(package, email: str, *, days: int | None = None) -> Assignment:
    """Access that began just now and ends after so many days."""
    now = timezone.now()
    row = make_requests.access(package, email, at=now)
    if days is not None:
        row.ends_at = now + days * DAY
        row.save()
    return row


def ending(row: Assignment) -> str:
    return f"/assignments/{row.uuid}/end/"


def typed(row, **more) -> dict:
    return {
        "package": str(row.uuid),
        "email": "bob@fabrikam.example",
        "last_day": "",
        "reason": "Starts today",
    } | more


# the list


def test_the_list_shows_who_has_access_now(client, package):
    access(package, "a@fabrikam.example")
    access(package, "b@fabrikam.example", days=-1)
    assert found(client) == ["a@fabrikam.example"]


def test_access_that_was_ended_is_not_in_the_list(client, package):
    row = access(package, "a@fabrikam.example")
    client.post(ending(row), {"reason": "Left"})
    assert found(client) == []


def test_access_that_ends_within_14_days_is_a_view_by_its_end(client, package):
    for name, days in (("a", 13), ("b", 2), ("c", 15), ("d", None)):
        access(package, f"{name}@fabrikam.example", days=days)
    assert found(client, view="ending") == ["b@fabrikam.example", "a@fabrikam.example"]


def test_each_view_says_how_many_it_has(client, package):
    for name, days in (("a", 13), ("c", 15), ("d", None)):
        access(package, f"{name}@fabrikam.example", days=days)
    counts = client.get(LIST).context["found"].counts
    assert {view: count.number for view, count in counts.items()} == {
        "": 3,
        "ending": 1,
        "no_end": 1,
    }


def test_the_filters_find_by_package_organization_and_address(client, package):
    make.organization("Contoso", "contoso.example")
    access(package, "a@fabrikam.example")
    access(make.package("Calendar"), "b@contoso.example")
    assert found(client, package=package.uuid) == ["a@fabrikam.example"]
    assert found(client, organization="contoso") == ["b@contoso.example"]
    assert found(client, q="b@") == ["b@contoso.example"]


def test_the_filter_by_end_takes_both_days_in(client, package):
    for name, days in (("a", 1), ("b", 2), ("c", 3)):
        access(package, f"{name}@fabrikam.example", days=days)
    day = (timezone.now() + 2 * DAY).date().isoformat()
    assert found(client, since=day, until=day) == ["b@fabrikam.example"]


def test_the_list_says_through_what_somebody_has_access(client, package):
    access(package, "a@fabrikam.example")
    assert "Direct assignment" in page_of(client.get(LIST))


def test_the_file_has_the_filtered_access_in_the_columns_of_the_list(client, package):
    access(package, "a@fabrikam.example")
    lines = client.get(EXPORT, {"q": "a@"}).getvalue().decode().removeprefix("\ufeff")
    header, row = csv.reader(lines.splitlines())
    assert header == [
        *("Name", "Email", "Organization", "Access package", "Since", "Until", "Through"),
    ]
    assert (*row[1:4], *row[5:]) == (
        *("a@fabrikam.example", "Fabrikam", "Drawings"),
        *("No end date", "Direct assignment"),
    )


@pytest.mark.parametrize("asked", [{}, {"view": "ending"}, {"q": "p0", "organization": "fab"}])
def test_the_list_costs_at_most_three_statements(client, package, asked):
    for number in range(30):
        access(package, f"p{number:02}@fabrikam.example", days=5)
    client.get(LIST, asked)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, asked)
    assert len(captured) - SESSION_AND_USER <= 3


def test_pages_by_end_go_on(client, package):
    for number in range(30):
        access(package, f"p{number:02}@fabrikam.example", days=5)
    first = client.get(LIST, {"view": "ending"}).context["found"].page
    assert len(found(client, view="ending", cursor=first.next)) == 5


def test_an_empty_list_offers_the_next_step(client):
    assert "Nobody has access yet" in page_of(client.get(LIST))


def test_a_reader_cannot_end_access(signed_in, package):
    row = access(package, "a@fabrikam.example")
    reader = signed_in(make.member("rea@harbourgate.example", READER))
    assert "End access" not in page_of(reader.get(LIST))
    assert reader.post(ending(row), {"reason": "Left"}).status_code == 403


# ending access


def test_what_ends_is_said_before(client, package):
    row = access(package, "a@fabrikam.example")
    assert "a@fabrikam.example" in page_of(client.get(ending(row)))


def test_ending_needs_a_reason(client, package):
    row = access(package, "a@fabrikam.example")
    page = client.post(ending(row), {"reason": " "})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"reason": ["Enter a reason"]},
    )


def test_access_ends_with_its_reason_and_the_person_is_told(client, package):
    row = access(package, "a@fabrikam.example")
    assert client.post(ending(row), {"reason": "Left"}).status_code == 303
    row.refresh_from_db()
    assert (row.ended_by, row.ended_because) == ("Ada Okafor", "Left")
    assert Mail.objects.order_by("-id")[0].to == "a@fabrikam.example"


def test_what_was_ended_meanwhile_says_by_whom(client, package):
    row = access(package, "a@fabrikam.example")
    client.post(ending(row), {"reason": "Left"})
    page = client.post(ending(row), {"reason": "Left"})
    assert (page.status_code, "Ada Okafor already ended this access" in page_of(page)) == (
        409,
        True,
    )


def test_unknown_access_is_not_found(client):
    assert client.get(f"/assignments/{uuid4()}/end/").status_code == 404


# giving access directly


def test_somebody_gets_access_directly(client, package):
    assert client.post(ASSIGN, typed(package)).status_code == 303
    row = AccessRequest.objects.get()
    assert (row.kind, row.state, row.email, row.reason) == (
        "direct",
        "approved",
        "bob@fabrikam.example",
        "Starts today",
    )


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"package": ""}, "package", "Choose an access package"),
        ({"package": NO_KEY}, "package", None),
        ({"email": ""}, "email", "Enter an email address, such as name@partner.example"),
        ({"email": "bob"}, "email", None),
        ({"last_day": "31.2.2027"}, "last_day", "Enter a day, such as 2027-01-31"),
        ({"last_day": "2001-01-01"}, "last_day", "Enter a day that is not over"),
        ({"reason": ""}, "reason", "Enter a reason"),
        ({"reason": "x" * 1_001}, "reason", None),
        ({"reason": "a\x07b"}, "reason", None),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(client, package, wrong, field, text):
    given = typed(package, **wrong)
    page = client.post(ASSIGN, given)
    errors = page.context["form"].errors
    assert (page.status_code, list(errors)) == (422, [field])
    assert text is None or errors[field] == [text]
    assert {name: page.context["form"][name].value() for name in given} == given
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("bob@blocked.fabrikam.example", "blocks"),
        ("bob@ours.example", "your domain"),
    ],
)
def test_the_steps_that_bind_stop_it_at_the_address(client, package, email, code):
    make.list_rule("blocked.fabrikam.example")
    make.own_name("ours.example")
    page = client.post(ASSIGN, typed(package, email=email))
    (text,) = page.context["form"].errors["email"]
    assert (page.status_code, code in text) == (422, True)


def test_whoever_has_it_already_is_said_at_the_address(client, package):
    access(package, "bob@fabrikam.example")
    page = client.post(ASSIGN, typed(package))
    assert page.context["form"].errors == {"email": ["bob@fabrikam.example already has Drawings"]}


def test_the_form_is_filled_from_the_address_bar(client, package):
    page = client.get(ASSIGN, {"package": str(package.uuid), "email": "a@fabrikam.example"})
    form = page.context["form"]
    assert (form["package"].value(), form["email"].value()) == (
        str(package.uuid),
        "a@fabrikam.example",
    )

"""No page does anything for a form that another site sent."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.snapshots import changed, rows_of_everything


@pytest.fixture
def client(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada, backend="governance.models.sign_in.RoleBackend")
    return client


def test_every_form_without_its_token_is_refused_and_changes_nothing(client, written):
    before = rows_of_everything()
    answers = {
        path: client.post(path, {"name": "x", "post": "yes"}).status_code for path in written
    }
    assert {path: status for path, status in answers.items() if status != 403} == {}
    assert changed(before, rows_of_everything()) == set()


def test_a_strangers_forms_are_refused_too(db):
    client = Client(enforce_csrf_checks=True)
    assert [
        client.post(path).status_code
        for path in ("/accounts/login/", "/accounts/password/reset/", "/invitations/x/")
    ] == [403] * 3


def test_the_page_says_what_to_do(client):
    page = client.post("/account/").content.decode()
    assert "This form has expired" in page


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example"]
)
def test_a_token_from_another_origin_does_not_count(client, origin):
    client.get("/account/")
    token = client.cookies["csrftoken"].value
    given = {"csrfmiddlewaretoken": token, "theme": "dark"}
    assert client.post("/account/theme/", given).status_code == 303
    assert client.post("/account/theme/", given, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("path", ["/admin/logout/", "/account/theme/"])
def test_what_changes_something_is_not_reached_by_a_link(client, path):
    assert client.get(path).status_code == 405

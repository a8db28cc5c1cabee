"""What went wrong is told in our look: what happened and what to do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests import make
from tests.views.reading import markup_of


def test_what_cannot_be_read_is_told(client, db):
    answer = client.get("/", headers={"host": "evil.example"})
    assert (
        answer.status_code,
        "The portal could not read this request" in answer.content.decode(),
    ) == (400, True)


def test_a_form_of_too_many_fields_is_not_read(signed_in, ada):
    answer = signed_in(ada).post(
        "/people/invite/", {f"field{number}": "x" for number in range(2_500)}
    )
    assert (
        answer.status_code,
        "The portal could not read this request" in answer.content.decode(),
    ) == (400, True)


def test_a_form_that_is_too_large_is_not_read(signed_in, ada):
    answer = signed_in(ada).post("/people/invite/", {"message": "x" * 1_100_000})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/people/add/", "It needs the role <strong>Global administrator</strong>."),
        (
            "/connected-organizations/",
            (
                "<strong>Global administrator</strong>, <strong>User administrator</strong>,"
                " <strong>Guest inviter</strong> or <strong>Reader</strong>"
            ),
        ),
        (
            "/audit-log/",
            (
                "<strong>Global administrator</strong>,"
                " <strong>User administrator</strong> or <strong>Reader</strong>"
            ),
        ),
        ("/admin/", "<strong>Global administrator</strong> or <strong>User administrator</strong>"),
    ],
)
def test_a_refused_page_names_every_role_that_may(signed_in, rob, path, words):
    answer = signed_in(rob).get(path)
    assert (answer.status_code, words in markup_of(answer)) == (403, True)


def test_what_nobody_may_is_told_without_a_role(signed_in, ada, fabrikam):
    answer = signed_in(ada).post(f"/admin/governance/claim/{fabrikam.claims.get().pk}/change/")
    assert (answer.status_code, "No role allows this" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing-here/",
        "/connected-organizations/00000000-0000-4000-8000-000000000000/",
        "/admin/nothing/",
    ],
)
def test_what_is_not_there_offers_a_search(signed_in, ada, path):
    answer = signed_in(ada).get(path)
    assert (answer.status_code, 'action="/search/"' in answer.content.decode()) == (404, True)


@pytest.mark.django_db(transaction=True)
def test_a_fault_has_a_reference_that_the_log_has_too(caplog):
    client = Client(raise_request_exception=False)
    ada = make.member("ada@harbourgate.example", "Global administrator")
    client.force_login(ada, backend="governance.models.sign_in.RoleBackend")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_mail RENAME TO governance_mail_lost")
    try:
        answer = client.get("/mail/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE governance_mail_lost RENAME TO governance_mail")
    page = answer.content.decode()
    assert (answer.status_code, "Something went wrong" in page, answer["X-Request-ID"] in page) == (
        500,
        True,
        True,
    )
    assert [
        word for word in ("Traceback", "governance_mail", "OperationalError") if word in page
    ] == []
    assert [
        record.request.request_id for record in caplog.records if record.levelname == "ERROR"
    ] == [answer["X-Request-ID"]]

"""Whether the portal lives and is ready to serve, for whoever watches it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from governance.db.triggers import drop_triggers
from governance.models import OwnName
from governance.queries.readiness import readiness
from tests import make


def test_the_portal_lives_without_its_database(client):
    answer = client.get("/livez")  # without the fixture `db`, a query fails this test
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_it_lives_for_a_browser_that_has_a_session_too(client):
    client.cookies["sessionid"] = "of somebody who signed in"
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_only_read(client, db, path):
    assert client.post(path).status_code == 405


def test_a_portal_whose_tables_are_there_is_ready(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["problems"]) == (
        200,
        "ready",
        [],
    )


def test_no_own_name_is_a_warning_and_no_problem(client, db):
    OwnName.objects.all().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"][:1]) == (
        200,
        ["You have not added your own domains"],
    )


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=119), "seen"),
        (timedelta(minutes=2), "not seen for 2 minutes"),
        (timedelta(minutes=10, seconds=59), "not seen for 10 minutes"),
        (timedelta(hours=2), "not seen for 2 hours"),
        (timedelta(days=3), "not seen for 3 days"),
    ],
)
def test_when_the_worker_was_seen_is_told(db, since, words):
    make.worker_seen(make.NOON - since)
    told = readiness(make.NOON)
    warned = [line for line in told.warnings if line.startswith("The worker")]
    assert (told.is_ready, told.worker, len(warned)) == (True, words, int(words != "seen"))


def test_a_worker_that_never_ran_is_told_and_is_no_problem(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, "never seen")
    assert (
        "The worker, which sends emails and ends access, was never seen"
        in (answer.json()["warnings"])
    )


def test_an_unprotected_audit_log_is_not_ready(client, db):
    drop_triggers()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"][0].startswith("The audit log is not protected: ")


def test_a_missing_migration_is_not_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'governance'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (
        503,
        ["Migrations are missing: run manage.py migrate"],
    )


def test_lists_grown_old_are_told(db):
    told = readiness(datetime(2028, 1, 1, tzinfo=UTC)).warnings
    assert [line.split(" is from ")[0] for line in told if line.startswith("The list of")] == [
        "The list of public suffixes",
        "The list of consumer mail services",
        "The list of shared mailboxes",
        "The list of throw-away mail services",
        "The list of confusable characters",
    ]

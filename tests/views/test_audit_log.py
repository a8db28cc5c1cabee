"""The pages of the audit log: the list, its files, one event."""

from __future__ import annotations

import csv
import io
import json

import pytest

from governance.actions.audit import record, record_refusal
from governance.db.triggers import drop_triggers
from governance.models import AuditEvent
from governance.rules.decision import refuse
from governance.rules.roles import READER, Actor
from tests import make

from .reading import markup_of

ADA = Actor(1, "Ada Okafor", frozenset(), "203.0.113.9", "11111111-2222-4333-8444-555555555555")


@pytest.fixture
def log(fabrikam):
    record(
        "Update connected organization",
        by=ADA,
        at=make.NOON,
        target=fabrikam,
        organization=fabrikam,
        before={"name": "=Old"},
        after={"name": "Fabrikam"},
    )
    record_refusal(
        "Add own name",
        refuse("own_name_claimed", "Fabrikam holds fabrikam.example"),
        by=Actor(2, '=HYPERLINK("x")'),
        at=make.NOON,
    )
    return list(AuditEvent.objects.order_by("pk"))


@pytest.fixture
def client(db, signed_in):
    return signed_in(make.member("rea@harbourgate.example", READER))


def rows_of_csv(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def objects_of_json(response) -> list[dict]:
    return [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]


def test_a_line_says_when_who_what_on_what_where_and_how_it_ended(client, log, fabrikam):
    page = client.get("/audit-log/").content.decode()
    parts = [
        'title="23 Nov 2026, 12:00:00 UTC"',
        "Ada Okafor",
        f'href="/audit-log/{log[1].pk}/"',
        "Update connected organization",
        f'href="/connected-organizations/{fabrikam.uuid}/"',
        "203.0.113.9",
        "Completed",
        "Refused",
        "System",
    ]
    assert [part for part in parts if part not in page] == []


def test_the_filters_are_time_actor_activity_object_organization_and_result(client, log):
    form = client.get("/audit-log/").context["form"]
    assert [field.label for field in form] == [
        "From",
        "To",
        "Who",
        "Activity",
        "Object",
        "Organization",
        "Result",
    ]


def test_the_line_at_the_foot_says_that_the_chain_is_unbroken(client, log):
    assert "All 3 events passed the integrity check" in markup_of(client.get("/audit-log/"))


def test_the_line_at_the_foot_stays_when_no_event_matches(client, log):
    page = client.get("/audit-log/?actor=nobody").content.decode()
    assert ("No event matches" in page, "passed the integrity check" in page) == (True, True)


def test_the_line_at_the_foot_says_what_is_broken(client, log):
    drop_triggers()
    AuditEvent.objects.filter(pk=log[1].pk).update(actor="Eve")
    assert (
        f"event {log[1].pk} has columns that differ from its text"
        in client.get("/audit-log/").content.decode()
    )


def test_an_event_shows_before_and_after_and_the_id_of_its_request(client, log):
    page = client.get(f"/audit-log/{log[1].pk}/").content.decode()
    parts = [
        "Before and after",
        "=Old",
        "Fabrikam",
        ADA.request_id,
        log[1].hash,
        "203.0.113.9",
        "23 Nov 2026, 12:00:00",
    ]
    assert [part for part in parts if part not in page] == []


def test_an_event_that_was_refused_says_why(client, log):
    assert (
        "<dd>Fabrikam holds fabrikam.example"
        in client.get(f"/audit-log/{log[2].pk}/").content.decode()
    )


@pytest.mark.parametrize("number", [0, 999_999, 2**63 - 1, 2**63, 29562207141571166208])
def test_an_event_that_is_not_there_is_not_found(client, db, number):
    assert client.get(f"/audit-log/{number}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?actor=ada",
        "?result=refused",
        "?since=2026-11-24",
        "?activity=Add own name",
        "?organization=fabrikam&actor=okafor",
    ],
)
def test_files_hold_exactly_what_the_page_shows(client, log, query):
    shown = [event.pk for event in client.get(f"/audit-log/{query}").context["page"].rows]
    as_json = f"{query or '?'}&format=json"
    assert [
        int(row["id"]) for row in rows_of_csv(client.get(f"/audit-log/export/{query}"))
    ] == shown
    assert [
        row["id"] for row in objects_of_json(client.get(f"/audit-log/export/{as_json}"))
    ] == shown


def test_files_hold_more_than_a_page_and_more_than_they_read_at_once(client, db):
    for number in range(40):
        record(f"Event {number}", by=ADA, at=make.NOON)
    assert [row["activity"] for row in rows_of_csv(client.get("/audit-log/export/"))] == [
        f"Event {number}" for number in reversed(range(40))
    ]


def test_the_csv_has_all_columns_and_calculates_nothing(client, log):
    rows = rows_of_csv(client.get("/audit-log/export/"))
    columns = [
        "id",
        "at",
        "actor",
        "activity",
        "result",
        "reason",
        "target_kind",
        "target",
        "organization",
        "ip",
        "request_id",
        "before",
        "after",
        "hash",
    ]
    assert list(rows[0]) == columns
    assert (rows[0]["actor"], rows[1]["before"], rows[1]["at"]) == (
        '\'=HYPERLINK("x")',
        '{"name": "=Old"}',
        "2026-11-23T12:00:00+00:00",
    )


def test_json_has_one_object_a_line_with_the_values_as_they_are(client, log):
    response = client.get("/audit-log/export/?format=json")
    objects = objects_of_json(response)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/x-ndjson",
        'attachment; filename="audit-log.ndjson"',
    )
    assert (len(objects), objects[0]["actor"], objects[1]["hash"]) == (
        3,
        '=HYPERLINK("x")',
        log[1].hash,
    )


@pytest.mark.parametrize(
    "query",
    [
        "?since=nonsense",
        "?since=9999-12-31&until=0001-01-01",
        "?until=9999-12-31",
        "?since=0001-01-01",
        "?activity=none",
        "?result=none",
        "?cursor=x",
        "?actor=%00",
    ],
)
def test_a_filter_that_cannot_be_read_filters_nothing_or_finds_nothing(client, log, query):
    assert [client.get(f"/audit-log/{path}{query}").status_code for path in ("", "export/")] == [
        200,
        200,
    ]


def test_the_links_to_the_files_keep_the_filters(client, log):
    page = client.get("/audit-log/?actor=ada&cursor=x").content.decode()
    assert 'href="/audit-log/export/?actor=ada"' in page
    assert 'href="/audit-log/export/?actor=ada&amp;format=json"' in page

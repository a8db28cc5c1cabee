"""The audit log as a page: what the filters find, in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from governance.actions.audit import record, record_refusal
from governance.models import AuditEvent
from governance.queries.audit.log import (
    AuditFilters,
    activities,
    audit_page,
    changed_lines,
    every_event,
)
from governance.rules.decision import refuse
from governance.rules.roles import Actor
from tests import make


@pytest.fixture
def log(db):
    """Events of two people on two days about two organizations."""
    fabrikam, contoso = (
        make.organization("Fabrikam", "fabrikam.example"),
        make.organization("Contoso", "contoso.example"),
    )
    ada, uma = Actor(1, "Ada Okafor"), Actor(2, "Uma Castellanos")
    midnight = make.NOON.replace(hour=0) + timedelta(days=1)
    record(
        "Update connected organization",
        by=ada,
        at=midnight - timedelta(microseconds=1),
        target=fabrikam,
        organization=fabrikam,
    )
    record(
        "Delete connected organization", by=uma, at=midnight, target=contoso, organization=contoso
    )
    record_refusal(
        "Delete connected organization", refuse("no", "no"), by=ada, at=midnight, target=fabrikam
    )


def found(**filters) -> list[tuple[str, str, str]]:
    rows = audit_page(AuditFilters(**filters), "").rows
    assert [event.pk for event in rows] == [
        event.pk for event in every_event(AuditFilters(**filters))
    ]
    return [(event.activity.split()[0], event.actor.split()[0], event.target) for event in rows]


CREATED = [("Create", "System", "Contoso"), ("Create", "System", "Fabrikam")]
UPDATED, DELETED, REFUSED = (
    ("Update", "Ada", "Fabrikam"),
    ("Delete", "Uma", "Contoso"),
    ("Delete", "Ada", "Fabrikam"),
)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({}, [REFUSED, DELETED, UPDATED, *CREATED]),
        ({"actor": "okaf"}, [REFUSED, UPDATED]),
        ({"activity": "Delete connected organization"}, [REFUSED, DELETED]),
        ({"activity": "Delete"}, []),
        ({"target": "CONT"}, [DELETED, CREATED[0]]),
        ({"organization": "fabri"}, [REFUSED, UPDATED, CREATED[1]]),
        ({"result": "refused"}, [REFUSED]),
        ({"since": date(2026, 11, 24)}, [REFUSED, DELETED]),
        ({"until": date(2026, 11, 23)}, [UPDATED, *CREATED]),
        ({"since": date(2026, 11, 24), "actor": "uma", "result": "done"}, [DELETED]),
        ({"actor": "%"}, []),
    ],
    ids=lambda value: ", ".join(value) or "nothing" if isinstance(value, dict) else None,
)
def test_filters_find_exactly_what_fits_the_newest_first(log, filters, rows):
    assert found(**filters) == rows


def test_pages_follow_each_other_without_a_gap_or_a_double(db):
    for number in range(60):
        record(f"Event {number}", by=Actor(1, "Ada"), at=make.NOON)
    pages, cursor = [], ""
    while True:
        page = audit_page(AuditFilters(), cursor)
        pages.append([event.activity for event in page.rows])
        if not page.next:
            break
        cursor = page.next
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [name for page in pages for name in page] == [
        f"Event {number}" for number in reversed(range(60))
    ]
    assert [event.activity for event in audit_page(AuditFilters(), page.previous).rows] == pages[1]


def test_the_choices_of_activities_are_those_that_happened_by_one_statement(
    log, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert activities() == [
            "Create connected organization",
            "Delete connected organization",
            "Update connected organization",
        ]


def test_no_activity_happened_yet(db):
    assert activities() == []


def test_before_and_after_stand_side_by_side(db):
    before = {
        "name": "Old",
        "description": "",
        "sources": [{"source": "a.example", "names": ["a.example"]}],
        "gone": "x",
    }
    record(
        "Test",
        by=Actor(1, "Ada"),
        at=make.NOON,
        before=before,
        after={**{k: v for k, v in before.items() if k != "gone"}, "name": "New", "more": None},
    )
    lines = changed_lines(AuditEvent.objects.get())
    assert [(line.name, line.before, line.after, line.is_changed) for line in lines] == [
        ("Description", "none", "none", False),
        ("Gone", "x", "none", True),
        ("Name", "Old", "New", True),
        (
            "Sources",
            "Names: a.example; Source: a.example",
            "Names: a.example; Source: a.example",
            False,
        ),
        ("More", "none", "none", False),
    ]


def test_an_event_without_before_and_after_has_no_lines(db):
    record("Test", by=Actor(1, "Ada"), at=make.NOON)
    assert changed_lines(AuditEvent.objects.get()) == []

"""What each request of the wizard asks of the database, beyond session, person and roles: the draft
once, what its answers meet once, and one statement that saves it.
"""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions import drafts
from governance.models import Draft
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
SESSION_AND_USER = 2
DRAFT = UUID("12345678-1234-4234-8234-123456789012")
URL = f"/connected-organizations/add/{DRAFT}/"
BASICS = {"name": "Contoso", "description": "", "state": "configured"}
BOXES = {"had_subdomains": "contoso.example"}
TRANSACTION = re.compile("BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK")
# The draft, and what the step says.
SHOWN = {"basics/": 2, "directories/": 2, "sponsors/": 2, "review/": 5}
# The draft, the check of the step, and what saves it.
POSTED = {
    "basics/": (BASICS, 3),
    "directories/": (BOXES, 3),
    "sponsors/": ({}, 3),
    "directories/select/": ({"add": "contoso.test"}, 4),
    "sponsors/external/": ({"select": "1", "person": str(UUID(int=7))}, 2),
}


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def draft(ada, sam) -> Draft:
    """Every step is filled in."""
    own = {"author": ada, "uuid": DRAFT, "at": make.NOON}
    drafts.save_answers(step="basics", given=BASICS, is_valid=True, **own)
    drafts.put_in_pane(source=NewSource("contoso.example"), **own)
    drafts.select_pane(**own)
    return drafts.change_sponsors(kind="internal", added=[sam.uuid], **own)


def asked(ask) -> tuple[int, list[str]]:
    """How many statements it takes beside transactions and locks, and what of transactions."""
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code in (200, 303)
    every = [each["sql"] for each in captured if "pg_advisory_xact_lock" not in each["sql"]]
    of_transactions = [match[0] for sql in every if (match := TRANSACTION.match(sql))]
    return len(every) - len(of_transactions) - SESSION_AND_USER, of_transactions


def test_a_step_is_shown_by_few_statements(client, draft):
    shown = {step: asked(lambda step=step: client.get(URL + step)) for step in SHOWN}
    assert shown == {step: (number, []) for step, number in SHOWN.items()}


def test_a_step_is_stored_by_one_statement_and_in_no_transaction(client, draft):
    posted = {
        step: asked(lambda step=step, given=given: client.post(URL + step, given))
        for step, (given, _number) in POSTED.items()
    }
    assert posted == {step: (number, []) for step, (_given, number) in POSTED.items()}


def test_the_first_answer_makes_the_row_in_a_transaction_that_can_be_lost(client):
    assert asked(lambda: client.post(f"{URL}basics/", BASICS)) == (3, ["SAVEPOINT", "RELEASE"])


def test_create_asks_once_what_it_meets_and_reads_nothing_back(client, draft):
    page = client.get(f"{URL}review/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    created = asked(lambda: client.post(f"{URL}review/", {"seen": seen}))
    assert created == (15, ["SAVEPOINT", "RELEASE"])


def test_a_refused_create_computes_the_impact_once(client, draft):
    client.get(f"{URL}review/")
    with CaptureQueriesContext(connection) as captured:
        assert client.post(f"{URL}review/", {"seen": "stale"}).status_code == 409
    impacts = [each for each in captured if "governance_savedtest" in each["sql"]]
    assert len(impacts) == 1

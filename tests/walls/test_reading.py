"""Looking changes nothing:
every page read by everybody leaves every row of every table as it was.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.snapshots import changed, rows_of_everything
from tests.views.test_matrix import WHO

# What an authenticator or a passkey has to answer to is kept in the session for a moment.
CHALLENGES = {
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/2fa/totp/activate/",
}


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_reading_every_page_changes_no_row(person, read):
    client = Client()
    if person:
        client.force_login(person, backend="governance.models.sign_in.RoleBackend")
    before = rows_of_everything()
    for path in read:
        if path not in CHALLENGES:
            client.get(path)
    assert changed(before, rows_of_everything()) == set()


# What takes a lock (on SQLite every transaction of the portal does), or undoes what was tried.
LOCKING = re.compile(r"FOR UPDATE|pg_advisory|BEGIN|^SAVEPOINT|^LOCK |^ROLLBACK", re.IGNORECASE)


def test_reading_takes_no_lock_and_rolls_nothing_back(signed_in, ada, read):
    client = signed_in(ada)
    with CaptureQueriesContext(connection) as asked:
        for path in set(read) - CHALLENGES:  # which save the session
            client.get(path)
    statements = [query["sql"] for query in asked.captured_queries]
    assert [sql for sql in statements if LOCKING.search(sql)] == []


@pytest.mark.parametrize("path", sorted(CHALLENGES))
def test_a_challenge_is_kept_in_the_session_alone(signed_in, ada, path):
    client = signed_in(ada)
    before = rows_of_everything()
    client.get(path)
    assert changed(before, rows_of_everything()) <= {"django_session"}

"""What a change on the admin site costs: its SQL statements beyond session, person and roles,
without those that begin and end transactions or take locks.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import Organization
from tests import make

from .conftest import Desk, controls

SESSION_AND_USER = 2
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT pg_advisory_xact_lock")


@pytest.fixture
def page(desk: Desk, fabrikam: Organization, bob) -> str:
    """The page of an organization whose people can request a package."""
    make.policy(make.package("Drawings"), "all_configured")
    return f"/admin/governance/organization/{fabrikam.pk}/change/"


def cost(send: Callable) -> tuple[object, int]:
    """Return the answer and the number of statements."""
    with CaptureQueriesContext(connection) as captured:
        answer = send()
    counted = [each for each in captured if not each["sql"].startswith(NOT_COUNTED)]
    return answer, len(counted) - SESSION_AND_USER


def test_a_change_with_an_impact_is_attempted_once_for_each_press(desk, page):
    form = controls(desk.client.get(page)) | {"sources-0-covers_subdomains": []}
    shown, cost_of_showing = cost(lambda: desk.client.post(page, form))
    saved, cost_of_saving = cost(lambda: desk.client.post(page, controls(shown)))
    assert (shown.status_code, saved.status_code) == (200, 302)
    assert (cost_of_showing, cost_of_saving) == (11, 44)


def test_a_change_that_is_refused_is_attempted_once(desk, page):
    looked, cost_of_looking = cost(lambda: desk.client.get(page))
    form = controls(looked) | {"name": "…"}
    refused, cost_of_refusal = cost(lambda: desk.client.post(page, form))
    assert (looked.status_code, refused.status_code) == (200, 200)
    assert (cost_of_looking, cost_of_refusal) == (4, 13)


def test_the_impact_of_a_deletion_is_computed_once_for_each_press(desk, page):
    page = page.replace("change", "delete")
    looked, cost_of_looking = cost(lambda: desk.client.get(page))
    _deleted, cost_of_deleting = cost(lambda: desk.client.post(page, controls(looked)))
    assert (cost_of_looking, cost_of_deleting) == (10, 27)

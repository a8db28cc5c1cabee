"""The settings of guests' life: said with whom they concern, saved by the action."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.actions.access_requests import ending
from governance.models import GuestLifecycle
from governance.rules.roles import SYSTEM
from tests import make, make_requests

pytestmark = pytest.mark.django_db
PAGE = "/settings/guests/"


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def test_without_settings_the_defaults_are_shown(client):
    form = client.get(PAGE).context["form"]
    assert (form["blocks_at_end"].value(), form["removes_after"].value()) == (True, 30)


def test_they_are_saved(client):
    assert client.post(PAGE, {"removes_after": "7"}).status_code == 303
    row = GuestLifecycle.objects.get()
    assert (row.blocks_at_end, row.removes_after, row.changed_by) == (False, 7, "Ada Okafor")


def test_no_number_keeps_the_accounts(client):
    client.post(PAGE, {"blocks_at_end": "on", "removes_after": ""})
    row = GuestLifecycle.objects.get()
    assert (row.blocks_at_end, row.removes_after) == (True, None)


@pytest.mark.parametrize("wrong", ["-1", "3661", "x", "1.5", "9" * 30])
def test_a_number_that_cannot_be_is_said_at_its_field_and_kept(client, wrong):
    page = client.post(PAGE, {"removes_after": wrong})
    form = page.context["form"]
    assert (page.status_code, list(form.errors), form["removes_after"].value()) == (
        422,
        ["removes_after"],
        wrong,
    )
    assert not GuestLifecycle.objects.exists()


def test_whom_they_concern_is_said(client, fabrikam):
    now, package = timezone.now(), make.package()
    for name in ("a", "b"):
        make_requests.access(package, f"{name}@fabrikam.example", at=now - timedelta(days=2))
    over = make_requests.access(package, "c@fabrikam.example", at=now - timedelta(days=2))
    ending.end_assignment(assignment=over, reason="Left", by=SYSTEM, at=now - timedelta(days=1))
    numbers = client.get(PAGE).context["numbers"]
    assert (str(numbers.with_access), str(numbers.to_be_removed)) == ("2", "1")

"""Deleting an organization whose people have access: what happens to it is chosen and shown."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import Assignment
from tests import make, make_requests

from .reading import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada, fabrikam):
    for name in ("a", "b"):
        make_requests.access(
            make.package(f"Package {name}"), f"{name}@fabrikam.example", at=timezone.now()
        )
    return signed_in(ada)


def press(client, fabrikam, **more):
    """Press Delete with the form as the page shows it, and what is changed in it."""
    page = client.get(at(fabrikam, "delete"))
    shown = {"name": "Fabrikam", "shown": "keep", "access": "keep"}
    return client.post(at(fabrikam, "delete"), shown | {"seen": page.context["shown"].seen} | more)


def test_the_choice_says_how_many_people_it_is_about(client, fabrikam):
    page = page_of(client.get(at(fabrikam, "delete")))
    assert "Remove access now (2 people)" in page


def test_without_existing_access_nothing_is_to_be_chosen(signed_in, uma):
    other = make.organization("Contoso", "contoso.example")
    assert "Existing access" not in page_of(signed_in(uma).get(at(other, "delete")))


def test_access_is_kept_unless_chosen_otherwise(client, fabrikam):
    assert press(client, fabrikam).status_code == 303
    assert Assignment.objects.in_force(timezone.now()).count() == 2


def test_choosing_to_remove_access_shows_that_first(client, fabrikam):
    page = press(client, fabrikam, access="end")
    assert "2 assignments end now." in page_of(page)
    assert Assignment.objects.in_force(timezone.now()).count() == 2


def test_access_is_removed_once_that_was_shown(client, fabrikam):
    page = press(client, fabrikam, access="end")
    seen = {"seen": page.context["shown"].seen, "shown": "end", "access": "end"}
    assert client.post(at(fabrikam, "delete"), {"name": "Fabrikam"} | seen).status_code == 303
    assert Assignment.objects.in_force(timezone.now()).count() == 0

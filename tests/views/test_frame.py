"""The frame of every page follows from who looks and where they are, however often it was shown."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group

from governance.models import KnownDirectory, Person
from governance.rules.roles import READER
from tests import make

pytestmark = pytest.mark.django_db
MENU = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)


def shown(client, path: str = "/account/") -> str:
    return client.get(path).content.decode()


def menu(client, path: str = "/account/") -> tuple[list[str], list[str]]:
    """The addresses in the menu, and those marked as the present page."""
    nav = MENU.search(shown(client, path))[0]
    current = re.findall(r'href="([^"]+)" aria-current="page"', nav)
    return re.findall(r'<a href="([^"]+)"', nav), current


def test_a_new_name_is_in_the_header_at_once(signed_in, ada):
    client = signed_in(ada)
    before = shown(client)
    Person.objects.filter(pk=ada.pk).update(name="Ada Renamed")
    names = ["Account: Ada Renamed" in page for page in (before, shown(client))]
    assert names == [False, True]


def test_a_role_that_is_taken_away_closes_its_pages_in_the_menu_at_once(signed_in, ada):
    client = signed_in(ada)
    before, _current = menu(client)
    ada.groups.set(Group.objects.filter(name=READER))
    after, _current = menu(client)
    assert set(before) - set(after) == {"/mail/", "/admin/", "/settings/guests/"}


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["/"]),
        ("/what-if/", ["/what-if/"]),
        ("/what-if/overlaps/", ["/what-if/overlaps/"]),
        ("/people/invite/", ["/people/"]),
        ("/account/", []),
    ],
)
def test_the_menu_marks_the_page_that_is_open(signed_in, ada, path, current):
    assert menu(signed_in(ada), path)[1] == current


def test_the_banner_of_the_demo_data_goes_with_it(signed_in, ada):
    client = signed_in(ada)
    directory = make.known_directory("Northwind", "northwind.tenants.example")
    KnownDirectory.objects.filter(pk=directory.pk).update(is_demo=True)
    with_demo = "This portal contains demo data." in shown(client)
    directory.delete()
    assert (with_demo, "This portal contains demo data." in shown(client)) == (True, False)

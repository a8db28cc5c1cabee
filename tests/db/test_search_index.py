"""The index of texts follows the entries, on the database that has one."""

from __future__ import annotations

import pytest
from django.db import connection

from governance.db.search_index import INDEX, drop_search_index, install_search_index
from governance.models import Organization, SearchEntry
from governance.queries.organizations.search import found_by, search_for
from tests import make

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [
        organization.name for organization in found_by(search_for(text), Organization.objects.all())
    ]


def test_an_entry_is_found_after_it_was_written_changed_and_removed(fabrikam):
    assert (found("abrika"), found("contoso")) == (["Fabrikam"], [])
    SearchEntry.objects.filter(pk=fabrikam.pk).update(text="contoso")
    assert (found("abrika"), found("contoso")) == ([], ["Fabrikam"])
    SearchEntry.objects.all().delete()
    assert found("contoso") == []


def test_what_was_written_without_the_index_is_found_once_it_is_installed_again():
    drop_search_index()
    make.organization()
    connection.check_constraints()  # PostgreSQL makes no index while checks are pending
    install_search_index()
    assert found("fabri") == ["Fabrikam"]


def test_installing_it_twice_changes_nothing(fabrikam):
    connection.check_constraints()
    install_search_index()
    assert found("fabri") == ["Fabrikam"]


def test_the_database_has_the_index():
    catalogue = {"sqlite": "sqlite_master WHERE name", "postgresql": "pg_indexes WHERE indexname"}[
        connection.vendor
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {catalogue} = %s", [INDEX])
        assert cursor.fetchone() == (1,)

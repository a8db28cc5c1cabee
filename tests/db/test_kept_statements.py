"""Statements that are asked again and again: planned once in a connection of PostgreSQL, and with
the same answer everywhere.
"""

import pytest
from django.db import connection
from django.db.models import QuerySet, TextField

from governance.db import kept_statements
from governance.db.kept_statements import Varying, kept, statement_of
from governance.facts.eligibility import may_request
from governance.models import Organization
from portal import settings
from tests import make

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="only PostgreSQL plans a statement once for many questions",
)


def asked() -> str:
    return may_request("bob@eng.fabrikam.example", at=make.NOON).code


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_prepared_statements WHERE NOT statement LIKE %s",
            ["%pg_prepared_statements%"],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def anew(transactional_db):
    """A connection that planned nothing yet."""
    connection.close()


@on_postgresql
def test_a_connection_plans_the_decision_once_however_often_it_is_asked(anew):
    before, _answers = plans(), [asked() for _ in range(8)]
    assert (before, plans()) == (0, 1)


@on_postgresql
def test_another_connection_plans_it_again(anew):
    answers = {asked() for _ in range(8)}
    connection.close()
    answers |= {asked() for _ in range(8)}
    assert (answers, plans()) == ({"no_organization"}, 1)


@on_postgresql
def test_after_a_rollback_it_is_planned_again(anew):
    for _ in range(2):
        connection.set_autocommit(False)
        answers = {asked() for _ in range(8)}
        connection.rollback()
        connection.set_autocommit(True)
    answers |= {asked() for _ in range(8)}
    assert (answers, plans()) == ({"no_organization"}, 1)


@on_postgresql
def test_a_plan_answers_for_rows_that_came_after_it(anew):
    make.policy(make.package(), "all_configured")
    before = [asked() for _ in range(8)]
    make.organization("Fabrikam", "fabrikam.example")
    assert (set(before), asked()) == ({"no_organization"}, "allowed")


@pytest.mark.parametrize(
    ("said", "threshold"), [("", 5), ("?DISABLE_SERVER_SIDE_CURSORS=True", None)]
)
def test_nothing_is_kept_behind_a_pooler_that_changes_the_connection_between_transactions(
    monkeypatch, said, threshold
):
    monkeypatch.setattr(settings, "DATABASE_URL", f"postgres://portal@127.0.0.1/portal{said}")
    assert settings._database()["OPTIONS"]["prepare_threshold"] == threshold


@pytest.mark.django_db
def test_a_value_is_taken_as_it_is_whatever_it_has_in_it(fabrikam):
    package = make.package("100% 'quoted' $1 later:names")
    make.policy(package, "named", fabrikam)
    assert may_request("bob@fabrikam.example", package.name, at=make.NOON).code == "allowed"


def named(name: str) -> QuerySet:
    return Organization.objects.filter(name=Varying("name", name, TextField())).values("name")


@pytest.mark.django_db
def test_a_kept_statement_is_made_once_and_answers_for_each_value(monkeypatch, fabrikam):
    contoso = make.organization("Contoso", "contoso.example")
    monkeypatch.setattr(kept_statements, "_kept", {})
    made = []

    def make_it():
        made.append(1)
        return statement_of(named("neither"))

    answers = [
        kept("by name", make_it).rows({"name": name}) for name in (fabrikam.name, contoso.name)
    ]
    assert (answers, len(made)) == ([[(fabrikam.name,)], [(contoso.name,)]], 1)


@pytest.mark.django_db
def test_outside_a_kept_statement_a_varying_value_is_the_value(fabrikam):
    assert list(named(fabrikam.name)) == [{"name": fabrikam.name}]


@pytest.mark.django_db
def test_without_a_key_a_statement_is_made_each_time_with_its_values(fabrikam):
    assert kept(None, lambda: statement_of(named(fabrikam.name))).rows({}) == [(fabrikam.name,)]


def test_there_are_never_more_kept_statements_than_the_most(monkeypatch):
    monkeypatch.setattr(kept_statements, "_kept", {})
    monkeypatch.setattr(kept_statements, "_MOST", 3)
    for number in range(10):
        kept(number, object)
    assert len(kept_statements._kept) <= 3

"""Statements that are run all day are short enough that psycopg reads their text once."""

import pytest
from psycopg import _queries

from governance.db import kept_statements
from governance.db.short_sql import (
    LONGEST_KEPT_BY_PSYCOPG,
    MOST_PARAMETERS_KEPT_BY_PSYCOPG,
    with_short_names,
)
from governance.facts.eligibility import may_request
from tests import make


def test_a_table_has_a_short_name_before_its_columns():
    long = 'SELECT "a"."x" FROM "a" INNER JOIN "b" ON ("a"."id" = "b"."a_id") WHERE "b"."y"'
    short = 'SELECT t0."x" FROM "a" t0 INNER JOIN "b" t1 ON (t0."id" = t1."a_id") WHERE t1."y"'
    assert with_short_names(long) == short


def test_a_table_that_has_a_short_name_keeps_it():
    short = 'SELECT U0."x" FROM "a" U0 WHERE U0."x"'
    assert with_short_names(short) == short


def test_a_table_is_found_at_the_end_of_a_subquery():
    assert with_short_names('(SELECT "a"."x" FROM "a")') == '(SELECT t0."x" FROM "a" t0)'


def test_the_limits_are_those_of_psycopg():
    limits = (_queries.MAX_CACHED_STATEMENT_LENGTH, _queries.MAX_CACHED_STATEMENT_PARAMS)
    assert limits == (LONGEST_KEPT_BY_PSYCOPG, MOST_PARAMETERS_KEPT_BY_PSYCOPG)


@pytest.mark.django_db
@pytest.mark.parametrize("package", ["", "Badge"], ids=["every package", "one package"])
def test_the_decision_is_within_the_limits(package):
    may_request("bob@eng.fabrikam.example", package, at=make.NOON)
    statement = kept_statements._kept["decision", not package].statement
    size = (len(statement.sql.encode()), len(statement.params))
    assert size[0] <= LONGEST_KEPT_BY_PSYCOPG
    assert size[1] <= MOST_PARAMETERS_KEPT_BY_PSYCOPG

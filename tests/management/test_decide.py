"""`manage.py decide`: the same answer as everywhere, with an exit code for scripts."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management.base import CommandError

from tests import make


@pytest.fixture
def badge(fabrikam):
    row = make.package("Badge")
    make.policy(row, "all_configured")
    return row


def test_an_allowed_address_ends_with_0(shell, badge):
    ended = shell("decide", "bob@eng.fabrikam.example", "--package", "Badge")
    assert (ended.code, ended.out.splitlines()[0].startswith("Can request (")) == (0, True)


def test_a_refused_address_ends_with_1_and_says_where_it_stopped(shell, badge):
    make.list_rule("fabrikam.example")
    ended = shell("decide", "bob@eng.fabrikam.example", "--package", "Badge")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "Cannot request (domain_blocked)")
    assert [line for line in ended.out.splitlines() if line.startswith("  STOP  ")] != []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["not an address"], "address_malformed"),
        (["eve@evilfabrikam.example"], "no_organization"),
        (["bob@eng.fabrikam.example", "--package", "No such"], "package_unknown"),
    ],
    ids=["no address", "no organization", "no package"],
)
def test_json_has_the_code_the_organization_and_every_step(shell, badge, words, code):
    ended = shell("decide", *words, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["allowed"], told["code"]) == (1, False, code)
    assert {frozenset(step) for step in told["steps"]} == {frozenset({"code", "passed", "text"})}


def test_json_names_the_organization(shell, badge):
    assert json.loads(shell("decide", "bob@fabrikam.example", "--json").out)["organization"] == "Fabrikam"


@pytest.mark.parametrize(("at", "code"), [("2027-01-31T23:59+00:00", 1), ("2027-02-01T00:00", 0)])
def test_the_moment_of_the_decision_can_be_named_and_is_in_the_portals_zone_where_it_says_none(shell, badge, at, code):
    make.list_rule("fabrikam.example", ends_on=date(2027, 1, 31))
    assert shell("decide", "bob@fabrikam.example", "--package", "Badge", "--at", at).code == code


def test_a_moment_that_is_none_is_told(shell):
    with pytest.raises(CommandError, match="“noon” is no moment"):
        shell("decide", "bob@fabrikam.example", "--at", "noon")

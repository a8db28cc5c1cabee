"""`manage.py decide`: the same answer as everywhere, with an exit code for scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests import make
from tests.architecture import ROOT


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
    assert (
        json.loads(shell("decide", "bob@fabrikam.example", "--json").out)["organization"]
        == "Fabrikam"
    )


# Asked without a package


@pytest.fixture
def four_more(badge) -> list:
    """More packages that can be requested than one sentence names."""
    rows = [make.package(name) for name in ("Calendar", "Drawings", "Evening access", "Files")]
    for row in rows:
        make.policy(row, "any_outside")
    return rows


def test_without_a_package_each_one_is_listed_with_its_approval(shell, four_more):
    ended = shell("decide", "someone@nowhere.example")
    lines = ended.out.splitlines()
    listed = lines[lines.index("Each access package") + 1 :]
    assert ended.code == 0
    assert [line.split(". ")[0] for line in listed] == [
        "  Badge: cannot request (no_organization)",
        "  Calendar: can request, needs approval",
        "  Drawings: can request, needs approval",
        "  Evening access: can request, needs approval",
        "  Files: can request, needs approval",
    ]


def test_json_without_a_package_has_the_answer_about_each(shell, badge):
    make.policy(make.package("Calendar"), "any_outside")
    told = json.loads(shell("decide", "someone@nowhere.example", "--json").out)
    assert [
        (each["name"], each["allowed"], each["code"], each["approval_needed"])
        for each in told["packages"]
    ] == [("Badge", False, "no_organization", False), ("Calendar", True, "allowed", True)]


def test_with_a_package_no_other_is_listed(shell, badge):
    make.package("Calendar")
    words = ("decide", "bob@eng.fabrikam.example", "--package", "Badge")
    assert (
        "Each access package" in shell(*words).out,
        json.loads(shell(*words, "--json").out)["packages"],
    ) == (False, [])


def test_without_a_package_it_ends_with_1_when_none_can_be_requested(shell, badge):
    ended = shell("decide", "someone@nowhere.example")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "Cannot request (no_organization)")


@pytest.mark.parametrize(("at", "code"), [("2027-01-31T23:59+00:00", 1), ("2027-02-01T00:00", 0)])
def test_the_moment_of_the_decision_can_be_named_and_is_in_the_portals_zone_where_it_says_none(
    shell, badge, at, code
):
    make.list_rule("fabrikam.example", ends_on=date(2027, 1, 31))
    assert shell("decide", "bob@fabrikam.example", "--package", "Badge", "--at", at).code == code


# What goes wrong is no refusal: it ends with 2 and one line


def failed(*words) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        call_command("decide", "bob@fabrikam.example", *words)
    return caught.value.returncode, str(caught.value)


@pytest.mark.parametrize(
    "at", ["noon", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2027-13-01", "\udcff"]
)
def test_a_moment_that_is_none_is_told(db, at):
    assert failed("--at", at) == (
        2,
        f"“{at}” is not a date and time. Write it as 2027-01-31T09:00+00:00.",
    )


def test_a_package_in_letters_that_are_none_is_told(db):
    assert failed("--package", "Z\udcfcrich") == (2, "--package is not UTF-8")


def test_a_database_that_cannot_be_used_is_told(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_claim RENAME TO elsewhere")
    code, text = failed()
    assert (code, text.partition("(")[0], text.count("\n")) == (
        2,
        "The database cannot be used ",
        0,
    )


def from_a_shell(*words: bytes, **environment: str) -> tuple[int, list[str]]:
    command = [sys.executable.encode(), b"manage.py", b"decide", *words]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    return ended.returncode, ended.stderr.splitlines()


@pytest.mark.parametrize(
    ("words", "environment", "line"),
    [
        (
            [b"--at", b"noon"],
            {},
            "CommandError: “noon” is not a date and time. Write it as 2027-01-31T09:00+00:00.",
        ),
        ([b"--package", b"Z\xfcrich"], {}, "CommandError: --package is not UTF-8"),
        (
            [],
            {"DATABASE_URL": "sqlite:////nowhere/x"},
            "CommandError: The database cannot be used (unable to open database file)",
        ),
        ([], {"DATABASE_URL": "mysql://x/y"}, None),
    ],
    ids=["moment", "package", "database", "setting"],
)
def test_a_script_sees_2_and_one_line(words, environment, line):
    code, lines = from_a_shell(
        b"bob@fabrikam.example", *words, **{"DATABASE_URL": "sqlite://:memory:"} | environment
    )
    assert (code, len(lines), lines[0] if line else None) == (2, 1, line), lines

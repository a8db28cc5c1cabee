"""Cursors: only our own are understood, everything else is the first page."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.db.keyset import Cursor, decode
from governance.queries.organizations.filters import SORTS
from tests import make

NAME, PEOPLE, CHANGED = SORTS["name"], SORTS["-people"], SORTS["-changed"]


def forged(*told) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


@pytest.mark.parametrize(("sort", "value"), [(NAME, "école ☃"), (PEOPLE, 41), (CHANGED, make.NOON)])
def test_a_cursor_comes_back_as_it_went(sort, value):
    cursor = Cursor(value, 7, backward=True, start=26)
    assert decode(cursor.encode(sort), sort) == cursor


def test_a_cursor_of_another_order_is_none():
    assert decode(Cursor("a", 7).encode(NAME), SORTS["-name"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "====",
        "%00",
        "é",
        "A" * 100_000,
        forged(),
        forged("name"),
        forged("name", "a", 1, False),
        forged("name", 5, 1, False, 1),
        forged("name", "a", -1, False, 1),
        forged("name", "a", 2**63, False, 1),
        forged("name", "a", 1e400, False, 1),
        forged("name", "a\0", 1, False, 1),
        forged("name", "\ud800", 1, False, 1),
        forged("name", "a", [1], False, 1),
    ],
)
def test_a_forged_name_cursor_is_none(text):
    assert decode(text, NAME) is None


@pytest.mark.parametrize(
    "value", ["2026-11-23", "2026-11-23T12:00:00", "0001-01-01T00:00:00+14:00", "now", ""]
)
def test_a_forged_moment_is_none(value):
    assert decode(forged("-changed", value, 1, False, 1), CHANGED) is None


@pytest.mark.parametrize("value", ["-1", str(2**63), "1.5", "x"])
def test_a_forged_number_is_none(value):
    assert decode(forged("-people", value, 1, False, 1), PEOPLE) is None


@given(st.text(max_size=60))
def test_no_text_breaks_a_cursor(text):
    assert decode(text, NAME) is None or decode(text, NAME).id >= 0

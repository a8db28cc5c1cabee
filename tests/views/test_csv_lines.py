"""Tables as CSV: every value comes back as it was, and none is calculated by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from governance.views.csv_lines import csv_response, safe_cell

NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)


def read(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_calculate_is_text(begin):
    assert safe_cell(f"{begin}cmd|' /C calc'!A0") == f"'{begin}cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["", "plain", "a=b", "'quoted", 7, None, "ü", "a\nb"])
def test_anything_else_stays_as_it_is(value):
    assert safe_cell(value) == ("" if value is None else str(value))


def test_every_hostile_text_comes_back_in_its_own_cell():
    rows = read(csv_response("x", ["value", "next"], ([text, "end"] for text in NAUGHTY)))
    assert rows[0] == ["value", "next"]
    assert [row[1] for row in rows[1:]] == ["end"] * len(NAUGHTY)
    assert [row[0] for row in rows[1:]] == [safe_cell(text) for text in NAUGHTY]


def test_the_first_line_goes_out_before_the_last_row_is_read():
    def rows():
        yield ["first"]
        raise AssertionError("read too early")

    lines = iter(csv_response("x", ["value"], rows()).streaming_content)
    assert (next(lines), next(lines)) == ("\ufeffvalue\r\n".encode(), b"first\r\n")


def test_it_is_a_download_with_a_name():
    response = csv_response("audit-log-2026-11-23", [], [])
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="audit-log-2026-11-23.csv"',
    )

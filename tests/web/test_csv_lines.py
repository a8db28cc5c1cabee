"""Tables as CSV: every value comes back as it was, and none is calculated by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from governance.web.csv_lines import csv_response, safe_cell

NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)


def read(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"]
FIRST = ["", " ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\0", "\t", "\r", "\n", " \t\u2003"]


@pytest.mark.parametrize("first", FIRST, ids=ascii)
@pytest.mark.parametrize("sign", SIGNS)
def test_what_a_spreadsheet_would_calculate_is_text(sign, first):
    text = safe_cell(f"{first}{sign}cmd|' /C calc'!A0")
    assert (text[0], text.replace("'", "")) == ("'", f"{first}{sign}cmd| /C calc!A0")


@pytest.mark.parametrize("begin", ["\t", "\r", "\n"])
def test_a_text_that_begins_with_a_control_character_of_tables_is_text(begin):
    assert safe_cell(f"{begin}plain") == f"'{begin}plain"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("end", [";", "\t", "\n", "\r\n", "; ", ';"', "x;;"])
def test_what_another_separator_would_make_a_cell_of_its_own_is_text_too(end, sign):
    formula = f"{sign}1+1"
    text = safe_cell(f"a{end}{formula}")
    cells = [cell.strip(' "') for cell in re.split(r"[;\t\r\n]", text)]
    assert cells[-1] in (f"'{formula}", f"' {formula}", f"'\"{formula}")


@pytest.mark.parametrize("value", ["a;b", "a; b - c", "one\r\ntwo", "x;'=1", "1;2", "a@b;c@d"])
def test_a_separator_before_anything_else_stays_as_it_is(value):
    assert safe_cell(value) == value


def test_every_field_is_quoted_the_header_included():
    lines = csv_response("x", ["value", "next"], [['a;b,"c"', 7], [None, "＝1"]]).streaming_content
    assert b"".join(lines).decode() == ('\ufeff"value","next"\r\n"a;b,""c""","7"\r\n"","\'＝1"\r\n')


def test_where_semicolons_separate_no_cell_of_a_hostile_text_begins_a_formula():
    rows = ([text, f"x;{text}", f'x";{text}'] for text in (*NAUGHTY, *SIGNS, "=1+1;-2;@SUM(A1)"))
    text = b"".join(csv_response("x", ["a", "b", "c"], rows).streaming_content).decode()
    cells = [cell.strip('" \u00a0\u3000') for cell in re.split(r"[;\r\n\t]", text)]
    assert [cell for cell in cells if cell and cell[0] in "".join(SIGNS)] == []


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
    assert (next(lines), next(lines)) == ('\ufeff"value"\r\n'.encode(), b'"first"\r\n')


def test_it_is_a_download_with_a_name():
    response = csv_response("audit-log-2026-11-23", [], [])
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="audit-log-2026-11-23.csv"',
    )

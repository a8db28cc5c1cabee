"""Tables as CSV, line by line, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_READ_AS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable]
) -> StreamingHttpResponse:
    """A download that begins before the last row is read."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response


def safe_cell(value) -> str:
    """The value as text; what a spreadsheet would calculate gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_READ_AS_A_FORMULA) else text


class _Echo:
    """csv writes into this and hands back the line."""

    def write(self, line: str) -> str:
        return line


def _lines(header: Iterable[str], rows: Iterable[Iterable]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])

"""Tables as CSV, line by line, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# Programs that separate cells by another character than the comma, or do not honour quotes, see
# these as the end of a cell.
_ENDS_A_CELL = re.compile(r"(?<=[;\t\r\n])")
_BEGINS_A_FORMULA = "=+-@"
_IGNORED = "ZC"  # Unicode categories of spaces and of characters that cannot be seen


def csv_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable]
) -> StreamingHttpResponse:
    """A download that begins before the last row is read."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response


def safe_cell(value) -> str:
    """Return the value as text in which no spreadsheet finds a formula.

    An apostrophe goes before whatever would be calculated at the beginning of the text, and after
    each character inside it that can end a cell.
    """
    text = "" if value is None else str(value)
    first, *others = _ENDS_A_CELL.split(text)
    mark = "'" if text.startswith(("\t", "\r", "\n")) or _is_calculated(text) else ""
    return mark + first + "".join(f"'{part}" if _is_calculated(part) else part for part in others)


def _is_calculated(part: str) -> bool:
    """Whether a program may read the part of a cell as a formula: full-width signs count as the
    plain ones do.
    """
    first = next(
        (each for each in part if each != '"' and unicodedata.category(each)[0] not in _IGNORED), ""
    )
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _BEGINS_A_FORMULA


class _Echo:
    """csv writes into this and hands back the line."""

    def write(self, line: str) -> str:
        return line


def _lines(header: Iterable[str], rows: Iterable[Iterable]) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])

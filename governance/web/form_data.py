"""What forms send beside their fields."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

LONGEST_SEARCH = 254


def posted_version(request, field: str = "version") -> int:
    """The version of a row that a form was filled in from;
    0, which no row has, when it says none.
    """
    text = request.POST.get(field, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def public_ids(texts: Iterable[str]) -> list[UUID]:
    """Public ids among what a form sent; anything else is dropped."""
    keys = []
    for text in texts:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(keys))


def searched_text(request, field: str = "q") -> str:
    """Return what was typed in a search above a list; "" for nothing."""
    return request.GET.get(field, "").replace("\0", "").strip()[:LONGEST_SEARCH]

"""The requests that somebody can decide now, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...db.combined_query import Counted
from ...db.keyset import Cursor, Sort, a_moment, after, decode
from ...db.keyset_pages import SIZE
from ...facts.access_requests.approvers import candidate_requests, deciders_of
from ...models import AccessRequest, Person
from ...rules.access_requests.approval import Decider

OLDEST_FIRST = Sort("waiting", "submitted_at", a_moment)
READ_WITH = ("package", "organization", "requester", "policy")
CHUNK = 100  # requests for which the rule is asked at once
MOST = 500  # requests that are looked through for one page
COUNTED = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request, and as what the viewer can decide it."""

    request: AccessRequest
    decider: Decider


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Requests that the viewer can decide; `next` is the cursor behind them, "" for none."""

    rows: tuple[Waiting, ...]
    next: str = ""
    previous: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


def waiting_for(person: Person | None, at: datetime, cursor: str = "") -> WaitingPage:
    """Return a page of the requests that the person can decide now, the oldest first.

    The rule is asked about a hundred requests at a time, until the page is full or 500 were looked
    at: 8 statements, up to 36 for somebody who is named in many requests that others decide.
    """
    return _page(person, at, cursor, SIZE) if person else WaitingPage(())


def waiting_count(person: Person | None, at: datetime) -> Counted:
    """Return how many requests the person can decide now: all of them, or "25+"."""
    if person is None:
        return Counted(0)
    page = _page(person, at, "", COUNTED)
    return Counted(len(page.rows), is_least=bool(page.next))


def next_waiting(person: Person | None, at: datetime) -> UUID | None:
    """Return the public key of the oldest request that the person can decide now."""
    page = _page(person, at, "", 1) if person else WaitingPage(())
    return page.rows[0].request.uuid if page.rows else None


def waiting_among(keys: Iterable[UUID], person: Person | None, at: datetime) -> tuple[Waiting, ...]:
    """Return those of the requests that the person can decide now, the oldest first."""
    if person is None:
        return ()
    rows = candidate_requests(person, at).filter(uuid__in=set(keys))
    return tuple(_decidable(list(rows.select_related(*READ_WITH)), person, at))


def _page(person: Person, at: datetime, cursor: str, size: int) -> WaitingPage:
    found: list[Waiting] = []
    last: AccessRequest | None = None
    for rows, has_more in _chunks(person, at, cursor):
        found += _decidable(rows, person, at)
        last = rows[-1] if has_more else None
        if len(found) > size:
            return WaitingPage(tuple(found[:size]), _behind(found[size - 1].request))
    return WaitingPage(tuple(found), _behind(last) if last else "")


def _chunks(
    person: Person, at: datetime, cursor: str
) -> Iterator[tuple[list[AccessRequest], bool]]:
    """Yield what the person could be asked about, each time with whether there is more."""
    rows = candidate_requests(person, at).select_related(*READ_WITH)
    place = decode(cursor, OLDEST_FIRST) if cursor else None
    for _looked in range(0, MOST, CHUNK):
        found = list(after(rows, OLDEST_FIRST, place)[: CHUNK + 1])
        chunk, has_more = found[:CHUNK], len(found) > CHUNK
        if chunk:
            yield chunk, has_more
        if not has_more:
            return
        place = Cursor(chunk[-1].submitted_at, chunk[-1].pk)


def _decidable(rows: list[AccessRequest], person: Person, at: datetime) -> Iterator[Waiting]:
    people = deciders_of(rows, at)
    for row in rows:
        if decider := people[row.pk].decider(person.pk):
            yield Waiting(row, decider)


def _behind(row: AccessRequest) -> str:
    return Cursor(row.submitted_at, row.pk).encode(OLDEST_FIRST)

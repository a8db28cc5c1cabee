"""What one mailbox has of access packages, has requested, and was denied: for the decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet

from ...db.combined_query import json_list, parse_moment
from ...db.kept_statements import Varying
from ...models import AccessRequest, Assignment
from ...rules.access_requests.transitions import DENIED, OPEN, is_open, state_at
from ...rules.eligibility import PAUSE_AFTER_DENIAL
from ...rules.eligibility.facts import ExistingAccess, OpenRequest, PackageHistory

_ACCESS = ("package_id", "uuid", "ends_at")
_REQUEST = ("package_id", "uuid", "state", "due_at", "submitted_at", "closed_at")


def history_lists(mailbox: Varying, at: datetime) -> dict[str, QuerySet]:
    """What `histories` is made of, for a combined query; of denials only those that keep somebody
    from requesting again.
    """
    moments = history_values(at)
    now, since = (Varying(name, moments[name], DateTimeField()) for name in ("at", "since"))
    recent = Q(state=DENIED, closed_at__gt=since)
    access = Assignment.objects.in_force(now).filter(mailbox=mailbox)
    requests = AccessRequest.objects.filter(Q(state__in=OPEN) | recent, mailbox=mailbox)
    return {"access": json_list(access, *_ACCESS), "requests": json_list(requests, *_REQUEST)}


def history_values(at: datetime) -> dict[str, datetime]:
    """Return what fills `history_lists` in a kept statement, besides the mailbox."""
    try:
        return {"at": at, "since": at - PAUSE_AFTER_DENIAL}
    except OverflowError:  # on the calendar's first day
        return {"at": at, "since": at}


def histories(rows: dict[str, list], at: datetime) -> dict[str, PackageHistory]:
    """Return the history of each access package that was read, by its public id, out of
    `history_lists` and the packages.

    A request that nobody answered in time is not open, whether or not the worker has written so.
    """
    packages = {key: _id(uuid) for key, uuid, *_more in rows["packages"]}
    found: dict[str, dict[str, Any]] = {key: {} for key in packages.values()}
    for key, uuid, ends_at in rows["access"]:
        if key in packages:
            found[packages[key]]["access"] = ExistingAccess(_id(uuid), _moment(ends_at))
    for key, uuid, state, due_at, submitted_at, closed_at in rows["requests"]:
        if key not in packages:
            continue
        mine = found[packages[key]]
        if state == DENIED:
            mine["last_denied_at"] = _later(mine.get("last_denied_at"), _moment(closed_at))
        elif is_open(state_at(state, _moment(due_at), at)):
            mine["request"] = OpenRequest(_id(uuid), parse_moment(submitted_at))
    return {key: PackageHistory(**mine) for key, mine in found.items() if mine}


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each), default=None)


def _id(key: str) -> str:
    return str(UUID(key))


def _moment(text: str | None) -> datetime | None:
    return parse_moment(text) if text else None

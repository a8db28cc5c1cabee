"""From when to when access lasts: what the policy allows, and what the requester asks for."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from ..access_packages.lifecycle import Lifecycle
from ..decision import refuse

FARTHEST_START = timedelta(days=365)
REMINDERS = (timedelta(days=14), timedelta(days=1))  # before access ends


def require_acceptable_period(
    lifecycle: Lifecycle,
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    at: datetime,
    zone: tzinfo,
) -> None:
    """Raise Refused for dates that the policy does not let anybody choose, that are over, that are
    the wrong way round, or that are longer apart than access lasts.
    """
    if starts_at is None and ends_at is None:
        return
    if not lifecycle.requester_chooses:
        raise refuse("dates_not_chosen", "This policy decides when access ends", field="ends_on")
    if starts_at and not at <= starts_at + timedelta(days=1) <= at + FARTHEST_START:
        text = "Enter a first day that is not over and less than a year away"
        raise refuse("start_out_of_bounds", text, field="starts_on")
    _require_end(lifecycle, max(starts_at or at, at), ends_at, zone)


def _require_end(
    lifecycle: Lifecycle, starts_at: datetime, ends_at: datetime | None, zone: tzinfo
) -> None:
    if ends_at is None:
        return
    if ends_at <= starts_at:
        text = "Enter a last day that is on or after the first day"
        raise refuse("end_before_start", text, field="ends_on")
    latest = lifecycle.latest_end(starts_at, zone)
    if latest and ends_at > latest + timedelta(days=1):
        text = f"Enter an earlier last day. {lifecycle.words}"
        raise refuse("longer_than_allowed", text, field="ends_on")


def period(
    lifecycle: Lifecycle,
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    at: datetime,
    zone: tzinfo,
) -> tuple[datetime, datetime | None]:
    """Return when access begins, and when it ends (None: never), where it is set up at `at`."""
    begins = max(starts_at or at, at)
    latest = lifecycle.latest_end(begins, zone)
    ends = [moment for moment in (ends_at, latest) if moment]
    return begins, min(ends, default=None)

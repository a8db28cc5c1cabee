"""What becomes of the attempts to give access at a resource, or to take it away."""

from __future__ import annotations

from datetime import timedelta

WAITING, DONE, FAILED, CANCELLED = "waiting", "done", "failed", "cancelled"
DELIVERY_STATES = (WAITING, DONE, FAILED, CANCELLED)
GRANT, REVOKE = "grant", "revoke"
OPERATIONS = (GRANT, REVOKE)
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
)  # after each attempt but the last
ATTEMPTS = len(WAITS) + 1
HELD = timedelta(minutes=2)  # longer than an attempt lasts: then whoever began it is taken for dead

"""What an approver can decide, and how long they can take it back."""

from __future__ import annotations

from datetime import timedelta

APPROVE, DENY, SEND_BACK = "approve", "deny", "send_back"
OUTCOMES = (APPROVE, DENY, SEND_BACK)
UNDO = timedelta(seconds=60)
REASON_LIMIT = 1_000

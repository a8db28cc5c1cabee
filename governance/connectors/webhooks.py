"""Telling another system that something happened, signed so that it knows who says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from ..rules.webhooks import signature
from .outgoing_http import NotSent, post


class DeliveryFailed(Exception):
    """The other system did not take it; `reason` says why, for an administrator."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def send(
    url: str, secret: str, delivery_id: UUID, event: str, body: Mapping[str, object], at: datetime
) -> None:
    """Post the event as JSON. Raises DeliveryFailed unless the answer is 200 to 299.

    `delivery_id` stays the same when an event is sent again. The signature covers the time and the
    whole body, so that an old message cannot be sent again by somebody else.
    """
    content = json.dumps({"event": event, "delivery": str(delivery_id), **body}).encode()
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Harbourgate-Delivery": str(delivery_id),
        "Harbourgate-Timestamp": str(timestamp),
        "Harbourgate-Signature": signature(secret, timestamp, content),
    }
    try:
        status = post(url, content, headers)
    except NotSent as problem:
        raise DeliveryFailed(str(problem)) from None
    if not 200 <= status < 300:
        raise DeliveryFailed(f"The other system answered {status}")

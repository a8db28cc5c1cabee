"""Where a delivery to a webhook leaves the portal."""

from __future__ import annotations

from datetime import datetime

from ...models import Delivery
from .failures import DeliveryFailed


def send_webhook(delivery: Delivery, at: datetime) -> None:
    """Send the delivery to its webhook, signed. Raises DeliveryFailed unless it was accepted."""
    raise DeliveryFailed("This portal cannot send webhooks yet")

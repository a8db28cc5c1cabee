"""What a delivery raises that did not succeed."""

from __future__ import annotations


class DeliveryFailed(Exception):
    """Access could not be given or taken away now. The text says why; another attempt may help."""

"""The arithmetic of the audit log's chain."""

from __future__ import annotations

import hashlib

GENESIS = "0" * 64
RESULTS = ("done", "refused")


def digest(previous_hash: str, canonical: str) -> str:
    """The hash of an event:
    over the hash of the one before it and the event's own canonical text.
    """
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()

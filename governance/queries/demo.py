"""Whether the portal shows made-up data, and by what it is known."""

from __future__ import annotations

from ..models import KnownDirectory

DEMO = "Demo data"  # who made it, as rows and events say


def is_demo() -> bool:
    return KnownDirectory.objects.filter(is_demo=True).exists()

"""What is kept and never changed by hand on the admin site."""

from __future__ import annotations

from typing import Any

from .base import ActionAdmin


class RecordAdmin(ActionAdmin):
    """To read, never to write."""

    has_history = False
    actions: Any = None

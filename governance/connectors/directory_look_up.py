"""The shape in which any directory look-up answers.

The embedded look-up (facts/directories/look_up.py) answers in it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FoundDirectory:
    """A directory that owns a whole domain name. All names are canonical."""

    directory_id: UUID
    name: str
    initial_domain: str
    verified_domains: tuple[str, ...]

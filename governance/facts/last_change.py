"""The version of all that is stored: it is the same for as long as nobody changes anything.

Every change leaves an event in its own transaction, and one writer at a time adds to the chain
(product rule 46). Whoever sees an event therefore sees what it tells of, and nothing that a later
one tells of.
"""

from __future__ import annotations

from django.db.models import QuerySet

from ..db.combined_query import json_list
from ..models import AuditEvent
from ..rules.audit import GENESIS


def last_change() -> QuerySet:
    """What `version_of` is made of, for a combined query."""
    last = AuditEvent.objects.order_by("-pk").values("pk")[:1]
    return json_list(AuditEvent.objects.filter(pk=last), "hash")


def version_of(rows: list) -> str:
    """Return the hash of the last event, which no other history of the portal has."""
    return rows[0][0] if rows else GENESIS

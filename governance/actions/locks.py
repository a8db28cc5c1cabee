"""Locks that order writers. On SQLite every writing transaction already holds the one write lock (IMMEDIATE)."""

from __future__ import annotations

from django.db import connection

from ..models import Organization
from ..rules.decision import refuse

_CLAIMS = 7_040_002
_ROLES = 7_040_003


def lock_claims() -> None:
    """Let one transaction at a time change which names are claimed, and so who belongs where, until it ends.

    Take it before reading what it changes, and before any row: whoever holds a person and waits for the organization would
    wait for one who holds the organization and waits for the person.
    """
    _lock(_CLAIMS)


def lock_roles() -> None:
    """Let one transaction at a time take roles or block their holders. Take it before any row: two who wait for each other wait for ever."""
    _lock(_ROLES)


def _lock(number: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def lock_organization(organization: Organization, version: int | None = None) -> Organization:
    """The organization as it is now, held until the transaction ends. Refused when it was deleted, or is no longer at `version`."""
    row = Organization.objects.select_for_update().filter(pk=organization.pk).first()
    if row is None:
        raise refuse("organization_gone", f"{organization.name} is no longer here")
    if row.is_deleted:
        raise refuse(
            "organization_deleted",
            f"{row.name} was deleted by {row.deleted_by}. Restore it before you change it",
        )
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"{row.changed_by} saved {row.name} while you were editing. Choose per field what to keep",
        )
    return row

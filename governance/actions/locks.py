"""Locks that order writers.

On SQLite every writing transaction already holds the one write lock (IMMEDIATE).
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from ..db.databases import hold_until_the_end
from ..models import Organization, Package, Person
from ..rules.decision import refuse

_CLAIMS = 7_040_002
_ROLES = 7_040_003
Row = TypeVar("Row", bound=Model)


def lock_claims() -> None:
    """Let one transaction at a time change which names are claimed, and so who belongs where, until
    it ends.

    Take it before reading what it changes, and before any row: whoever holds a person and waits for
    the organization would wait for one who holds the organization and waits for the person.
    """
    hold_until_the_end(_CLAIMS)


def lock_roles() -> None:
    """Let one transaction at a time take roles or block their holders.

    Take it before any row: two who wait for each other wait for ever.
    """
    hold_until_the_end(_ROLES)


def lock_row(row: Row, code: str) -> Row:
    """Return the row as it is now, held until the transaction ends.

    Refused with `code` when somebody removed it meanwhile.
    """
    present = row.__class__._default_manager.select_for_update().filter(pk=row.pk).first()
    if present is None:
        raise refuse(code, f"{row} has been removed")
    return present


def lock_person(person: Person) -> Person:
    """Return the person as they are now.

    Refused when they were removed: their account has ended, and the row stays for the record.
    """
    row = lock_row(person, "person_gone")
    if row.state == Person.State.REMOVED:
        raise refuse("person_gone", f"{row} was removed. Invite the person again first")
    return row


def lock_package(package: Package) -> Package:
    """Return the package as it is now, held until the transaction ends.

    Raises Refused when it is gone.
    """
    return lock_row(package, "package_gone")


def lock_organization(organization: Organization, version: int | None = None) -> Organization:
    """The organization as it is now, held until the transaction ends.

    Refused when it was deleted, or is no longer at `version`.
    """
    row = lock_row(organization, "organization_gone")
    if row.is_deleted:
        raise refuse(
            "organization_deleted",
            f"{row.name} was deleted by {row.deleted_by}. Restore it before you change it",
        )
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"{row.changed_by} saved {row.name} while you were editing."
            " Choose which values to keep",
        )
    return row

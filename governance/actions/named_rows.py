"""What actions on rows with a name of their own have in common: groups, webhooks, catalogs."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from ..models import AccessGroup, Catalog, Webhook
from ..rules.decision import Refused, refuse
from ..rules.names import clean_name, name_key
from ..rules.roles import Actor

NamedRow = TypeVar("NamedRow", AccessGroup, Catalog, Webhook)


def name_taken(model: type[NamedRow], name: str, row: NamedRow | None = None) -> Refused | None:
    """Return the refusal of a name that another row has; None when it is free."""
    taken = model._default_manager.filter(name_key=name_key(name)).exclude(pk=row.pk if row else 0)
    if other := taken.first():
        text = f"Another {model._meta.verbose_name} is called {other.name}"
        return refuse("name_taken", text, field="name")
    return None


def free_name(model: type[NamedRow], name: str, row: NamedRow | None = None) -> str:
    """Return the name in the form in which it is stored. Raises Refused when it is taken."""
    name = clean_name(name)
    if refusal := name_taken(model, name, row):
        raise refusal
    return name


def name_columns(name: str) -> dict[str, str]:
    """Return the columns that follow from a name."""
    return {"name": name, "name_key": name_key(name)}


def made_columns(by: Actor, at: datetime) -> dict[str, object]:
    """Return the columns that say who made a row, and when."""
    who = {"created_by": by.label, "changed_by": by.label}
    return {**who, "created_at": at, "changed_at": at}


def require_present_version(row: NamedRow, version: int | None) -> None:
    """Raise Refused when somebody saved the row after `version` was read. None asks nothing."""
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"{row.changed_by} saved this while you were editing."
            " Review the values, then save again",
        )


def save_changed(row: NamedRow, by: Actor, at: datetime) -> None:
    """Save the row as changed by this person at this moment, as its next version."""
    row.version += 1
    row.changed_at, row.changed_by = at, by.label
    row.save()

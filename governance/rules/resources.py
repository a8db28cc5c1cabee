"""The kinds of resources that an access package can give access to."""

from __future__ import annotations

from collections.abc import Sequence

from .decision import Refused, refuse
from .wording import joined

GROUP, WEBHOOK = "group", "webhook"
RESOURCE_KINDS = (GROUP, WEBHOOK)


def resource_words(kind: str, name: str) -> str:
    """Return a resource within a sentence, such as "the group CAD readers"."""
    return f"the {'group' if kind == GROUP else 'webhook'} {name}"


def in_use(name: str, packages: Sequence[str], *, was_delivered: bool) -> Refused | None:
    """Return why a group or webhook cannot be removed; None when it can.

    `packages` have it as a resource now. `was_delivered`: access was given or taken away there
    once, and the record names it.
    """
    if packages:
        what = f"access package{'s' * (len(packages) > 1)} {joined(packages, shown=3)}"
        text = f"{name} is a resource of the {what}. Remove it there first"
        return refuse("resource_in_use", text)
    if was_delivered:
        text = f"People were given access to {name}, so it stays for the record"
        return refuse("resource_on_record", text)
    return None

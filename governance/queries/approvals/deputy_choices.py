"""Whom an approver can choose as their deputy."""

from __future__ import annotations

from ...facts.access_requests.approvers import is_approver, possible_deputies
from ...models import Person
from ...rules.names import name_key
from ..people.listing import person_search

SHOWN = 20


def is_ever_asked(person: Person | None) -> bool:
    """Return whether the person sponsors an organization, or is named in a request."""
    return person is not None and is_approver(person)


def deputy_choices(person: Person, text: str) -> list[Person]:
    """Return whom the person can choose, by name; those who match a text of two letters or more."""
    text = text.replace("\0", "")
    people = possible_deputies(person)
    if len(name_key(text)) >= 2:
        people = people.filter(person_search(text))
    return list(people.order_by("name_key", "id")[:SHOWN])

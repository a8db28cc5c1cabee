"""Who decides for whom, and whom somebody can choose as their deputy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...facts.access_requests.approvers import is_approver, possible_deputies
from ...models import Deputy, Person
from ...rules.names import name_key
from ..people.listing import person_search

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Deputies:
    """`own` decides for the person now; `others` are those for whom the person decides."""

    own: Deputy | None
    others: tuple[Deputy, ...]


def deputies_of(person: Person | None, at: datetime) -> Deputies:
    """Return who decides for the person now, and for whom they decide. One statement."""
    if person is None:
        return Deputies(None, ())
    rows = Deputy.objects.in_force(at).filter(person=person) | Deputy.objects.in_force(at).filter(
        deputy=person
    )
    found = list(rows.select_related("person", "deputy").order_by("-id"))
    own = next((each for each in found if each.person_id == person.pk), None)
    return Deputies(own, tuple(each for each in found if each.deputy_id == person.pk))


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

"""Who decides for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...models import Deputy, Person


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

"""Whom an own name shuts out, or lets ask again once it goes (product rules 5 and 13). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Person
from ..rules.domain_guards import own_name_above
from ..rules.fingerprints import fingerprint
from ..rules.wording import count_of
from .belonging import guests_at_or_beneath
from .claims import own_names

PEOPLE_SHOWN = 10
SHUTS_OUT, LETS_IN = "can no longer ask", "can ask again"


@dataclass(frozen=True, slots=True)
class OwnNameEffect:
    """Guests at or beneath the names who notice: what is said of all, the first by name and address, a fingerprint; empty for nobody."""

    sentence: str = ""
    people: tuple[tuple[str, str], ...] = ()
    number: int = 0
    fingerprint: str = ""

    @property
    def more(self) -> int:
        return self.number - len(self.people)


def own_name_effect(
    names: Iterable[str], what: str, *, besides: Iterable[str] = ()
) -> OwnNameEffect:
    """`what` happens to them: SHUTS_OUT or LETS_IN. Whom another own name shuts out notices nothing; `besides` are names that become ours too."""
    names = tuple(names)
    others = own_names().union(besides).difference(names)
    guests = (
        guests_at_or_beneath(names)
        .exclude(state=Person.State.REMOVED)
        .order_by("name_key", "id")
        .values_list("name", "email", "domain")
    )
    people = [(name, email) for name, email, domain in guests if not own_name_above(domain, others)]
    if not people:
        return OwnNameEffect()
    sentence = f"{count_of(len(people), 'guest')} at or beneath {', '.join(names)} {what}."
    return OwnNameEffect(
        sentence, tuple(people[:PEOPLE_SHOWN]), len(people), fingerprint((people, what))
    )

"""People as an administrator types them into a stage: one email address or name per line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from ...facts.access_packages.approvers import people_in
from ...models import Person
from ...rules.access_packages.stages import MOST_PEOPLE, Stage
from ...rules.names import name_key
from ...rules.wording import joined
from ..people.listing import person_search

SUGGESTED = 5
LONGEST_LINE = 254


@dataclass(frozen=True, slots=True)
class TypedPeople:
    """Whom the lines mean, by public id, and what is wrong with each line that means nobody."""

    keys: tuple[str, ...]
    problems: tuple[str, ...]


def typed_people(text: str) -> TypedPeople:
    """Return whom the lines mean: the person with that address, or the only one with that name.

    One statement; one more for each line that means nobody.
    """
    lines = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(lines) > MOST_PEOPLE:
        return TypedPeople((), (f"Enter at most {MOST_PEOPLE} people",))
    found = _people(lines)
    meant = {line: _meant(line, found) for line in lines}
    keys = (str(people[0].uuid) for people in meant.values() if len(people) == 1)
    wrong = (_problem(line, people) for line, people in meant.items() if len(people) != 1)
    return TypedPeople(tuple(dict.fromkeys(keys)), tuple(wrong))


def lines_in(stages: Iterable[Stage]) -> dict[str, str]:
    """Return the addresses of everybody whom the stages name, by public id. One statement."""
    return {key: person.email for key, person in people_in(stages).items()}


def _people(lines: tuple[str, ...]) -> list[Person]:
    if not lines:
        return []
    addresses = [line.casefold() for line in lines]
    names = [name_key(line) for line in lines]
    return list(_present().filter(Q(email__in=addresses) | Q(name_key__in=names)))


def _present():
    return Person.objects.exclude(state=Person.State.REMOVED).order_by("name_key", "id")


def _meant(line: str, people: list[Person]) -> list[Person]:
    by_address = [each for each in people if each.email == line.casefold()]
    return by_address or [each for each in people if each.name_key == name_key(line)]


def _problem(line: str, people: list[Person]) -> str:
    if len(line) > LONGEST_LINE:
        return f"Enter one email address or name per line, of at most {LONGEST_LINE} characters"
    if people:
        return f"{len(people)} people are called {line}. Enter one of these: {_addresses(people)}"
    if alike := list(_present().filter(person_search(line))[:SUGGESTED]):
        return f"Nobody is called exactly “{line}”. Did you mean: {_addresses(alike)}"
    return f"Nobody here has the email address or name “{line}”. Invite them first"


def _addresses(people: list[Person]) -> str:
    shown = people[:SUGGESTED]
    return joined([f"{person.email} ({person})" for person in shown], last="or")

"""An impact in plain English: one sentence a line, numbers and names first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ..rules.wording import count_of, plural
from .domain_labels import labels_of

if TYPE_CHECKING:
    from .result import Access, Difference, Impact, PersonImpact

Key = TypeVar("Key")
Row = TypeVar("Row")
NAMES_SHOWN, NAMES_BELOW, SENTENCES_SHOWN = 3, 10, 20
GAIN, LOSE, NOTE = "gain", "lose", "note"
MORE = {
    LOSE: ("change takes access away and is", "changes take access away and are"),
    NOTE: ("change is", "changes are"),
    GAIN: ("change gives access and is", "changes give access and are"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, whether somebody gains or loses by it,
    and the names that it does not spell out.
    """

    kind: str
    text: str
    names: tuple[str, ...] = ()


def lines_of(impact: Impact) -> tuple[Line, ...]:
    """Return what an impact says, the losses first. None where nothing changes for anybody.

    At most 20 sentences of each kind, so that many losses never hide who gains access.
    """
    lines = [*_people(impact), *_domains(impact), *_groups(impact)]
    lines += [*_access(impact), *_others(impact), *(Line(LOSE, gap) for gap in impact.gaps)]
    of_kind = [[line for line in lines if line.kind == kind] for kind in MORE]
    shown = [line for alike in of_kind for line in _first(alike)]
    return (*shown, *_partial(impact))


def _people(impact: Impact) -> Iterator[Line]:
    least = "at least " * impact.is_partial
    for difference, people in _alike(impact.people, lambda each: each.difference):
        number = len(people)
        who = people[0].name if number == 1 else f"{least}{number:,} people"
        names = _below([_name_and_email(each) for each in people])
        for kind, what in _what_changes(difference, is_one=number == 1):
            text = f"{who} {what}."
            yield Line(kind, text if number == 1 else _capital(text), names)


def _name_and_email(person: PersonImpact) -> str:
    is_nameless = person.name == person.email
    return person.email if is_nameless else f"{person.name} ({person.email})"


def _below(names: list[str]) -> tuple[str, ...]:
    """Return the names that stand below a sentence, and how many there are besides."""
    more = len(names) - NAMES_BELOW
    return (*names[:NAMES_BELOW], *([f"and {more:,} more"] if more > 0 else ()))


def _domains(impact: Impact) -> Iterator[Line]:
    for difference, domains in _alike(impact.domains, lambda each: each.difference):
        labels = labels_of(domains)
        who = f"Anyone with an address at {_domains_in_words(labels)}"
        for kind, what in _what_changes(difference, is_one=True, belongs=False):
            yield Line(kind, f"{who} {what}.", _below(labels) if len(labels) > NAMES_SHOWN else ())


def _domains_in_words(labels: list[str]) -> str:
    """Return the domains, or only their number where the line lists them below."""
    if len(labels) > NAMES_SHOWN:
        return f"one of these {len(labels):,} domains"
    return _listed(labels, "domains", "or")


def _groups(impact: Impact) -> Iterator[Line]:
    for group in impact.groups:
        for kind, what in _what_changes(group.difference, is_one=True, belongs=False):
            yield Line(kind, f"{group.who} {what}.")


def _access(impact: Impact) -> Iterator[Line]:
    least = "at least " * impact.is_partial
    for each in impact.access:
        is_one = each.number == 1
        who = each.people[0] if is_one else f"{least}{each.number:,} people"
        verb = ("gets" if is_one else "get") if each.gains else "loses" if is_one else "lose"
        names = () if is_one else _below(list(each.people))
        text = _capital(f"{who} {verb} access to {each.what}.")
        yield Line(GAIN if each.gains else LOSE, text, names)


def _others(impact: Impact) -> Iterator[Line]:
    yield from _sponsors(impact)
    for each in impact.invitations:
        what = "stops working" if each.stops else "works again"
        yield Line(LOSE if each.stops else GAIN, f"The open invitation of {each.email} {what}.")
    for name in impact.policies:
        text = f"The policy {name} has no organization left and lets nobody request access."
        yield Line(LOSE, text)
    yield from _ends(impact.access_ended, "assignment ends now", "assignments end now")
    yield from _ends(
        impact.requests_withdrawn, "open request is withdrawn", "open requests are withdrawn"
    )
    if impact.packages:
        names = _listed(list(impact.packages), "access packages", "or")
        yield Line(LOSE, f"Nobody can request {names} any more.")
    if impact.requests_kept:
        number = impact.requests_kept
        text = f"{count_of(number, 'open request')} {plural(number, 'keeps', 'keep')}"
        own = plural(number, "it was", "they were")
        yield Line(NOTE, f"{text} the stages and the length of access that {own} submitted with.")
    for test in impact.tests:
        yield Line(
            NOTE, f"The saved test “{test.name}” would fail. The answer would be: “{test.reason}”"
        )


def _ends(names: tuple[str, ...], one: str, many: str) -> Iterator[Line]:
    """Yield what ends with a change: how many there are, and which."""
    if names:
        yield Line(LOSE, f"{len(names):,} {many if len(names) > 1 else one}.", _below(list(names)))


def _sponsors(impact: Impact) -> Iterator[Line]:
    for (stops, organization, left), each in _alike(
        impact.sponsors, lambda sponsor: (sponsor.stops, sponsor.organization, sponsor.left)
    ):
        names, is_one = _listed([sponsor.name for sponsor in each], "people", "and"), len(each) == 1
        what = "counts as a sponsor" if is_one else "count as sponsors"
        if not stops:
            yield Line(GAIN, f"{names} {what} of {organization} again.")
            continue
        gone = f"no longer {what}"
        rest = (
            f"which keeps {left} other{'s' * (left != 1)}" if left else "which then has no sponsor"
        )
        yield Line(LOSE, f"{names} {gone} of {organization}, {rest}.")


def _what_changes(
    difference: Difference, *, is_one: bool, belongs: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield each part of a difference as the end of a sentence about somebody."""
    if difference.loses:
        yield LOSE, f"can no longer request {_packages(difference.loses)}"
    if difference.approval:
        yield NOTE, _approval(difference.approval)
    if difference.gains:
        yield GAIN, f"can request {_with_approval(difference.gains)}"
    if (
        difference.moves
        and belongs
        and not difference.is_same_organization
        or difference.moves
        and not (difference.loses or difference.approval or difference.gains)
    ):
        yield NOTE, _moves(difference, is_one=is_one)


def _moves(difference: Difference, *, is_one: bool) -> str:
    s = "s" * is_one
    if difference.is_same_organization:
        is_deleted = len(difference.after) > len(difference.before)
        return f"belong{s} to {'a deleted organization' if is_deleted else difference.after}"
    if not difference.before:
        return f"now belong{s} to {difference.after}"
    if not difference.after:
        return f"no longer belong{s} to {difference.before} or any other organization"
    return f"move{s} from {difference.before} to {difference.after}"


def _approval(accesses: tuple[Access, ...]) -> str:
    needs = [access for access in accesses if access.needs_approval]
    rest = [access for access in accesses if not access.needs_approval]
    parts = [f"needs approval for {_packages(needs)}"] if needs else []
    parts += [f"no longer needs approval for {_packages(rest)}"] if rest else []
    return " and ".join(parts)


def _with_approval(accesses: tuple[Access, ...]) -> str:
    needs = [access for access in accesses if access.needs_approval]
    rest = [access for access in accesses if not access.needs_approval]
    parts = [f"{_packages(rest)} without approval"] if rest else []
    parts += [f"{_packages(needs)} with approval"] if needs else []
    return " and ".join(parts)


def _packages(accesses: Iterable[Access]) -> str:
    return _listed([access.package for access in accesses], "access packages", "and")


def _listed(names: list[str], what: str, last: str) -> str:
    if len(names) > NAMES_SHOWN:
        return f"{len(names):,} {what}: {', '.join(names[:NAMES_SHOWN])} and others"
    *first, final = names
    return f"{', '.join(first)} {last} {final}" if first else final


def _first(lines: list[Line]) -> Iterator[Line]:
    """Yield the sentences of one kind that a page has room for, and how many there are besides."""
    yield from lines[:SENTENCES_SHOWN]
    if (hidden := len(lines) - SENTENCES_SHOWN) > 0:
        what = MORE[lines[0].kind][hidden > 1]
        yield Line(lines[0].kind, f"{hidden:,} more {what} not listed here.")


def _partial(impact: Impact) -> Iterator[Line]:
    if impact.is_partial:
        text = (
            "More than 10,000 people or domains are affected. Only the first 10,000 were checked."
        )
        yield Line(NOTE, text)


def _alike(rows: Iterable[Row], key: Callable[[Row], Key]) -> list[tuple[Key, list[Row]]]:
    """Return the rows in groups with one key, the largest first."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

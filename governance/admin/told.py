"""What a save or a deletion would do, as it is shown before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..actions.rehearsals import fingerprint_of
from ..queries.access_changes import AccessChange
from ..queries.effects import Effect
from ..queries.list_effects import ListEffect
from ..queries.policy_effects import People, PolicyEffect, Reached
from ..queries.what_if import SavedTestResult
from ..rules.fingerprints import fingerprint
from ..rules.wording import count_of


@dataclass(frozen=True, slots=True)
class Told:
    """Lines to read, none when it changes nothing for anybody; the fingerprint comes back with the second press."""

    lines: tuple[str, ...] = ()
    fingerprint: str = ""

    def __add__(self, other: Told) -> Told:
        return Told(
            self.lines + other.lines, "-".join(filter(None, (self.fingerprint, other.fingerprint)))
        )


class Untold(Exception):
    """Raised after something was done that has to be shown first: its transaction is undone and the page asks again."""

    def __init__(self, told: Told):
        super().__init__()
        self.told = told


def told_of_people(effect: Effect) -> Told:
    """Whom a change of claims moves."""
    numbers = (
        (effect.gains, "gains an organization", "gain an organization"),
        (effect.loses, "loses theirs", "lose theirs"),
        (effect.moves, "moves from another", "move from another"),
        (effect.frees, "is no longer shut out", "are no longer shut out"),
    )
    sums = tuple(
        f"{n} {'person' if n == 1 else 'people'} {one if n == 1 else many}."
        for n, one, many in numbers
        if n
    )
    moves = tuple(
        f"{m.person} ({m.email}): {m.before or 'no organization'} → {m.after or 'no organization'}"
        for m in effect.people
    )
    return Told(sums + moves, effect.fingerprint)


def told_of_list(effect: ListEffect) -> Told:
    """Whom a change of the allow and deny list shuts out or lets ask again."""
    if effect.is_empty:
        return Told()
    people = (
        f"{name} ({email}) can{' no longer' * is_blocked} ask"
        for name, email, is_blocked in effect.people
    )
    return Told(
        (effect.sentence, *(name for _key, name in effect.organizations), *people),
        effect.fingerprint,
    )


def told_of_access(change: AccessChange) -> Told:
    """What people of one organization can ask for then, or no longer."""
    if change.is_empty:
        return Told()
    one = change.people == 1
    told = ((change.loses, "loses" if one else "lose"), (change.gains, "gains" if one else "gain"))
    sums = tuple(
        f"{change.people} {'person' if one else 'people'} {verb} the right to ask for {', '.join(names)}."
        for names, verb in told
        if names
    )
    return Told((*sums, *(f"{name} ({email})" for name, email in change.first)), change.fingerprint)


def told_of_policy(effect: PolicyEffect, package: str = "it") -> Told:
    """Whose people can ask for the package then, or no longer, and who else can."""
    gains = _told_of_reached(effect.gains, f"can ask for {package}", "since somebody approves")
    loses = _told_of_reached(
        effect.loses, f"can no longer ask for {package}", "since nobody approves"
    )
    return Told(gains + loses, effect.fingerprint)


def _told_of_reached(reached: Reached, what: str, why: str) -> tuple[str, ...]:
    """Organizations, anybody outside, members, and those at addresses that many people can have."""
    organizations = (
        (
            f"{reached.people} {'person' if reached.people == 1 else 'people'} of these {what}:",
            *reached.names,
        )
        if reached.organizations
        else ()
    )
    anyone = (
        (
            f"Any outside person without an organization {what}, also people whom nobody here knows yet.",
        )
        if reached.anyone
        else ()
    )
    strangers = _told_of_some(
        reached.strangers, "guest", "guests", f"without an organization {what}"
    )
    members = _told_of_some(reached.members, "member", "members", what)
    return (
        organizations
        + anyone
        + strangers
        + members
        + _told_of_some(
            reached.shared, "person", "people", f"at shared mailboxes and public mail {what}, {why}"
        )
    )


def _told_of_some(people: People, one: str, many: str, what: str) -> tuple[str, ...]:
    if not people:
        return ()
    return f"{count_of(people.number, one, many)} {what}:", *(
        f"{name} ({email})" for name, email in people.first
    )


def told_of_imitations(warnings: Iterable[str]) -> Told:
    """Names that imitate known ones; an empty warning is none."""
    lines = tuple(filter(None, warnings))
    return Told(lines, fingerprint(lines) if lines else "")


def told_of_tests(broken: Iterable[SavedTestResult]) -> Told:
    """Saved what-if tests that would no longer hold."""
    broken = tuple(broken)
    lines = tuple(
        f"The saved test “{result.test.name}” would break: {result.answer.deciding.text}"
        for result in broken
    )
    return Told(lines, fingerprint_of(broken))

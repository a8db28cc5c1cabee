"""Who decides a stage of a request, and why somebody cannot (product rules 37 to 39)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..access_packages.stages import Stage
from ..decision import Reason

SPONSOR, NAMED, FALLBACK, ALTERNATE = "sponsor", "named", "fallback", "alternate"
PARTS = (SPONSOR, NAMED, FALLBACK, ALTERNATE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be asked. `cannot` says why they cannot decide anything now, if so."""

    person_id: int
    key: str
    name: str
    mailbox: str
    cannot: Reason | None = None


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What decides who decides.

    `sponsors` are those of the kind that the stage asks; `named` everybody whom the stage names, by
    public id; `deputies` who decides for somebody who is away, by that person's id.
    `decided_before` decided an earlier stage, `approved` this one. `sponsors_count` is False where
    the organization is proposed and the policy does not name it.
    """

    stage: Stage
    requester_mailbox: str
    requester_id: int | None = None
    sponsors: tuple[Candidate, ...] = ()
    named: Mapping[str, Candidate] = field(default_factory=dict)
    deputies: Mapping[int, Candidate] = field(default_factory=dict)
    decided_before: frozenset[int] = frozenset()
    approved: frozenset[int] = frozenset()
    sponsors_count: bool = True
    is_escalated: bool = False


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who can decide now; `part` says as what, `instead_of` for whom as a deputy."""

    candidate: Candidate
    part: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Deciders:
    """Everybody who can decide the stage now. `problem`: nobody, or fewer than have to approve."""

    people: tuple[Decider, ...]
    uses_fallback: bool = False
    problem: Reason | None = None

    def decider(self, person_id: int | None) -> Decider | None:
        """Return the person among those who can decide; None where they cannot."""
        return next((each for each in self.people if each.candidate.person_id == person_id), None)


def who_decides(facts: StageFacts) -> Deciders:
    """Return who can decide the stage now: whom it asks; the fallback where too few of these can;
    the alternates once it is escalated; and the deputies of those who are away.
    """
    asked = _primary(facts)
    missing = facts.stage.needed - len(facts.approved) - len(asked)
    fallback = _of(facts, facts.stage.fallback, FALLBACK) if missing > 0 else []
    alternates = _of(facts, facts.stage.alternates, ALTERNATE) if facts.is_escalated else []
    people = _once(facts, [*asked, *fallback, *alternates])
    return Deciders(tuple(people), bool(fallback), _problem(facts, people))


def _primary(facts: StageFacts) -> list[Decider]:
    if not facts.stage.asks_sponsors:
        return _of(facts, facts.stage.people, NAMED)
    sponsors = facts.sponsors if facts.sponsors_count else ()
    return [Decider(each, SPONSOR) for each in sponsors if _why_not(facts, each) is None]


def _of(facts: StageFacts, keys: Iterable[str], part: str) -> list[Decider]:
    found = (facts.named[key] for key in keys if key in facts.named)
    return [Decider(each, part) for each in found if _why_not(facts, each) is None]


def _once(facts: StageFacts, deciders: list[Decider]) -> list[Decider]:
    """Each person once, with the deputies of those who are away after them."""
    found = {each.candidate.person_id: each for each in reversed(deciders)}
    for each in deciders:
        deputy = facts.deputies.get(each.candidate.person_id)
        if deputy and _why_not(facts, deputy) is None:
            found.setdefault(
                deputy.person_id, Decider(deputy, each.part, instead_of=each.candidate.name)
            )
    order = [each.candidate.person_id for each in deciders]
    return sorted(found.values(), key=lambda each: _place(order, each.candidate.person_id))


def _place(order: list[int], person_id: int) -> int:
    return order.index(person_id) if person_id in order else len(order)


def _why_not(facts: StageFacts, candidate: Candidate) -> Reason | None:
    """Return why this person cannot decide this stage."""
    if candidate.cannot:
        return candidate.cannot
    if is_own(facts, candidate):
        return Reason("own_request", f"{candidate.name} cannot decide their own request")
    if candidate.person_id in facts.decided_before:
        return Reason("decided_before", f"{candidate.name} decided another stage of this request")
    if candidate.person_id in facts.approved:
        return Reason("approved_already", f"{candidate.name} has already approved this stage")
    return None


def is_own(facts: StageFacts, candidate: Candidate) -> bool:
    """Return whether the request is the candidate's own: by mailbox or by person (rule 38)."""
    return candidate.mailbox == facts.requester_mailbox or candidate.person_id == facts.requester_id


def _problem(facts: StageFacts, people: list[Decider]) -> Reason | None:
    if not people:
        return Reason("nobody_decides", "Nobody can decide this stage now")
    missing = facts.stage.needed - len(facts.approved) - len(people)
    if missing > 0:
        text = f"{missing} more have to approve than can decide now"
        return Reason("too_few_decide", text)
    return None

"""The shapes in which every answer of the rules comes: what was decided, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Ref:
    """What a reason rested on.

    `kind` is a kind of object ("organization", "claim", "list_rule", "policy"), `key` finds it
    again.
    """

    kind: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision.

    `code` never changes, `text` is the sentence people read, `field` is where a form shows it.
    """

    code: str
    text: str
    passed: bool = False
    field: str = ""
    refers_to: Ref | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with all of its reasons, in the order in which they were asked."""

    allowed: bool
    reasons: tuple[Reason, ...]

    @property
    def code(self) -> str:
        """The reason that decided: the first stop, or the last step when there is none."""
        return self.deciding.code

    @property
    def deciding(self) -> Reason:
        return next((reason for reason in self.reasons if not reason.passed), self.reasons[-1])

    @property
    def further_stops(self) -> tuple[Reason, ...]:
        """What would stop it still if the reason that decided were mended."""
        return tuple(reason for reason in self.reasons if not reason.passed)[1:]


class Refused(Exception):
    """A rule says no. Carries every reason; the first one is the sentence to show when there is
    room for one.
    """

    activity = ""  # the action that was refused, once one was
    target: object = None  # the row it was about, or a Ref where there was none

    def __init__(self, *reasons: Reason):
        super().__init__(reasons[0].text)
        self.reasons = reasons

    @property
    def code(self) -> str:
        return self.reasons[0].code


Answer = TypeVar("Answer", bound=Decision)


def require(decision: Answer) -> Answer:
    """Hand an allowed decision on; raise Refused with the reasons that stopped it otherwise."""
    if not decision.allowed:
        raise Refused(*(reason for reason in decision.reasons if not reason.passed))
    return decision


def refuse(code: str, text: str, *, field: str = "", refers_to: Ref | None = None) -> Refused:
    """The common case, a refusal with one reason: `raise refuse("name_taken", "...",
    field="name")`.
    """
    return Refused(Reason(code, text, field=field, refers_to=refers_to))

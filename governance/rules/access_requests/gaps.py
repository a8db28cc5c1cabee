"""Stages that nobody could decide now, whoever requested: what the no-approver radar reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..access_packages.approval_words import SPONSOR_NOUNS
from ..access_packages.stages import Stage
from ..wording import joined
from .approval import Candidate, StageFacts, who_decides

NAMES_SHOWN = 3
COUNTED_AT_MOST = 10_000  # organizations
NOBODY_IN_PARTICULAR = ""  # the mailbox of a requester who is none of the approvers


@dataclass(frozen=True, slots=True)
class Gap:
    """A stage that nobody could decide, or that fewer people could decide than have to approve.

    It concerns one organization, by its name and public id; or `organizations` of them, of which
    `organization` names the first few; or, with neither, everybody who can request under the
    policy. `is_outside`: people who belong to no organization.
    """

    package: str
    package_key: str
    policy: str
    policy_key: str
    stage: int
    reason: str
    organization: str = ""
    organization_key: str = ""
    organizations: int = 0
    is_outside: bool = False

    @property
    def text(self) -> str:
        """Return who is concerned, and why, as a sentence."""
        where = f"stage {self.stage} of the policy “{self.policy}” of {self.package}"
        return f"Nobody could decide {where}{self._whose}: {self.reason}."

    @property
    def _whose(self) -> str:
        if self.is_outside:
            return " for people of no organization"
        if self.organizations > COUNTED_AT_MOST:
            return f" for more than {COUNTED_AT_MOST:,} organizations, such as {self.organization}"
        if self.organizations > NAMES_SHOWN:
            return f" for {self.organizations:,} organizations, such as {self.organization}"
        return f" for {self.organization}" if self.organization else ""


def stages_without_deciders(
    stages: Sequence[Stage],
    named: Mapping[str, Candidate],
    sponsors: Mapping[str, Sequence[Candidate]] | None = None,
    *,
    sponsors_count: bool = True,
) -> dict[int, str]:
    """Return why nobody could decide, by the number of the stage, for a requester who is none of
    the approvers.

    `named` is everybody whom the stages name, by public id; `sponsors` are those of one
    organization, by who approves. Nobody decides two stages (product rule 38): who is needed in one
    is missing in the next.
    """
    found: dict[int, str] = {}
    used: frozenset[int] = frozenset()
    for number, stage in enumerate(stages, start=1):
        asked = tuple((sponsors or {}).get(stage.approvers, ()))
        facts = StageFacts(
            stage,
            NOBODY_IN_PARTICULAR,
            sponsors=asked,
            named=named,
            decided_before=used,
            sponsors_count=sponsors_count,
        )
        deciders = who_decides(facts)
        if deciders.problem:
            found[number] = why_none(stage, bool(used))
        elif len(deciders.people) == stage.needed:
            used |= {each.candidate.person_id for each in deciders.people}
    return found


def stages_without_people(stages: Sequence[Stage], named: Mapping[str, Candidate]) -> set[int]:
    """Return the stages that ask people by name of whom too few can decide, whoever requests."""
    return {
        number
        for number, stage in enumerate(stages, start=1)
        if not stage.asks_sponsors and stages_without_deciders([stage], named)
    }


def enough_sponsors(stages: Sequence[Stage], kinds: Iterable[str]) -> dict[str, list[Candidate]]:
    """Return as many sponsors of each of these kinds as the stages need: an organization that has
    some is taken to have enough.
    """
    kinds = set(kinds)
    return {
        stage.approvers: [
            Candidate(-(100 * number + each), "", "", f"{number} {each}")
            for each in range(stage.needed)
        ]
        for number, stage in enumerate(stages, start=1)
        if stage.approvers in kinds
    }


def why_none(stage: Stage, others_used: bool = False) -> str:
    """Return why nobody could decide the stage, as the end of a sentence."""
    besides = ", or has to decide another stage" if others_used else ""
    if not stage.asks_sponsors:
        return f"everybody whom it names is blocked or has no active account{besides}"
    noun = SPONSOR_NOUNS[stage.approvers]
    fallback = "the fallback cannot either" if stage.fallback else "there is no fallback"
    few = f"fewer than {stage.needed} {noun}s" if stage.needed > 1 else f"no {noun}"
    return f"{few} can decide, and {fallback}{besides}"


def first_names(names: Sequence[str]) -> str:
    """Return the first few names in a list."""
    return joined(names[:NAMES_SHOWN])

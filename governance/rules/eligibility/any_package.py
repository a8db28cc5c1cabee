"""What an address can request at all: the decision, asked for every access package (product rule
28).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..access_packages.policies import PackageFact
from ..decision import Reason
from ..wording import joined
from . import Eligibility, decide
from .facts import Facts
from .words import no_policy, passed

NAMES_SHOWN = 3
# The codes that can refuse one package, those first that are furthest from allowing it.
_FURTHEST_FIRST = (
    "no_organization",
    "no_policy",
    "organization_proposed",
    "policy_closed",
    "approval_needed",
    "package_closed",
    "already_has_access",
    "request_open",
    "asked_recently",
)


@dataclass(frozen=True, slots=True)
class PackageAnswer:
    """The decision about one access package."""

    package: PackageFact
    answer: Eligibility

    @property
    def why(self) -> str:
        """The step that decides: which policy lets people request the package, or what refuses."""
        if not self.answer.allowed:
            return self.answer.deciding.text
        return next(step.text for step in self.answer.reasons if step.code == "policy_found")


@dataclass(frozen=True, slots=True)
class AnyEligibility(Eligibility):
    """Allowed when at least one access package can be requested.

    `packages` are the answers about each; none when no package was asked about.

    `approval_needed` says that every package that can be requested needs approval.
    """

    packages: tuple[PackageAnswer, ...] = ()

    @property
    def requestable(self) -> tuple[PackageAnswer, ...]:
        return tuple(each for each in self.packages if each.answer.allowed)


def decide_for_any(facts: Facts, packages: Iterable[PackageFact]) -> AnyEligibility:
    """Ask the steps that hold for every package, then the decision about each of the packages."""
    common = decide(facts)
    if not common.allowed:
        return _answer(common, common.reasons, ())
    steps = common.reasons[:-1]  # without the last, which allows
    asked = tuple(PackageAnswer(package, decide(facts.about(package))) for package in packages)
    requestable = [each for each in asked if each.answer.allowed]
    last = _allowed(facts, requestable) if requestable else _closest(facts, asked)
    return _answer(common, (*steps, last), asked)


def _answer(
    common: Eligibility, reasons: tuple[Reason, ...], packages: tuple[PackageAnswer, ...]
) -> AnyEligibility:
    requestable = [each.answer for each in packages if each.answer.allowed]
    return AnyEligibility(
        bool(requestable),
        reasons,
        claim=common.claim,
        list_rule=common.list_rule,
        list_default=common.list_default,
        approval_needed=bool(requestable) and all(each.approval_needed for each in requestable),
        packages=packages,
    )


def _allowed(facts: Facts, requestable: list[PackageAnswer]) -> Reason:
    names = joined([_terms(each) for each in requestable], shown=NAMES_SHOWN)
    return passed("allowed", f"{facts.known_address.text} can request {names}.")


def _terms(each: PackageAnswer) -> str:
    needs = "needs approval" if each.answer.approval_needed else "no approval needed"
    return f"{each.package.name} ({needs})"


def _closest(facts: Facts, asked: tuple[PackageAnswer, ...]) -> Reason:
    """Why none can be requested: the reason of the package that comes closest."""
    if asked:
        reasons = [each.answer.deciding for each in asked]
        return max(reasons, key=lambda reason: _FURTHEST_FIRST.index(reason.code))
    if facts.is_outside and facts.claim is None:
        return no_policy(facts, PackageFact("", ""))
    text = "There is no access package yet. Add one, with a policy that says who can request it."
    return Reason("no_policy", text)

"""What each step of the wizard shows besides its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...facts.domain_list.verdicts import ListFacts, list_facts_about
from ...facts.eligibility import facts_about
from ...models import Draft, Person
from ...rules.eligibility import ClaimFact, Eligibility, Facts, decide
from .drafts import DraftReview, sources_of, sponsors_of

_BINDING = ("own_name", "person_blocked", "domain_blocked")


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether an address would belong to the draft's organization.

    `stops` says that the person could not request anything even so.
    """

    title: str
    text: str
    matches: bool = False
    stops: bool = False


def page_facts(
    draft: Draft, step: str, *, at: datetime, review: DraftReview | None = None, tried: str = ""
) -> dict:
    """Return the context of a step:
    the chosen sources, the chosen people, or what Review previews.
    """
    if step == "directories":
        return {"sources": sources_with_verdicts(draft, at)}
    if step == "sponsors":
        return {
            "internal": _people(sponsors_of(draft, "internal")),
            "external": _people(sponsors_of(draft, "external")),
        }
    if step == "review" and review:
        sources, trial = (
            sources_with_verdicts(draft, at, said=review.known.around.said),
            try_address(review.preview.claims, tried, at) if tried else None,
        )
        return {
            "sources": sources,
            "trial": trial,
            "is_blocked": all(row["verdict"].is_blocked for row in sources),
        }
    return {}


def try_address(claims: tuple[ClaimFact, ...], text: str, at: datetime) -> Trial:
    """Return what the decision says about an address, as if the claims existed. Writes nothing."""
    facts = facts_about(text, at=at, as_if=claims)
    answer = decide(facts)
    if facts.address is None:
        return Trial("This is not an email address.", answer.deciding.text)
    if not answer.claim or not claims or answer.claim.organization_id != claims[0].organization_id:
        return Trial("Does not belong to this organization.", _why_not(facts, answer))
    stop = next(
        (step for step in answer.reasons if step.code in _BINDING and not step.passed), None
    )
    text = _why(facts.domain, answer.claim)
    return Trial(
        f"Belongs to this organization through {answer.claim.source_label}.",
        f"{text} {stop.text}" if stop else text,
        matches=True,
        stops=bool(stop),
    )


def _why(domain: str, claim: ClaimFact) -> str:
    is_directory = claim.source_kind == "directory"
    if claim.name == domain:
        return f"{domain} is one of its domains." if is_directory else ""
    what = "the verified domain " if is_directory else ""
    return f"{domain} is a subdomain of {what}{claim.name}."


def _our_own(domain: str, own: str) -> str:
    ours = "one of your domains"
    return f"{domain} is {ours if own == domain else f'a subdomain of {own}, which is {ours}'}."


def _why_not(facts: Facts, answer: Eligibility) -> str:
    if facts.is_member:
        return "This person is a member of your directory."
    if facts.own_name:
        return _our_own(facts.domain, facts.own_name)
    return (
        f"{facts.domain} belongs to {answer.claim.organization_name}."
        if answer.claim
        else f"{facts.domain} is not in the directories and domains above."
    )


def sources_with_verdicts(
    draft: Draft, at: datetime, *, said: ListFacts | None = None
) -> list[dict]:
    """Return the chosen sources, each with what the list does to its typed domain and which of its
    other domains it blocks.

    `said` is what the list says of them; it is read when it is not given.
    """
    sources = sources_of(draft)
    if not sources:
        return []
    names = {name for source in sources for name in source.names}
    said = list_facts_about(names) if said is None else said
    verdicts = {name: said.verdict(name, at) for name in names}
    return [
        {
            "source": source,
            "verdict": verdicts[source.typed_name],
            "blocked": [name for name in source.names[1:] if verdicts[name].is_blocked],
        }
        for source in sources
    ]


def _people(keys) -> list[Person]:
    return list(Person.objects.filter(uuid__in=keys).order_by("name_key", "id")) if keys else []

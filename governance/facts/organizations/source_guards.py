"""Who may give which sources to an organization, and which names each of them would get (product
rules 5 to 14).
"""

from __future__ import annotations

from collections.abc import Iterable

from ...rules.decision import Reason
from ...rules.organizations import NameFacts, NewSource, claim_problem, directory_problem, doubles
from ...rules.roles import Actor
from ..claims.covering import directory_holders, name_facts


def source_problems(
    sources: Iterable[NewSource],
    by: Actor,
    own_organization: str = "",
    held: Iterable[str] = (),
    *,
    facts: dict[str, NameFacts] | None = None,
) -> list[Reason]:
    """Every reason why `by` cannot give these sources to an organization (`own_organization` when
    it exists), which keeps the names `held`.

    `facts` are what is known around their names, where it was asked already.
    """
    sources = tuple(sources)
    holders = directory_holders(source.directory_id for source in sources if source.directory_id)
    facts = name_facts(source.typed_name for source in sources) if facts is None else facts
    problems: list[Reason | None] = [*doubles(sources, held)]
    for source in sources:
        holder = holders.get(source.directory_id) if source.directory_id else None
        directory = directory_problem(source, holder, by, own_organization=own_organization)
        problems += [
            directory,
            claim_problem(source, facts[source.typed_name], by, own_organization=own_organization),
        ]
    return [problem for problem in problems if problem]


def names_to_claim(
    sources: Iterable[NewSource],
    by: Actor,
    *,
    own_organization: str = "",
    going: frozenset[str] = frozenset(),
    facts: dict[str, NameFacts] | None = None,
) -> dict[str, NewSource]:
    """The source that gets each name: the one it was typed for, else the first that has it.

    A name stays where it is when somebody else holds it, or the organization itself by a source
    that it keeps; `going` are the names of those it gives up. What is reserved
    for a deleted organization is given by exact name alone: to the source it was typed for. A name
    that a guard refuses goes to nobody.
    """
    wanted = _wanted(tuple(sources))
    facts = name_facts(wanted) if facts is None else facts
    return {
        name: source
        for name, source in wanted.items()
        if _is_free(source, facts[name], going, own_organization)
        and _may(source, facts[name], by, own_organization)
    }


def _wanted(sources: tuple[NewSource, ...]) -> dict[str, NewSource]:
    by_name = {name: source for source in reversed(sources) for name in source.names}
    by_name |= {source.typed_name: source for source in sources}
    return dict(sorted(by_name.items()))


def _is_free(source: NewSource, facts, going: frozenset[str], own_organization: str) -> bool:
    holder = facts.holder
    if holder and holder.is_deleted:
        return facts.name == source.typed_name
    return holder is None or facts.name in going or holder.organization_key != own_organization


def _may(source: NewSource, facts, by: Actor, own_organization: str) -> bool:
    return claim_problem(source, facts, by, own_organization=own_organization) is None

"""What the pane Select directories + domains answers to a typed name: one finding, with everything
an administrator should see first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ...facts.claims.covering import directory_holders
from ...facts.claims.look_alikes import imitated_name
from ...facts.claims.neighbouring import DomainContext, domain_context
from ...facts.directories.look_up import OwnerAbove, look_up_with_parents
from ...facts.domain_list.verdicts import Verdict
from ...facts.organizations.source_guards import names_to_claim
from ...rules import email_domains
from ...rules.decision import Reason, Ref, Refused
from ...rules.domains import guards
from ...rules.domains.typed_forms import offering_search
from ...rules.organizations import Holder, NameFacts, NewSource, claim_problem, directory_problem
from ...rules.roles import Actor

FOUND = ("directory", "domain")


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is one of: directory, domain, added, taken, own_name, refused, not_a_name."""

    kind: str
    typed: str
    name: str = ""
    reason: Reason | None = None
    source: NewSource | None = None
    verdict: Verdict | None = None
    imitates: str = ""
    mixed: bool = False
    overlap: Holder | None = None
    was_deleted: Holder | None = None
    directory_taken: Ref | None = None
    is_public_mail: bool = False
    is_private_suffix: bool = False
    names_of_others: tuple[str, ...] = ()
    names_refused: tuple[str, ...] = ()
    names_blocked: tuple[str, ...] = ()
    owner: str = ""  # the directory that owns the name, when it is chosen already
    above: OwnerAbove | None = (
        None  # where no directory owns the name: the one that owns a domain above it
    )
    is_above_chosen: bool = False

    @property
    def can_add(self) -> bool:
        return self.kind in FOUND


def find(
    typed: str,
    *,
    by: Actor,
    at: datetime,
    chosen: Iterable[NewSource] = (),
    own_organization: str = "",
    warns: bool = True,
) -> Finding:
    """Look the whole name up. Never raises: what is wrong with the name is the finding.

    Whether it imitates another name prevents nothing, and is asked if the finding `warns`.
    """
    try:
        name = email_domains.canonical_domain(typed)
    except Refused as refusal:
        return Finding("not_a_name", typed, reason=offering_search(refusal.reasons[0]))
    chosen = tuple(chosen)
    if any(name == source.typed_name for source in chosen):
        return Finding("added", typed, name)
    source, kind, above = _source(name)
    around = domain_context(source.names)
    problem = claim_problem(
        replace(source, public_mail_accepted=True),
        around.facts[name],
        by,
        own_organization=own_organization,
    )
    if problem:
        return Finding(
            _kind_of(problem), typed, name, reason=problem, verdict=around.said.verdict(name, at)
        )
    if any(name in other.names for other in chosen):
        return Finding("added", typed, name)
    found = _found(kind, typed, source, around, by, at, chosen, own_organization)
    ids = {other.directory_id for other in chosen}
    is_chosen = above is not None and above.directory.directory_id in ids
    imitates = (warns and imitated_name(name, at)) or ""
    return replace(found, imitates=imitates, above=above, is_above_chosen=is_chosen)


def _source(name: str) -> tuple[NewSource, str, OwnerAbove | None]:
    """Return what would be added, the kind of finding, and who owns a domain above it.

    A public mail domain comes by itself: the tick that it needs is for no other domain of a
    directory.
    """
    if guards.is_public_mail(name):
        return NewSource(name), "domain", None
    directory, above = look_up_with_parents(name)
    if directory is None:
        return NewSource(name), "domain", above
    source = NewSource(
        name,
        directory.directory_id,
        directory.name,
        directory.initial_domain,
        directory.verified_domains,
    )
    return source, "directory", None


def _found(
    kind,
    typed: str,
    source: NewSource,
    around: DomainContext,
    by: Actor,
    at: datetime,
    chosen,
    own_organization: str,
) -> Finding:
    name, owner = (
        source.typed_name,
        next(
            (
                other.label
                for other in chosen
                if source.directory_id and other.identity == source.identity
            ),
            "",
        ),
    )
    # that directory is chosen with the names it had then: the one it has since can come by itself
    if owner:
        kind, source = "domain", NewSource(name)
    facts, left = around.facts[name], _names_left(source, by, own_organization, around.facts)
    verdicts = {name: around.said.verdict(name, at) for name in source.names}
    return Finding(
        kind,
        typed,
        name,
        source=source,
        verdict=verdicts[name],
        mixed=guards.mixes_scripts(name),
        owner=owner,
        names_blocked=tuple(n for n in source.names if verdicts[n].is_blocked),
        overlap=next(
            (holder for holder in facts.neighbours if holder.organization_key != own_organization),
            None,
        ),
        was_deleted=facts.holder if facts.holder and facts.holder.is_deleted else None,
        directory_taken=_directory_holder(source, by, own_organization),
        is_public_mail=guards.is_public_mail(name),
        is_private_suffix=guards.is_private_suffix(name),
        names_of_others=tuple(n for n, is_held in left.items() if is_held),
        names_refused=tuple(n for n, is_held in left.items() if not is_held),
    )


def _names_left(
    source: NewSource, by: Actor, own_organization: str, facts: dict[str, NameFacts]
) -> dict[str, bool]:
    """Names of a directory that it would not claim,
    and whether that is because others hold them.
    """
    claimed = names_to_claim([source], by, own_organization=own_organization, facts=facts)
    holders = {
        name: facts[name].holder
        for name in source.names
        if name not in claimed and name != source.typed_name
    }
    return {
        name: bool(holder)
        for name, holder in holders.items()
        if not holder or holder.organization_key != own_organization
    }


def _directory_holder(source: NewSource, by: Actor, own_organization: str) -> Ref | None:
    holder = (
        directory_holders([source.directory_id]).get(source.directory_id)
        if source.directory_id
        else None
    )
    problem = directory_problem(source, holder, by, own_organization=own_organization)
    return problem.refers_to if problem else None


def _kind_of(problem: Reason) -> str:
    return {"claim_taken": "taken", "own_name": "own_name"}.get(problem.code, "refused")

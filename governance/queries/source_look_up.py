"""What the pane Select directories + domains answers to a typed name: one finding, with everything an administrator should see first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..connectors.directory_look_up import LookUpFailed
from ..models import Source
from ..rules import domain_guards, email_domains
from ..rules.decision import Reason, Ref, Refused
from ..rules.organizations import Holder, NameFacts, NewSource, claim_problem
from ..rules.roles import Actor
from .claims import name_facts
from .directories import look_up
from .domain_list import Verdict, verdicts
from .imitations import imitated_name

FOUND = ("directory", "domain", "failed")


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is one of: directory, domain, added, taken, own_name, refused, not_a_name, failed."""

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

    @property
    def can_add(self) -> bool:
        return self.kind in FOUND


def find(typed: str, *, by: Actor, at: datetime, chosen: Iterable[NewSource] = (), own_organization: str = "") -> Finding:
    """Look the whole name up. Never raises: what is wrong with the name is the finding."""
    try:
        name = email_domains.canonical_domain(typed)
    except Refused as refusal:
        return Finding("not_a_name", typed, reason=refusal.reasons[0])
    if any(name == source.typed_name for source in chosen):
        return Finding("added", typed, name)
    facts = name_facts([name])[name]
    source, kind = _source(name)
    problem = claim_problem(replace(source, public_mail_accepted=True), facts, by, own_organization=own_organization)
    if problem:
        return Finding(_kind_of(problem), typed, name, reason=problem, verdict=verdicts([name], at)[name])
    return _found(kind, typed, source, facts, own_organization, at)


def _source(name: str) -> tuple[NewSource, str]:
    try:
        directory = look_up(name)
    except LookUpFailed:
        return NewSource(name), "failed"
    if directory is None:
        return NewSource(name), "domain"
    return NewSource(name, directory.directory_id, directory.name, directory.initial_domain, directory.verified_domains), "directory"


def _found(kind: str, typed: str, source: NewSource, facts: NameFacts, own_organization: str, at: datetime) -> Finding:
    name = source.typed_name
    others = name_facts(source.names)
    return Finding(
        kind, typed, name, source=source, verdict=verdicts([name], at)[name], imitates=imitated_name(name) or "",
        mixed=domain_guards.mixes_scripts(name),
        overlap=next((holder for holder in facts.neighbours if holder.organization_key != own_organization), None),
        was_deleted=facts.holder if facts.holder and facts.holder.is_deleted else None,
        directory_taken=_directory_holder(source, own_organization), is_public_mail=domain_guards.is_public_mail(name),
        is_private_suffix=domain_guards.is_private_suffix(name),
        names_of_others=tuple(n for n in source.names if n != name and others[n].holder and others[n].holder.organization_key != own_organization),
    )  # fmt: skip


def _directory_holder(source: NewSource, own_organization: str) -> Ref | None:
    if not source.directory_id:
        return None
    taken = Source.objects.present().filter(directory_id=source.directory_id, organization__deleted_at__isnull=True)
    held = taken.exclude(organization__uuid=own_organization or None).select_related("organization").first()
    return Ref("organization", str(held.organization.uuid), held.organization.name) if held else None


def _kind_of(problem: Reason) -> str:
    return {"claim_taken": "taken", "own_name": "own_name"}.get(problem.code, "refused")

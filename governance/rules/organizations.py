"""What makes a new organization acceptable: its names, what it claims, who may claim it (product
rules 5 to 18).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from .decision import Reason, Ref, Refused
from .domains import guards
from .names import clean_name
from .roles import Actor
from .values import canonical_name, known_choice, known_flag, known_id, known_list

CONFIGURED = "configured"
PROPOSED = "proposed"
STATES = (CONFIGURED, PROPOSED)
ORIGINS = ("manual", "request")
DIRECTORY, DOMAIN = "directory", "domain"
SOURCE_KINDS = (DIRECTORY, DOMAIN)
SIGN_INS = (DIRECTORY, "passcode", "both")
SPONSORED_BY = ("nobody", "internal", "external", "both")
RESTORABLE_FOR = MERGE_UNDONE_WITHIN = timedelta(days=30)
LONGEST_SNOOZE = timedelta(days=90)
NO_SOURCE = Reason("no_source", "Add at least one directory or domain", field="sources")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A directory (with what the look-up said about it) or a domain, as somebody chose it.

    Names are canonical.

    `public_mail_accepted` is the tick that anyone can get an address there. It is about
    `typed_name` and about no other name of the directory.
    """

    typed_name: str
    directory_id: UUID | None = None
    directory_name: str = ""
    initial_domain: str = ""
    verified_domains: tuple[str, ...] = ()
    covers_subdomains: bool = True
    public_mail_accepted: bool = False

    def __post_init__(self) -> None:
        """Say of a domain whose claim reaches no subdomain that it is without them, whatever was
        chosen.
        """
        is_text = isinstance(self.typed_name, str)  # anything else is refused where it is used
        if is_text and not self.can_cover_subdomains:
            object.__setattr__(self, "covers_subdomains", False)

    @property
    def can_cover_subdomains(self) -> bool:
        """False for public mail and for suffixes.

        A directory can have other names, which do cover theirs.
        """
        return self.directory_id is not None or guards.can_cover_subdomains(self.typed_name)

    @property
    def label(self) -> str:
        return self.directory_name or self.typed_name

    @property
    def identity(self) -> str:
        """What makes it the same source as another: the directory's id, or the domain."""
        return str(self.directory_id or self.typed_name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it would claim, the typed one first, none twice."""
        return tuple(
            dict.fromkeys(
                name
                for name in (self.typed_name, self.initial_domain, *self.verified_domains)
                if name
            )
        )


def source_as_json(source: NewSource) -> dict[str, Any]:
    """Plain values for a draft row; `source_from_json` is the way back."""
    values = {name: getattr(source, name) for name in NewSource.__slots__}
    return values | {
        "directory_id": source.directory_id and str(source.directory_id),
        "verified_domains": list(source.verified_domains),
    }


def source_from_json(values: dict[str, Any]) -> NewSource:
    """Return the source that `source_as_json` made the values of."""
    directory_id = values["directory_id"] and UUID(values["directory_id"])
    return NewSource(
        **values
        | {"directory_id": directory_id, "verified_domains": tuple(values["verified_domains"])}
    )


def with_subdomains(
    sources: Iterable[NewSource], *, on: Iterable[str], off: Iterable[str]
) -> tuple[NewSource, ...]:
    """Return the sources with Include subdomains switched on
    and off for those named by identity.
    """
    switched = dict.fromkeys(off, False) | dict.fromkeys(on, True)
    return tuple(
        replace(
            source,
            covers_subdomains=switched.get(source.identity, source.covers_subdomains),
        )
        for source in sources
    )


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """All answers of the wizard. Sponsors are people's public ids; `seen` is the fingerprint of
    the effect that Review showed, None when nothing was shown.
    """

    name: str
    description: str = ""
    state: str = CONFIGURED
    sources: tuple[NewSource, ...] = ()
    internal_sponsors: tuple[UUID, ...] = ()
    external_sponsors: tuple[UUID, ...] = ()
    draft: UUID | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """An organization's hold on a name, as a guard needs it."""

    name: str
    organization_key: str
    organization_name: str
    is_deleted: bool = False

    @property
    def ref(self) -> Ref:
        return Ref("organization", self.organization_key, self.organization_name)


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What is known around a name: our own names, who holds it, and whose names lie above or
    beneath it.
    """

    name: str
    own_names: frozenset[str]
    holder: Holder | None = None
    neighbours: tuple[Holder, ...] = ()


def state_for(actor: Actor, wanted: str) -> str:
    """A Guest inviter's organizations are proposed, whatever was asked (product rule 17)."""
    return wanted if actor.may("change_organization") else PROPOSED


def sponsored_by(kinds: Iterable[str]) -> str:
    """Return which of SPONSORED_BY an organization is whose sponsors of these kinds count."""
    kinds = frozenset(kinds)
    return "both" if len(kinds) == 2 else next(iter(kinds), "nobody")


def known_state(state: object) -> str:
    """The state, if there is such a one."""
    return known_choice(
        state, STATES, code="state_unknown", text="Choose Configured or Proposed", field="state"
    )


def name_taken(name: str, refers_to: Ref | None = None) -> Reason:
    """Return why nobody can give an organization the name of another, which is called `name`."""
    text = f"Another connected organization is called {name}"
    return Reason("name_taken", text, field="name", refers_to=refers_to)


def claim_problem(
    source: NewSource, facts: NameFacts, actor: Actor, *, own_organization: str = ""
) -> Reason | None:
    """Why `actor` cannot give `facts.name` to an organization by this source; None when they can.

    `own_organization` is the key of the organization being edited: its own names stand in nobody's
    way.
    """
    checks = (
        guards.claim_refusal(facts.name, facts.own_names),
        _taken(facts, actor, own_organization),
        _public_mail(source, facts.name, actor),
        _overlap(facts, actor, own_organization),
    )
    return next((problem for problem in checks if problem), None)


def require_sources(sources: tuple[NewSource, ...]) -> None:
    """Raise Refused unless there is at least one source and each can be stored as it is."""
    if not known_list(sources, field="sources"):
        raise Refused(NO_SOURCE)
    for source in sources:
        _require_source(source)


def _require_source(source: NewSource) -> None:
    known_flag(source.covers_subdomains, field="sources")
    known_flag(source.public_mail_accepted, field="sources")
    canonical_name(source.typed_name, field="sources")
    for name in known_list(source.verified_domains, field="sources"):
        canonical_name(name, field="sources")
    if source.initial_domain != "":
        canonical_name(source.initial_domain, field="sources")
    if source.directory_id is not None:
        known_id(source.directory_id, field="sources")
    if source.directory_name != "":
        clean_name(source.directory_name, field="sources")


def doubles(sources: Iterable[NewSource], held: Iterable[str] = ()) -> list[Reason]:
    """Return a reason for each directory or typed domain that is listed twice, or that another
    source of the organization has.
    """
    seen = set(held)
    reasons = []
    for source in sources:
        if seen & {source.typed_name, source.identity}:
            reasons.append(
                Reason(
                    "source_twice",
                    f"{source.typed_name} is already in this organization,"
                    " through another directory or domain",
                    field="sources",
                )
            )
        seen |= {source.typed_name, source.identity}
    return reasons


def directory_problem(
    source: NewSource, holder: Holder | None, actor: Actor, *, own_organization: str = ""
) -> Reason | None:
    """Why `actor` cannot give this directory,
    which `holder` has a source of, to an organization.
    """
    return _held_by_another("directory_taken", source.label, holder, actor, own_organization)


def _taken(facts: NameFacts, actor: Actor, own_organization: str) -> Reason | None:
    return _held_by_another("claim_taken", facts.name, facts.holder, actor, own_organization)


def _held_by_another(
    code: str, what: str, holder: Holder | None, actor: Actor, own_organization: str
) -> Reason | None:
    if holder is None or holder.organization_key == own_organization:
        return None
    if holder.is_deleted and actor.may("delete_organization"):
        return None  # given by exact name to another organization (product rule 40)
    text = (
        f"{what} already belongs to {holder.organization_name}."
        " A directory or domain can be in only one connected organization."
    )
    return Reason(code, text, field="sources", refers_to=holder.ref)


def _public_mail(source: NewSource, name: str, actor: Actor) -> Reason | None:
    """The tick was made beside the typed name.

    Other names of a directory were not what it was about.
    """
    if not guards.is_public_mail(name):
        return None
    if not actor.may("change_organization"):
        text = (
            f"Anyone can get an address at {name}."
            " Only a Global administrator or User administrator can connect it."
        )
        return Reason("public_mail_needs_administrator", text, field="sources")
    if name != source.typed_name:
        text = f"Anyone can get an address at {name}. To connect it, add this domain by itself."
        return Reason("public_mail_needs_tick", text, field="sources")
    if source.public_mail_accepted:
        return None
    text = (
        f"Anyone can get an address at {name}."
        " Confirm that you understand this, or remove the domain."
    )
    return Reason("public_mail_needs_tick", text, field="sources")


def _overlap(facts: NameFacts, actor: Actor, own_organization: str) -> Reason | None:
    neighbour = next(
        (holder for holder in facts.neighbours if holder.organization_key != own_organization), None
    )
    if neighbour is None or actor.may("change_organization"):
        return None
    text = f"{facts.name} overlaps with {neighbour.name} of {neighbour.organization_name}."
    text += " Only a Global administrator or User administrator can connect it."
    return Reason("overlap_needs_administrator", text, field="sources", refers_to=neighbour.ref)

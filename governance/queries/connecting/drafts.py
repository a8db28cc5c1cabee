"""What a draft says:
its sources, the organization it would make, and what prevents that now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BigAutoField, DateTimeField, QuerySet

from ...db.kept_statements import Varying
from ...facts.organizations.new_organizations import (
    Known,
    NewPreview,
    called_alike,
    claims_of_new,
    known_about,
    preview_of,
)
from ...facts.organizations.source_guards import source_problems
from ...facts.sponsors.sponsorships import People, people_by_key, sponsor_problems
from ...models import Draft, Person
from ...rules.decision import Reason, Refused
from ...rules.eligibility import ClaimFact
from ...rules.names import clean_description, clean_name
from ...rules.organizations import (
    CONFIGURED,
    NO_SOURCE,
    NewOrganization,
    NewSource,
    known_state,
    name_taken,
    source_as_json,
    source_from_json,
    state_for,
    with_subdomains,
)
from ...rules.roles import Actor
from ...rules.sponsors import EXTERNAL

KEPT_FOR = timedelta(days=30)
STEPS = ("basics", "directories", "sponsors", "review")


@dataclass(frozen=True, slots=True)
class DraftReview:
    """A draft as Review shows it: what would be created, what prevents it by step, whom it
    would move, what it would grant.
    """

    new: NewOrganization
    state: str
    problems: dict[str, tuple[Reason, ...]]
    internal: tuple[Person, ...]
    external: tuple[Person, ...]
    preview: NewPreview
    known: Known

    @property
    def is_ready(self) -> bool:
        return not any(self.problems.values())


def draft_of(author: Person, uuid: UUID, *besides: str) -> Draft | None:
    """The author's draft, unsaved when there is none yet; None when the id is somebody else's.

    `besides` are related rows to read with it.
    """
    rows = Draft.objects.select_related(*besides) if besides else Draft.objects
    draft = next(iter(rows.filter(uuid=uuid)), None)
    if draft is None:
        return Draft(uuid=uuid, author=author)
    return draft if draft.author_id == author.pk else None


def unfinished(author: Person, at: datetime) -> QuerySet:
    """The author's drafts of new organizations that led to nothing yet."""
    values = unfinished_values(author, at)
    return Draft.objects.filter(
        author_id=Varying("author", values["author"], BigAutoField()),
        created=None,
        edits=None,
        saved_at__gt=Varying("kept_since", values["kept_since"], DateTimeField()),
    )


def unfinished_values(author: Person, at: datetime) -> dict[str, object]:
    """Return what `unfinished` depends on, for a kept statement."""
    return {"author": author.pk, "kept_since": at - KEPT_FOR}


def answers(draft: Draft, step: str) -> dict:
    """Return what was typed on a step; empty where nothing was."""
    return draft.answers.get(step, {})


def put_answers(draft: Draft, step: str, given: Mapping[str, object]) -> None:
    """Give a step of the draft these answers beside those it has, without saving it."""
    draft.answers[step] = {**answers(draft, step), **given}


def marks(draft: Draft) -> dict[str, bool]:
    """Return what the last check said of each step that was checked."""
    return draft.answers.get("checked", {})


def put_mark(draft: Draft, step: str, is_valid: bool | None) -> None:
    """Note what the check of a step said, without saving it; None leaves the mark as it is."""
    if is_valid is not None:
        draft.answers["checked"] = marks(draft) | {step: is_valid}


def sources_of(draft: Draft) -> tuple[NewSource, ...]:
    """Return the directories and domains that the draft has."""
    return tuple(
        source_from_json(values) for values in answers(draft, "directories").get("sources", [])
    )


def put_sources(draft: Draft, sources: Iterable[NewSource]) -> None:
    """Give the draft these sources, without saving it."""
    draft.answers["directories"] = {"sources": [source_as_json(source) for source in sources]}


def put_changed_sources(
    draft: Draft, *, on: Iterable[str] = (), off: Iterable[str] = (), removed: str = ""
) -> None:
    """Switch Include subdomains for the sources named by identity, and remove one, without saving
    the draft. The others stay as they are.
    """
    sources = with_subdomains(sources_of(draft), on=on, off=off)
    put_sources(draft, (source for source in sources if source.identity != removed))


def is_blank(draft: Draft) -> bool:
    """Return whether nothing was answered yet. The state that a form proposes is no answer."""
    basics = answers(draft, "basics")
    typed = basics.get("name", "").strip() or basics.get("description", "").strip()
    is_other_state = basics.get("state", CONFIGURED) not in ("", CONFIGURED)
    chosen = any(sponsors_of(draft, kind) for kind in ("internal", "external"))
    return not (typed or is_other_state or sources_of(draft) or draft.pane or chosen)


def pane_sources_of(draft: Draft) -> tuple[NewSource, ...]:
    """The working copy while the pane is open, what is chosen already otherwise."""
    if "sources" in draft.pane:
        return tuple(source_from_json(values) for values in draft.pane["sources"])
    return sources_of(draft)


def put_pane_sources(draft: Draft, sources: Iterable[NewSource]) -> None:
    """Give the pane's working copy these sources, without saving it, and note what the step had
    when the copy was made.
    """
    base = draft.pane.get("base", [source.identity for source in sources_of(draft)])
    draft.pane = {"base": base, "sources": [source_as_json(source) for source in sources]}


def sources_with_pane(draft: Draft) -> tuple[NewSource, ...]:
    """Return the step's sources with what the pane added and removed.

    What another tab did to the step since the pane was opened stays done.
    """
    in_pane = {source.identity: source for source in pane_sources_of(draft)}
    on_step = {source.identity: source for source in sources_of(draft)}
    base = set(draft.pane.get("base", on_step))
    remaining = [
        replace(in_pane.get(key, source), covers_subdomains=source.covers_subdomains)
        for key, source in on_step.items()
        if key in in_pane or key not in base
    ]
    added = [source for key, source in in_pane.items() if key not in on_step and key not in base]
    return (*remaining, *added)


def sponsors_of(draft: Draft, kind: str) -> tuple[UUID, ...]:
    """Return the public ids of the sponsors of one kind that the draft has."""
    return tuple(UUID(key) for key in answers(draft, "sponsors").get(kind, []))


def put_changed_sponsors(
    draft: Draft, *, kind: str, added: Iterable[UUID] = (), removed: Iterable[UUID] = ()
) -> None:
    """Add and remove sponsors of one kind, without saving the draft."""
    gone, new = set(removed), tuple(added)
    if gone or new:
        chosen = dict.fromkeys((*sponsors_of(draft, kind), *new))
        put_answers(draft, "sponsors", {kind: [str(key) for key in chosen if key not in gone]})


def new_organization(draft: Draft, *, seen: str | None = None) -> NewOrganization:
    """Return the organization that the draft would make. `seen` is the confirmed impact."""
    basics = answers(draft, "basics")
    return NewOrganization(
        name=basics.get("name", ""),
        description=basics.get("description", ""),
        state=basics.get("state") or "configured",
        sources=sources_of(draft),
        internal_sponsors=sponsors_of(draft, "internal"),
        external_sponsors=sponsors_of(draft, "external"),
        draft=draft.uuid,
        seen=seen,
    )


def draft_claims(draft: Draft, by: Actor) -> tuple[ClaimFact, ...]:
    """The claims that the draft would make, as if it existed."""
    return claims_of_new(new_organization(draft), by)


def basics_problems(
    basics: dict, *, besides: int | None = None, known: Known | None = None
) -> list[Reason]:
    """What is wrong with a name, a description and a state, the name being taken included, which is
    asked unless `known`.
    """
    if problems := problems_as_typed(basics):
        return problems
    other = known.called_alike if known else called_alike(basics.get("name", ""), besides)
    return [name_taken(other.label)] if other else []


def problems_as_typed(basics: dict) -> list[Reason]:
    """Return what is wrong with a name, a description and a state in themselves."""
    problems: list[Reason] = []
    given = (
        (clean_name, basics.get("name", "")),
        (clean_description, basics.get("description", "")),
        (known_state, basics.get("state") or CONFIGURED),
    )
    for clean, text in given:
        try:
            clean(text)
        except Refused as refusal:
            problems.extend(refusal.reasons)
    return problems


def sources_problems(
    sources: tuple[NewSource, ...], by: Actor, *, known: Known | None = None
) -> list[Reason]:
    """Return what prevents claiming the draft's directories and domains now."""
    if not sources:
        return [NO_SOURCE]
    return source_problems(sources, by, facts=known.around.facts if known else None)


def sponsors_problems(
    draft: Draft,
    by: Actor,
    at: datetime,
    *,
    claims: tuple[ClaimFact, ...] | None = None,
    found: People | None = None,
) -> list[Reason]:
    """Return why the draft's sponsors cannot be sponsors now."""
    kinds = {
        kind: people for kind in ("internal", "external") if (people := sponsors_of(draft, kind))
    }
    if not kinds:
        return []
    if claims is None:  # only guests belong to an organization
        claims = draft_claims(draft, by) if EXTERNAL in kinds else ()
    found = (
        people_by_key(key for people in kinds.values() for key in people)
        if found is None
        else found
    )
    key = str(draft.uuid)
    return [
        problem
        for kind, people in kinds.items()
        for problem in sponsor_problems(
            kind, people, organization_key=key, at=at, besides=claims, found=found
        )
    ]


def review(draft: Draft, by: Actor, at: datetime) -> DraftReview:
    """Everything asked again, now (rule: nothing that was true on an earlier step is taken for
    granted).
    """
    new = new_organization(draft)
    known = known_about(new)
    preview = preview_of(new, by=by, at=at, known=known)
    people = people_by_key((*new.internal_sponsors, *new.external_sponsors))
    problems = {
        "basics": tuple(
            basics_problems(
                answers(draft, "basics") | {"state": state_for(by, new.state)}, known=known
            )
        ),
        "directories": tuple(sources_problems(new.sources, by, known=known)),
        "sponsors": tuple(sponsors_problems(draft, by, at, claims=preview.claims, found=people)),
    }
    internal, external = (
        tuple(people[key] for key in keys if key in people)
        for keys in (new.internal_sponsors, new.external_sponsors)
    )
    return DraftReview(new, state_for(by, new.state), problems, internal, external, preview, known)

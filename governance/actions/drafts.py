"""Keeping unfinished answers. Drafts write no audit event: nothing has happened yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ..models import Draft, Organization, Person
from ..queries.connecting.drafts import (
    STEPS,
    draft_of,
    pane_sources_of,
    put_pane_sources,
    put_sources,
    sources_of,
    sources_with_pane,
    sponsors_of,
)
from ..queries.organizations.edits import edit_answers
from ..rules.organizations import NewSource, require_sources, with_subdomains
from ..rules.values import known_choice, known_id
from .locks import lock_organization


@transaction.atomic
def save_answers(
    *,
    author: Person,
    uuid: UUID,
    step: str,
    given: Mapping[str, object],
    is_valid: bool | None,
    at: datetime,
) -> Draft:
    """Keep what was typed on a step, valid or not; `is_valid` becomes the mark in the list of steps
    (None leaves it).
    """
    known_choice(step, STEPS, code="step_unknown", text="This step does not exist", field="step")
    draft = _locked(author, uuid, at)
    draft.answers[step] = draft.answers.get(step, {}) | given
    if is_valid is not None:
        draft.answers["checked"] = draft.answers.get("checked", {}) | {step: is_valid}
    return _saved(draft, at)


@transaction.atomic
def switch_subdomains(
    *, author: Person, uuid: UUID, on: Iterable[str], off: Iterable[str], at: datetime
) -> Draft:
    """Switch Include subdomains on and off for the sources named (by identity).

    The others stay as they are.
    """
    draft = _locked(author, uuid, at)
    put_sources(draft, with_subdomains(sources_of(draft), on=on, off=off))
    return _saved(draft, at)


@transaction.atomic
def remove_source(*, author: Person, uuid: UUID, identity: str, at: datetime) -> Draft:
    """Remove a directory or domain from a draft. Raises Refused when it is not in it."""
    draft = _locked(author, uuid, at)
    put_sources(draft, (source for source in sources_of(draft) if source.identity != identity))
    return _saved(draft, at)


@transaction.atomic
def change_sponsors(
    *,
    author: Person,
    uuid: UUID,
    kind: str,
    added: Iterable[UUID] = (),
    removed: Iterable[UUID] = (),
    at: datetime,
) -> Draft:
    """Add and remove sponsors of one kind. Whom another tab chose meanwhile stays chosen."""
    draft = _locked(author, uuid, at)
    gone = set(removed)
    chosen = dict.fromkeys((*sponsors_of(draft, kind), *added))
    answers = draft.answers.get("sponsors", {})
    draft.answers["sponsors"] = answers | {kind: [str(key) for key in chosen if key not in gone]}
    draft.answers["checked"] = draft.answers.get("checked", {}) | {"sponsors": True}
    return _saved(draft, at)


@transaction.atomic
def accept_difference(*, author: Person, uuid: UUID, present: NewSource, at: datetime) -> Draft:
    """Give a chosen directory the names that are present of it now."""
    require_sources((present,))
    draft = _locked(author, uuid, at)
    put_sources(
        draft,
        (
            present if source.identity == present.identity else source
            for source in sources_of(draft)
        ),
    )
    return _saved(draft, at)


@transaction.atomic
def put_in_pane(*, author: Person, uuid: UUID, source: NewSource, at: datetime) -> Draft:
    """Add a source to the pane's working copy, once."""
    require_sources((source,))
    draft = _locked(author, uuid, at)
    others = [other for other in pane_sources_of(draft) if other.identity != source.identity]
    put_pane_sources(draft, (*others, source))
    return _saved(draft, at)


@transaction.atomic
def take_from_pane(*, author: Person, uuid: UUID, identity: str, at: datetime) -> Draft:
    """Remove a directory or domain from what is chosen in the pane."""
    draft = _locked(author, uuid, at)
    others = [source for source in pane_sources_of(draft) if source.identity != identity]
    put_pane_sources(draft, others)
    return _saved(draft, at)


@transaction.atomic
def select_pane(*, author: Person, uuid: UUID, at: datetime) -> Draft:
    """Make the changes of the pane on the step; propose the organization's name where none is
    typed.
    """
    draft = _locked(author, uuid, at)
    sources = sources_with_pane(draft)
    put_sources(draft, sources)
    basics, named = (
        draft.answers.get("basics", {}),
        next((s.directory_name for s in sources if s.directory_name), ""),
    )
    if named and not basics.get("name") and not draft.edits_id:
        draft.answers["basics"] = basics | {"name": named}
    draft.pane = {}
    return _saved(draft, at)


@transaction.atomic
def discard_pane(*, author: Person, uuid: UUID, at: datetime) -> Draft:
    """Forget what was chosen in the pane, and keep what the draft had before."""
    draft = _locked(author, uuid, at)
    draft.pane = {}
    return _saved(draft, at)


@transaction.atomic
def discard(*, author: Person, uuid: UUID) -> None:
    """Delete somebody's own draft. Nothing happens where there is none."""
    Draft.objects.filter(author=author, uuid=uuid, created=None).delete()


@transaction.atomic
def discard_all(*, author: Person, uuids: Iterable[UUID]) -> int:
    """Discard the author's own among these drafts of new organizations;
    return how many there were.
    """
    own = Draft.objects.filter(author=author, uuid__in=list(uuids), created=None, edits=None)
    number, _by_model = own.delete()
    return number


@transaction.atomic
def begin_edit(
    *, author: Person, organization: Organization, sources: Iterable[NewSource], at: datetime
) -> Draft:
    """A draft that edits an organization's sources, from what they are now.

    An older one of the same person gives way.
    """
    lock_organization(organization)
    Draft.objects.filter(author=author, edits=organization).delete()
    answers = edit_answers(sources)
    return Draft.objects.create(
        author=author,
        edits=organization,
        edits_version=organization.version,
        answers=answers,
        started_at=at,
        saved_at=at,
    )


@transaction.atomic
def go_on_from(
    *,
    author: Person,
    uuid: UUID,
    organization: Organization,
    sources: Iterable[NewSource],
    at: datetime,
) -> Draft:
    """Edit on from what somebody else saved in between, now that it was shown: `sources` are those
    of the organization now.
    """
    draft = _locked(author, uuid, at)
    draft.answers["base"], draft.edits_version = edit_answers(sources)["base"], organization.version
    return _saved(draft, at)


def _locked(author: Person, uuid: UUID, at: datetime) -> Draft:
    """The draft's row, made by the first thing that is typed.

    PermissionError when the id is somebody else's.
    """
    Draft.objects.get_or_create(
        uuid=known_id(uuid, field="draft"),
        defaults={"author": author, "started_at": at, "saved_at": at},
    )
    Draft.objects.select_for_update().get(uuid=uuid)
    draft = draft_of(author, uuid)
    if draft is None:
        raise PermissionError("this draft is someone else's")
    return draft


def _saved(draft: Draft, at: datetime) -> Draft:
    draft.saved_at = at
    draft.save()
    return draft

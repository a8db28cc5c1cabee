"""Keeping unfinished answers. Drafts write no audit event: nothing has happened yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from ..models import Draft, Organization, Person
from ..queries.connecting.drafts import (
    STEPS,
    answers,
    draft_of,
    pane_sources_of,
    put_answers,
    put_changed_sources,
    put_changed_sponsors,
    put_mark,
    put_pane_sources,
    put_sources,
    sources_of,
    sources_with_pane,
)
from ..queries.organizations.edits import edit_answers
from ..rules.organizations import NewSource, require_sources
from ..rules.values import known_choice, known_id
from .locks import lock_organization

_MOMENT = timedelta(microseconds=1)  # the least that moments in the database differ by


def save_answers(
    *,
    author: Person,
    uuid: UUID,
    step: str,
    given: Mapping[str, object],
    is_valid: bool | None,
    at: datetime,
    read: Draft | None = None,
) -> Draft:
    """Keep what was typed on a step, valid or not; `is_valid` becomes the mark in the list of steps
    (None leaves it).
    """
    known_choice(step, STEPS, code="step_unknown", text="This step does not exist", field="step")

    def change(draft: Draft) -> None:
        put_answers(draft, step, given)
        put_mark(draft, step, is_valid)

    return _changed(change, author, uuid, at, read)


def change_sources(
    *,
    author: Person,
    uuid: UUID,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    removed: str = "",
    is_valid: bool | None = None,
    at: datetime,
    read: Draft | None = None,
) -> Draft:
    """Switch Include subdomains on and off for the sources named (by identity), and remove one.

    The others stay as they are. `is_valid` is the mark of the step.
    """
    on, off = frozenset(on), frozenset(off)

    def change(draft: Draft) -> None:
        put_changed_sources(draft, on=on, off=off, removed=removed)
        put_mark(draft, "directories", is_valid)

    return _changed(change, author, uuid, at, read)


def change_sponsors(
    *,
    author: Person,
    uuid: UUID,
    kind: str,
    added: Iterable[UUID] = (),
    removed: Iterable[UUID] = (),
    is_valid: bool | None = True,
    at: datetime,
    read: Draft | None = None,
) -> Draft:
    """Add and remove sponsors of one kind. Whom another tab chose meanwhile stays chosen."""
    added, removed = tuple(added), frozenset(removed)

    def change(draft: Draft) -> None:
        put_changed_sponsors(draft, kind=kind, added=added, removed=removed)
        put_mark(draft, "sponsors", is_valid)

    return _changed(change, author, uuid, at, read)


def accept_difference(
    *, author: Person, uuid: UUID, present: NewSource, at: datetime, read: Draft | None = None
) -> Draft:
    """Give a chosen directory the names that are present of it now."""
    require_sources((present,))

    def change(draft: Draft) -> None:
        sources = sources_of(draft)
        put_sources(draft, (present if s.identity == present.identity else s for s in sources))

    return _changed(change, author, uuid, at, read)


def put_in_pane(
    *, author: Person, uuid: UUID, source: NewSource, at: datetime, read: Draft | None = None
) -> Draft:
    """Add a source to the pane's working copy, once."""
    require_sources((source,))

    def change(draft: Draft) -> None:
        others = (s for s in pane_sources_of(draft) if s.identity != source.identity)
        put_pane_sources(draft, (*others, source))

    return _changed(change, author, uuid, at, read)


def take_from_pane(
    *, author: Person, uuid: UUID, identity: str, at: datetime, read: Draft | None = None
) -> Draft:
    """Remove a directory or domain from what is chosen in the pane."""

    def change(draft: Draft) -> None:
        put_pane_sources(draft, [s for s in pane_sources_of(draft) if s.identity != identity])

    return _changed(change, author, uuid, at, read)


def select_pane(*, author: Person, uuid: UUID, at: datetime, read: Draft | None = None) -> Draft:
    """Make the changes of the pane on the step; propose the organization's name where none is
    typed.
    """
    return _changed(_select_pane, author, uuid, at, read)


def _select_pane(draft: Draft) -> None:
    sources = sources_with_pane(draft)
    put_sources(draft, sources)
    named = next((s.directory_name for s in sources if s.directory_name), "")
    if named and not answers(draft, "basics").get("name") and not draft.edits_id:
        put_answers(draft, "basics", {"name": named})
    draft.pane = {}


def discard_pane(*, author: Person, uuid: UUID, at: datetime, read: Draft | None = None) -> Draft:
    """Forget what was chosen in the pane, and keep what the draft had before."""

    def change(draft: Draft) -> None:
        draft.pane = {}

    return _changed(change, author, uuid, at, read)


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


def go_on_from(
    *,
    author: Person,
    uuid: UUID,
    organization: Organization,
    sources: Iterable[NewSource],
    at: datetime,
    read: Draft | None = None,
) -> Draft:
    """Edit on from what somebody else saved in between, now that it was shown: `sources` are those
    of the organization now.
    """
    base = edit_answers(sources)["base"]

    def change(draft: Draft) -> None:
        draft.answers["base"], draft.edits_version = base, organization.version

    return _changed(change, author, uuid, at, read)


def _changed(
    change: Callable[[Draft], None], author: Person, uuid: UUID, at: datetime, read: Draft | None
) -> Draft:
    """Change the author's draft and save it once, by one statement. The first thing typed makes the
    row. PermissionError when the id is somebody else's.

    `read` is the draft as the caller has read it. Where somebody saved it since then, such as
    another tab, the change is made again on what they saved.
    """
    key = known_id(uuid, field="draft")
    draft = draft_of(author, key) if read is None else read
    while draft is not None:
        change(draft)
        if _is_inserted(draft, at) if draft.pk is None else _is_updated(draft, author, at):
            return draft
        draft = draft_of(author, key)
    raise PermissionError("this draft is someone else's")


def _is_inserted(draft: Draft, at: datetime) -> bool:
    """Insert the row, and return whether no other request was quicker."""
    draft.started_at = draft.saved_at = at
    try:
        with transaction.atomic():  # so that what comes next has a whole transaction
            draft.save(force_insert=True)
    except IntegrityError:
        if Draft.objects.filter(uuid=draft.uuid).exists():
            return False
        raise
    return True


def _is_updated(draft: Draft, author: Person, at: datetime) -> bool:
    """Save the row, and return whether it was still as it was read: every save is later than the
    one before.
    """
    before, draft.saved_at = draft.saved_at, max(at, draft.saved_at + _MOMENT)
    as_read = Draft.objects.filter(pk=draft.pk, author=author, saved_at=before)
    saved = ("answers", "pane", "edits_version", "saved_at")
    return bool(as_read.update(**{name: getattr(draft, name) for name in saved}))

"""Keeping the table of known directories that the embedded look-up answers from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ..models import KnownDirectory, VerifiedDomain
from ..rules.decision import Ref, Refused, refuse
from ..rules.email_domains import canonical_domain
from ..rules.names import clean_name
from ..rules.roles import Actor
from ..rules.values import known_id, known_list, known_text
from .action import action, named
from .audit import record
from .locks import lock_row


def _taken(
    *,
    verified: Iterable[str],
    directory_id: UUID,
    initial_domain: str,
    directory: KnownDirectory | None = None,
    **_: object,
) -> Refused | None:
    """Which name or id another directory has."""
    others = KnownDirectory.objects.all()
    if directory:
        others = others.exclude(pk=directory.pk)
    if other := others.filter(directory_id=directory_id).first():
        return refuse(
            "directory_known", f"{other.name} already has this directory ID", field="directory_id"
        )
    for name, field in (
        (canonical_domain(initial_domain), "initial_domain"),
        *((canonical_domain(name), "verified_domains") for name in verified),
    ):
        if other := others.filter(Q(initial_domain=name) | Q(verified_domains__name=name)).first():
            return refuse("name_known", f"{name} belongs to {other.name}", field=field)
    return None


def _about(
    *, name: str, initial_domain: str, directory: KnownDirectory | None = None, **_: object
) -> KnownDirectory | Ref:
    return directory or named("knowndirectory", name, initial_domain)


@action("Update known directory", needs="change_knowndirectory", lost_race=_taken, about=_about)
def keep_directory(
    *,
    directory_id: UUID,
    name: str,
    initial_domain: str,
    verified: Iterable[str],
    by: Actor,
    at: datetime,
    directory: KnownDirectory | None = None,
) -> KnownDirectory:
    """Add a directory, or make `directory` what is given. A name belongs to one directory."""
    row = lock_row(directory, "directory_gone") if directory else KnownDirectory()
    known_id(directory_id, field="directory_id")
    known_text(initial_domain, field="initial_domain")
    verified = known_list(verified, field="verified_domains")
    for each in verified:
        known_text(each, field="verified_domains")
    if refusal := _taken(
        verified=verified,
        directory_id=directory_id,
        initial_domain=initial_domain,
        directory=directory,
    ):
        raise refusal
    before = _snapshot(row) if directory else None
    row.directory_id, row.name, row.initial_domain = (
        directory_id,
        clean_name(name),
        canonical_domain(initial_domain),
    )
    row.save()
    row.verified_domains.all().delete()
    VerifiedDomain.objects.bulk_create(
        VerifiedDomain(directory=row, name=each)
        for each in sorted({canonical_domain(name) for name in verified})
    )
    if (after := _snapshot(row)) != before:
        record(
            keep_directory.activity if before else "Add known directory",
            by=by,
            at=at,
            target=row,
            before=before,
            after=after,
        )
    return row


@action("Delete known directory", needs="change_knowndirectory")
def forget_directory(*, directory: KnownDirectory, by: Actor, at: datetime) -> None:
    """Forget a directory. Organizations that were connected by it keep what was copied."""
    row = lock_row(directory, "directory_gone")
    before, gone = _snapshot(row), KnownDirectory(pk=row.pk, name=row.name)
    KnownDirectory.objects.filter(pk=directory.pk).delete()
    record(forget_directory.activity, by=by, at=at, target=gone, before=before)


def _snapshot(directory: KnownDirectory) -> dict[str, object]:
    return {
        "directory ID": str(directory.directory_id),
        "name": directory.name,
        "initial domain": directory.initial_domain,
        "verified domains": sorted(directory.verified_domains.values_list("name", flat=True)),
    }

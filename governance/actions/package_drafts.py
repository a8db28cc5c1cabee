"""Keeping unfinished access packages. Drafts write no audit event: nothing has happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ..models import PackageDraft, Person


def save_step(
    *,
    author: Person,
    uuid: UUID,
    step: str,
    given: Mapping[str, list[str]],
    is_valid: bool | None,
    at: datetime,
) -> PackageDraft:
    """Keep what was posted by a step, valid or not; `is_valid` becomes its mark (None leaves it).

    What another tab saved of the other steps stays. Raises PermissionError for somebody else's.
    """
    with transaction.atomic():
        draft, _is_new = PackageDraft.objects.select_for_update().get_or_create(
            uuid=uuid, defaults={"author": author, "started_at": at, "saved_at": at}
        )
        if draft.author_id != author.pk:
            raise PermissionError("this draft is someone else's")
        marks = draft.answers.get("checked", {})
        checked = marks if is_valid is None else {**marks, step: is_valid}
        draft.answers = {**draft.answers, step: dict(given), "checked": checked}
        draft.saved_at = at
        draft.save(update_fields=["answers", "saved_at"])
    return draft

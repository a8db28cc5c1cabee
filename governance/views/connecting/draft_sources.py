"""What the table of a draft's directories and domains posts: its boxes Include subdomains and its
Remove buttons.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ...actions import drafts
from ...models import Draft
from ...queries.connecting.drafts import put_changed_sources, sources_of
from ...web.portal_request import SignedInRequest


def change_sources(request: SignedInRequest, draft: Draft) -> Draft:
    """Store what was switched and removed. Sources that the form did not show stay as they are."""
    given = posted_changes(request.POST)
    if not any(given.values()):
        return draft
    tell_removed(request, draft, given["removed"])
    return drafts.change_sources(
        author=request.user, uuid=draft.uuid, at=timezone.now(), read=draft, **given
    )


def posted_changes(posted: MultiValueDict) -> dict[str, Any]:
    """Return what was switched and removed, as `drafts.change_sources` takes it."""
    return {**_switched(posted), "removed": posted.get("remove", "")}


def tell_removed(request: SignedInRequest, draft: Draft, identity: str) -> None:
    """Say which source of the draft is removed, if it is one."""
    for source in sources_of(draft):
        if source.identity == identity:
            messages.success(request, f"{source.label} removed.")


def show_sources(draft: Draft, posted: QueryDict) -> None:
    """Show the draft as it was posted, without storing it."""
    switched = _switched(posted)
    put_changed_sources(draft, on=switched["on"], off=switched["off"])


def _switched(posted: MultiValueDict) -> dict[str, set[str]]:
    """Return the sources that were switched on and off, by identity: `had_subdomains` are those
    that the form showed as on.
    """
    had, has = set(posted.getlist("had_subdomains")), set(posted.getlist("subdomains"))
    return {"on": has - had, "off": had - has}

"""What the table of a draft's directories and domains posts: its boxes Include subdomains and its
Remove buttons.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ...actions import drafts
from ...models import Draft
from ...queries.connecting.drafts import put_changed_sources, sources_of


def change_sources(request: HttpRequest, draft: Draft) -> Draft:
    """Store what was switched and removed. Sources that the form did not show stay as they are."""
    given = posted_changes(request.POST)
    if not any(given.values()):
        return draft
    tell_removed(request, draft, given["removed"])
    own = {"author": request.user, "uuid": draft.uuid, "at": timezone.now()}
    return drafts.change_sources(**given, **own, read=draft)


def posted_changes(posted: MultiValueDict) -> dict:
    """Return what was switched and removed, as `drafts.change_sources` takes it."""
    return {**_switched(posted), "removed": posted.get("remove", "")}


def tell_removed(request: HttpRequest, draft: Draft, identity: str) -> None:
    """Say which source of the draft is removed, if it is one."""
    for source in sources_of(draft):
        if source.identity == identity:
            messages.success(request, f"{source.label} removed.")


def show_sources(draft: Draft, posted: QueryDict) -> None:
    """Show the draft as it was posted, without storing it."""
    put_changed_sources(draft, **_switched(posted))


def _switched(posted: MultiValueDict) -> dict[str, set[str]]:
    """Return the sources that were switched on and off, by identity: `had_subdomains` are those
    that the form showed as on.
    """
    had, has = set(posted.getlist("had_subdomains")), set(posted.getlist("subdomains"))
    return {"on": has - had, "off": had - has}

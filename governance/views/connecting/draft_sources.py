"""What the table of a draft's directories and domains posts: its boxes Include subdomains and its
Remove buttons.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import QueryDict
from django.utils import timezone

from ...actions import drafts
from ...models import Draft
from ...queries.connecting.drafts import put_sources, sources_of
from ...rules.organizations import with_subdomains
from ...web.portal_request import SignedInRequest


def change_sources(request: SignedInRequest, draft: Draft) -> None:
    """Store what was switched and removed. Sources that the form did not show stay as they are."""
    author, at = request.user, timezone.now()
    on, off = _switched(request.POST)
    if draft.pk and (on or off):
        drafts.switch_subdomains(author=author, uuid=draft.uuid, on=on, off=off, at=at)
    gone = [s for s in sources_of(draft) if s.identity == request.POST.get("remove")]
    if gone:
        identity = gone[0].identity
        drafts.remove_source(author=author, uuid=draft.uuid, identity=identity, at=at)
        messages.success(request, f"{gone[0].label} removed.")


def show_sources(draft: Draft, posted: QueryDict) -> None:
    """Show the draft as it was posted, without storing it."""
    on, off = _switched(posted)
    put_sources(draft, with_subdomains(sources_of(draft), on=on, off=off))


def _switched(posted: QueryDict) -> tuple[set[str], set[str]]:
    """Return the sources that were switched on and off, by identity: `had_subdomains` are those
    that the form showed as on.
    """
    had, has = set(posted.getlist("had_subdomains")), set(posted.getlist("subdomains"))
    return has - had, had - has

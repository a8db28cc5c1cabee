"""What the table of a draft's directories and domains posts: its boxes Include subdomains and its
Remove buttons.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from ...actions import drafts
from ...models import Draft
from ...queries.connecting.drafts import put_sources, sources_of
from ...rules.organizations import with_subdomains


def change_sources(request: HttpRequest, draft: Draft) -> None:
    """Store what was switched and removed. Sources that the form did not show stay as they are."""
    own = {"author": request.user, "uuid": draft.uuid, "at": timezone.now()}
    switched = _switched(request.POST)
    if draft.pk and any(switched.values()):
        drafts.switch_subdomains(**switched, **own)
    gone = [s for s in sources_of(draft) if s.identity == request.POST.get("remove")]
    if gone:
        drafts.remove_source(identity=gone[0].identity, **own)
        messages.success(request, f"{gone[0].label} removed.")


def show_sources(draft: Draft, posted: QueryDict) -> None:
    """Show the draft as it was posted, without storing it."""
    put_sources(draft, with_subdomains(sources_of(draft), **_switched(posted)))


def _switched(posted: QueryDict) -> dict[str, set[str]]:
    """Return the sources that were switched on and off, by identity: `had_subdomains` are those
    that the form showed as on.
    """
    had, has = set(posted.getlist("had_subdomains")), set(posted.getlist("subdomains"))
    return {"on": has - had, "off": had - has}

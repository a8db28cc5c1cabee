"""The first page, and the search in the header."""

from __future__ import annotations

from uuid import uuid4

from django.shortcuts import render
from django.utils import timezone

from ..queries.global_search import search_everything
from ..queries.overview import overview_for, who_can_help
from .access import actor_of, needs


@needs(None)
def overview(request):
    """What needs somebody. Who has no role yet is told who can help."""
    actor = actor_of(request)
    if not actor.roles:
        return render(request, "no_role.html", {"helpers": who_can_help()})
    return render(
        request,
        "governance/overview/overview.html",
        {"overview": overview_for(actor, timezone.now())},
    )


@needs("view_organization")
def search(request):
    found = search_everything(request.GET.get("q", "").replace("\0", ""))
    return render(
        request,
        "governance/search/search.html",
        {"found": found, "search_text": found.search.typed, "fresh_draft": uuid4()},
    )

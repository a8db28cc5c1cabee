"""The first page, and the search in the header."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ..actions.people.own_account import change_preferences
from ..queries.overview import overview_for
from ..queries.people.welcome import welcome_for
from ..queries.search import search_everything
from ..web.access import actor_of, needs
from ..web.responses import see_other


@needs(None)
def overview(request):
    """Show what needs somebody; to somebody without a role, what they are here for."""
    actor = actor_of(request)
    if not actor.roles:
        return render(
            request, "no_role.html", {"welcome": welcome_for(request.user, timezone.now())}
        )
    person = request.user
    shown = overview_for(
        actor,
        timezone.now(),
        shows_first_steps=person.shows_first_steps,
        approver=person if person.is_asked else None,
    )
    return render(request, "governance/overview/overview.html", {"overview": shown})


@needs("change_package", methods=("POST",))
def hide_first_steps(request):
    change_preferences(
        person=request.user, shows_first_steps=False, by=actor_of(request), at=timezone.now()
    )
    messages.success(request, "First steps hidden. You can show them again in Account.")
    return see_other("overview")


@needs("view_organization")
def search(request):
    found = search_everything(
        request.GET.get("q", "").replace("\0", ""),
        timezone.now(),
        sees_packages=request.user.has_perm("governance.view_package"),
        sees_requests=request.user.has_perm("governance.view_accessrequest"),
    )
    return render(
        request,
        "governance/search/search.html",
        {"found": found, "search_text": found.search.typed, "fresh_draft": uuid4()},
    )

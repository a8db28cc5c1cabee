"""What the panes that choose sponsors have in common, in the wizard and for an organization."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from ...web.form_data import public_ids
from ...web.portal_request import SignedInRequest
from ...web.responses import go_by_htmx, see_other, wants_fragment
from ...web.unsaved_answers import held_for, page_token


def posted_or_asked(request: SignedInRequest) -> QueryDict:
    """Return what the pane's form says: as posted, as it was when the session had ended, or as the
    address says.
    """
    return request.POST if request.method == "POST" else held_for(request) or request.GET


def people_of_pane(given: QueryDict, present: Iterable[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Return who is ticked, and who was chosen when the form was first shown; both are `present` at
    first.
    """
    if not {"search", "person"} & set(given):
        return list(present), list(present)
    return public_ids(given.getlist("person")), public_ids(given.getlist("expected"))


def pane_facts(request: SignedInRequest) -> dict:
    return {
        "in_dialog": wants_fragment(request),
        "page_token": page_token(request),
        "is_unsaved": request.method == "GET" and held_for(request) is not None,
    }


def invite_a_guest(request: SignedInRequest) -> HttpResponse:
    """Go to Invite guest and come back to this pane, with the same people ticked."""
    given = request.POST
    ticked = [("search", "")]
    ticked += [(name, value) for name in ("person", "expected") for value in given.getlist(name)]
    back = f"{request.path}?{urlencode(ticked)}"
    to = f"{reverse('person_invite')}?{urlencode({'next': back})}"
    return go_by_htmx(to) if wants_fragment(request) else see_other(to)

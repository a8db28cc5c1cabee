"""What a visitor can request: the first page of My Access."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ...queries.my_access.access import own_access
from ...queries.my_access.available import available_to
from ...queries.my_access.requests import own_requests
from ...web.visitor import has_proof, visitor_of
from . import sign_in


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def available(request):
    """What the visitor can request; strangers enter their address."""
    if request.method == "POST":
        return sign_in.request_code(request)
    visitor = visitor_of(request)
    if visitor is None:
        return not_open(request) if has_proof(request) else sign_in.ask_for_address(request)
    at = timezone.now()
    found = available_to(visitor, at)
    is_stranger = not found.offers and not visitor.is_known
    if is_stranger and not own_requests(visitor, at) and not own_access(visitor, at):
        return not_open(request)
    return render(
        request, "governance/my_access/available.html", {"found": found, "tab": "available"}
    )


def not_open(request, *, status: int = 200):
    """The one page for everybody who is not to know more."""
    return render(request, "governance/my_access/not_open.html", status=status)

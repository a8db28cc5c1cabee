"""What a visitor can request, and why not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

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
        shut = has_proof(request)
        return render(request, NOT_OPEN) if shut else sign_in.ask_for_address(request)
    return render(request, "governance/my_access/available.html", {"visitor": visitor})


NOT_OPEN = "governance/my_access/not_open.html"

"""What the pages for approvers have in common: the frame fits the way the viewer signed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ...web.visitor import BY_PASSWORD


def approvals_page(request, name: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Return a page in the portal's frame, or in the calm one for those who came by a code."""
    is_signed_in = request.visitor.signed_in_by == BY_PASSWORD
    layout = "base.html" if is_signed_in else "_layouts/visitor.html"
    context = {"layout": layout, "tab": "approvals", **context}
    return render(request, f"governance/approvals/{name}.html", context, status=status)

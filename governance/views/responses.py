"""Answers that many pages give."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url


def see_other(to, *args, **kwargs) -> HttpResponseRedirect:
    """303: after something was posted, look there."""
    return HttpResponseRedirect(resolve_url(to, *args, **kwargs), status=303)


def go_by_htmx(to: str) -> HttpResponse:
    """Tell a fragment's page to load another one."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = to
    return response


def wants_fragment(request) -> bool:
    """Whether htmx asks for a part of the page; a page restored from history is wanted whole."""
    return bool(request.htmx) and not request.htmx.history_restore_request

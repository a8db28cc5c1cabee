"""Answers that many pages give."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event


def see_other(to, *args, **kwargs) -> HttpResponseRedirect:
    """303: after something was posted, look there."""
    return HttpResponseRedirect(resolve_url(to, *args, **kwargs), status=303)


def leads_here(path: str) -> bool:
    """Whether it is a path of the portal's own:
    what a form says to come back to may be anything.
    """
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def go_by_htmx(to: str) -> HttpResponse:
    """Tell the page of a pane that it is done, and which page shows what came of it (portal.js
    closes the pane and goes there).
    """
    return trigger_client_event(HttpResponse(status=204), "pane:done", {"to": to})


def wants_fragment(request) -> bool:
    """Whether htmx asks for a part of the page; a page restored from history is wanted whole."""
    return bool(request.htmx) and not request.htmx.history_restore_request

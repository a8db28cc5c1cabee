"""Answers to requests whose session has ended, or whose form is older than the session."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event

from .portal_request import PortalRequest
from .unsaved_answers import hold


def ask_to_sign_in(request: PortalRequest, *, is_page: bool) -> HttpResponse:
    """Send somebody without a session to sign in and back to where they were; what they typed is
    held until then.

    `is_page` says that the path can be opened; a path that can only be posted to leads back to the
    page with its button.
    """
    if hold(request):
        messages.warning(
            request, "You were signed out. Sign in again to continue. What you typed is not lost."
        )
    query = urlencode({"next": _page(request, is_page=is_page)})
    return _go(request, f"{reverse('account_login')}?{query}")


def form_expired(request: PortalRequest, reason: str = "") -> HttpResponse:
    """Answer a form without the session's secret.

    Where the form proves whose page it was, it is filled in again.

    Django asks this view (CSRF_FAILURE_VIEW), as after signing in again in another tab.
    """
    if not hold(request) and not request.htmx:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, is_page=True)
    return _go(request, _page(request, is_page=True))


def _go(request: PortalRequest, to: str) -> HttpResponse:
    """Go to another page. htmx would put that page inside this one, so it gets an event, and
    portal.js goes there.
    """
    if request.htmx:
        return trigger_client_event(HttpResponse(status=204), "session:over", {"to": to})
    return HttpResponseRedirect(to)


def _page(request: PortalRequest, *, is_page: bool) -> str:
    """The page that the person is on, with the domain that they typed in its pane."""
    if request.htmx:
        return request.htmx.current_url_abs_path or reverse("overview")
    if not is_page:
        return _referring_page(request)
    typed = request.POST.get("domain") or request.POST.get("add")
    if request.method == "GET":
        return request.get_full_path()
    return f"{request.path}?{urlencode({'domain': typed})}" if typed else request.path


def _referring_page(request: PortalRequest) -> str:
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}):
        return reverse("overview")
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

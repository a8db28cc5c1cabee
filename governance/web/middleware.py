"""What every request carries, and what every answer says."""

from __future__ import annotations

import uuid
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone

from ..rules.decision import Refused
from ..rules.time_zones import zone_named
from .session_over import ask_to_sign_in
from .visitor import has_proof

TIME_ZONE_COOKIE = "time_zone"
METHODS = ("GET", "HEAD", "POST")
# Sign-in, second factors and links of invitations; the emails that have such links.
NEVER_STORED = ("/accounts/", "/my-access/")
PAGES_WITH_SECRETS = ("/accounts/", "/invitations/", "/mail/", "/admin/governance/mail/")


class RequestFacts:
    """Gives the request the facts that the audit log keeps: where it came from and an id, which the
    answer repeats.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = str(uuid.uuid4())
        request.META["REMOTE_ADDR"] = request.actor_ip = client_address(
            request.META, settings.TRUSTED_PROXIES
        )
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class CompressedPages(GZipMiddleware):
    """Compresses pages where no proxy does it, with Django's padding of random length.

    Pages that carry a secret leave as they are, since the size of what is compressed can give a
    secret away that stands beside text from outside (BREACH). The token of forms is masked anew in
    every page.
    """

    def process_response(self, request, response):
        has_secret = request.path.startswith(PAGES_WITH_SECRETS)
        return response if has_secret else super().process_response(request, response)


class ReadOrPost:
    """Pages are read and posted to.

    HEAD is a GET whose body the server leaves out: a view that asks "is this a GET?" would take it
    for a POST, and nobody checks it for forgery. Whatever else a library would answer to, as PUT
    like a POST, is refused.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        request.method = "GET" if request.method == "HEAD" else request.method
        return self.get_response(request)


def client_address(meta: dict, proxies: int) -> str:
    """Where a request came from, as the outermost of so many proxies of ours saw it; what a client
    claims beyond them is ignored.
    """
    seen = [*meta.get("HTTP_X_FORWARDED_FOR", "").split(","), meta.get("REMOTE_ADDR", "")]
    try:
        return str(ip_address(seen[-1 - min(proxies, len(seen) - 1)].strip()))
    except ValueError:
        return meta.get("REMOTE_ADDR", "")[:45]


class RefusedAnswers:
    """A refusal that no page shows in its own place, as after a double click, is an answer with its
    sentence and never a fault.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return render(request, "409.html", {"refusal": exception}, status=409)
        return None


class SignInRequired(LoginRequiredMiddleware):
    """Every view is closed to people who are not signed in, unless it is `@login_not_required`."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Leave public views alone before Django's own would ask who is there: health checks ask
        for nobody.
        """
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        methods = getattr(view_func, "methods", ("GET",))
        return ask_to_sign_in(request, is_page="GET" in methods)


class ViewerTimeZone:
    """Times are shown and read in the viewer's time zone: the one chosen in Account, else the
    browser's.

    The browser's is in a cookie that portal.js sets. Until it is there, times are in the portal's.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(zone_named(request.COOKIES.get(TIME_ZONE_COOKIE, ""))):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Ask for the person only where somebody has a session; health checks ask for nobody."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and request.resolver_match.url_name not in ("live", "ready"):
            chosen = zone_named(getattr(request.user, "time_zone", ""))
            if chosen:
                timezone.activate(chosen)


class NeverStored:
    """Pages of signed-in people and visitors, and those for signing in, are stored by no browser
    or cache.

    An answer that asked for no session is nobody's.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            request.path.startswith(NEVER_STORED)
            or request.session.accessed
            and (request.user.is_authenticated or has_proof(request))
        ):
            response["Cache-Control"] = "no-store"
        return response


class AnswerHeaders:
    """No answer is embedded or shared across origins, whatever came of the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cross-Origin-Embedder-Policy"] = "require-corp"
        response["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if "HX-Request" in request.headers:
            response["Vary"] = f"{response.get('Vary', '')}, HX-Request".strip(", ")
        return response

"""What every request carries, and what every answer says."""

from __future__ import annotations

import uuid
from ipaddress import ip_address

from django.conf import settings


class RequestFacts:
    """Gives the request the facts that the audit log keeps: where it came from and an id, which the answer repeats."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = str(uuid.uuid4())
        request.META["REMOTE_ADDR"] = request.actor_ip = client_address(request.META, settings.TRUSTED_PROXIES)
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


def client_address(meta: dict, proxies: int) -> str:
    """Where a request came from, as the outermost of so many proxies of ours saw it; what a client claims beyond them is ignored."""
    seen = [*meta.get("HTTP_X_FORWARDED_FOR", "").split(","), meta.get("REMOTE_ADDR", "")]
    try:
        return str(ip_address(seen[-1 - min(proxies, len(seen) - 1)].strip()))
    except ValueError:
        return meta.get("REMOTE_ADDR", "")[:45]


class AnswerHeaders:
    """Pages of signed-in people are never stored by browsers or caches; no page is embedded or shared across origins."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated or request.path.startswith("/accounts/"):
            response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cross-Origin-Embedder-Policy"] = "require-corp"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        if "HX-Request" in request.headers:
            response["Vary"] = f"{response.get('Vary', '')}, HX-Request".strip(", ")
        return response

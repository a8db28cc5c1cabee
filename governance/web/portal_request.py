"""Requests as views get them, with what the middleware gave them."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from ..models import Person


class PortalRequest(HttpRequest):
    """A request that went through the middleware. The type alone: no request is made of it."""

    htmx: HtmxDetails


class SignedInRequest(PortalRequest):
    """A request to a page that only signed-in people see."""

    user: Person

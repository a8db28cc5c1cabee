"""Who uses My Access: somebody signed in, or somebody who has just proved an address by a code.

The proof is in the session alone. It signs nobody in as a person of the portal, and carries no
role (product rule 34).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import NamedTuple, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..facts.my_access import Visitor, account_in, may_visit, people_of_mailbox
from ..models import Person
from ..rules.email_domains import canonical_email
from ..rules.roles import Actor
from .access import actor_of
from .portal_request import PortalRequest, SignedInRequest

__all__ = ["Visitor", "VisitorRequest", "actor_of_visitor", "for_visitors", "visitor_of"]

VALID = timedelta(hours=12)
BY_PASSWORD, BY_CODE = "password", "code"
PROVED_ADDRESS, PROVED_AT, PROVED_EPOCH = "proved_address", "proved_at", "proved_epoch"
_PENDING = "sign_in_code"
_CACHED = "visitor"


class VisitorRequest(PortalRequest):
    """A request to a page that only visitors see. The type alone: no request is made of it."""

    visitor: Visitor


class PendingCode(NamedTuple):
    """What a browser keeps of a code that it has requested; `next` is the page to go to after."""

    token: str
    email: str
    next: str


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Return who uses My Access, and keep it as `request.visitor`.

    None for strangers, and where an account of the mailbox was blocked or removed since the address
    was proved. One statement at most.
    """
    if not hasattr(request, _CACHED):
        setattr(request, _CACHED, _signed_in(request) or _proved(request))
    return getattr(request, _CACHED)


def actor_of_visitor(request: HttpRequest) -> Actor:
    """Return who acts, for the audit log and the rules; roles come with a password alone."""
    visitor = visitor_of(request)
    if visitor is None:
        return actor_at(request, None, "Somebody not signed in")
    if visitor.signed_in_by == BY_PASSWORD:
        return actor_of(cast(SignedInRequest, request))
    return actor_at(request, visitor.person.pk if visitor.person else None, str(visitor))


def actor_at(request: HttpRequest, person_id: int | None, label: str) -> Actor:
    """Return somebody without roles, with where the request came from."""
    facts = (getattr(request, name, "") for name in ("actor_ip", "request_id"))
    return Actor(person_id, label, frozenset(), *facts)


def for_visitors(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Open a page to visitors, by these methods, with `request.visitor`.

    Strangers are sent to My Access, and back after they have proved their address.
    """

    allowed = [*methods, *(("HEAD",) if "GET" in methods else ())]

    def decorate(view):
        known = require_http_methods(allowed)(view)

        @wraps(view)
        def run(request, *args, **kwargs):
            if visitor_of(request) is None:
                return _to_sign_in(request, is_page="GET" in methods)
            return known(request, *args, **kwargs)

        permitted = login_not_required(run)
        permitted.needs, permitted.methods, permitted.for_visitors = None, methods, True
        return permitted

    return decorate


def begin_visit(request: HttpRequest, email: str, account: Person | None) -> None:
    """Keep in a new session that the address was proved now; `account` is the address's, if any."""
    request.session.cycle_key()
    request.session.pop(_PENDING, None)
    request.session[PROVED_ADDRESS] = email
    request.session[PROVED_AT] = timezone.now().timestamp()
    request.session[PROVED_EPOCH] = account.session_epoch if account else None
    request.__dict__.pop(_CACHED, None)


def has_proof(request: HttpRequest) -> bool:
    """Return whether an address was proved in this browser, be it one that is not let in."""
    return _proof(request) is not None


def expect_code(request: HttpRequest, token: str, email: str, next_page: str) -> None:
    """Keep in the session what binds the code to this browser."""
    request.session[_PENDING] = [token, email, next_page]


def pending_code(request: HttpRequest) -> PendingCode | None:
    """Return the code that this browser has requested and not entered yet."""
    kept = request.session.get(_PENDING)
    return PendingCode(*kept) if kept else None


def _signed_in(request: HttpRequest) -> Visitor | None:
    person = request.user
    if not person.is_authenticated:
        return None
    return Visitor(person.email, person.mailbox, person, BY_PASSWORD, timezone.now())


def _proved(request: HttpRequest) -> Visitor | None:
    proof = _proof(request)
    if proof is None:
        return None
    email, proved_at = proof
    people = people_of_mailbox(email)
    if not may_visit(email, people, proved_at, request.session.get(PROVED_EPOCH)):
        return None
    mailbox = canonical_email(email).mailbox
    return Visitor(email, mailbox, account_in(people, email), BY_CODE, timezone.now())


def _proof(request: HttpRequest) -> tuple[str, datetime] | None:
    email, moment = request.session.get(PROVED_ADDRESS), request.session.get(PROVED_AT)
    if not email or not moment:
        return None
    proved_at = datetime.fromtimestamp(moment, UTC)
    return (email, proved_at) if timezone.now() < proved_at + VALID else None


def _to_sign_in(request: HttpRequest, *, is_page: bool) -> HttpResponse:
    page = request.get_full_path() if request.method == "GET" else request.path
    query = f"?{urlencode({'next': page})}" if is_page else ""
    return HttpResponseRedirect(f"{reverse('my_access')}{query}")

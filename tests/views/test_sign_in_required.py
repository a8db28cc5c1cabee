"""Every page is closed to people who are not signed in, but for the ones that are named here."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver, resolve

from governance.web.middleware import SignInRequired

pytestmark = pytest.mark.django_db

PUBLIC = {
    # an answer to a link that was mailed
    "invitation_accept",
    # proving an address by a code
    "my_access",
    "my_access_code",
    "my_access_send_again",
    "my_access_sign_out",
    # health
    "live",
    "ready",
    # pages of libraries that the portal does not offer
    "/^accounts/(?:email|confirm-email|login/code)/",
    "/admin/r/<path:rest>",
    # signing in
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # a new password
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
LEADS_TO_SIGN_IN = {"admin:login"}  # by itself, and on to the start of the admin site
SAMPLES = {"int": 1, "uuid": UUID(int=1), "sponsorkind": "internal"}


def every_path() -> Iterator[str]:
    """One path of every view of urls.py, of django-allauth and of the admin site."""
    root = get_resolver()
    prefix, admin = root.namespace_dict["admin"]
    for start, resolver in (("/", root), (f"/{prefix}", admin)):
        for view in (key for key in resolver.reverse_dict if callable(key)):
            for possibilities, _regex, _defaults, converters in resolver.reverse_dict.getlist(view):
                template, names = possibilities[0]
                yield start + template % {name: sample(converters.get(name)) for name in names}


def sample(converter) -> object:
    kind = type(converter).__name__.lower().removesuffix("converter")
    return SAMPLES.get(kind, "x")


def name_of(path: str) -> str:
    match = resolve(path)
    return match.view_name if match.url_name else f"/{match.route}"


def leads_to_sign_in(answer) -> bool:
    to = urlsplit(answer.get("Location", ""))
    return (answer.status_code, to.path, to.query[:5]) in (
        (302, "/accounts/login/", "next="),
        (302, "/my-access/", "next="),
    )


def leads_to_my_access(answer) -> bool:
    return (answer.status_code, urlsplit(answer.get("Location", "")).path) == (302, "/my-access/")


def is_for_visitors(path: str) -> bool:
    """Whether a code is as good as a password there."""
    return getattr(resolve(path).func, "for_visitors", False)


def is_closed(path: str) -> bool:
    return is_for_visitors(path) or getattr(resolve(path).func, "login_required", True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_asks_a_stranger_to_sign_in_but_those_that_are_named(client, method):
    ask = getattr(client, method)
    open_to_all = {
        name_of(path)
        for path in every_path()
        if not (leads_to_my_access if is_for_visitors(path) else leads_to_sign_in)(ask(path))
    }
    assert open_to_all == PUBLIC


def test_the_pages_that_are_named_are_those_that_say_so():
    said = {name_of(path) for path in every_path() if not is_closed(path)}
    assert said == PUBLIC | LEADS_TO_SIGN_IN


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_view_that_says_nothing_is_closed(rf, method):
    request = getattr(rf, method)("/")
    request.user, request.htmx = AnonymousUser(), None
    answer = SignInRequired(lambda request: None).process_view(
        request, lambda request: None, (), {}
    )
    assert leads_to_sign_in(answer)

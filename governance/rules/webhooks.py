"""The address of another system that is told of changes, and what proves that we told it."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from .decision import Refused, refuse
from .email_domains import canonical_domain, parents
from .public_addresses import is_public, literal_address
from .values import known_text

URL_LIMIT = 500
_INSIDE = frozenset({"localhost", "local", "internal", "home.arpa"})
_A_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")


def known_webhook_url(value: object, *, field: str = "url") -> str:
    """Return the value if it is an address on the public Internet that is reached by https.

    What a name leads to is checked when something is sent there.
    """
    text = known_text(value, field=field).strip(" \t\r\n")
    if not text:
        raise refuse("url_missing", _BEGINNING, field=field)
    if len(text) > URL_LIMIT:
        why = f"The address must be {URL_LIMIT} characters or fewer (now {len(text)})"
        raise refuse("url_too_long", why, field=field)
    if problem := _problem(text):
        raise refuse(*problem, field=field)
    return text


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return what proves that who knows the secret sent the body at that time: version 1."""
    signed = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


_BEGINNING = "Enter an address that begins with https://"
_Problem = tuple[str, str]
_NOT_HTTPS: _Problem = ("url_not_https", _BEGINNING)
_UNSEEN: _Problem = (
    "url_malformed",
    "The address has a space or a character that an address cannot have. Remove it",
)
_MALFORMED: _Problem = ("url_malformed", "This is not a web address. Check it")
_CREDENTIALS: _Problem = (
    "url_with_credentials",
    "Remove the user name and password from the address",
)
_FRAGMENT: _Problem = ("url_with_fragment", "Remove the part after # from the address")
_NOT_PUBLIC: _Problem = (
    "url_not_public",
    "This address is inside a private network. Enter a public address",
)


def _problem(text: str) -> _Problem | None:
    """Return the code and the sentence of what is wrong with an address."""
    if not _PRINTABLE.fullmatch(text) or "\\" in text:
        return _UNSEEN
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return _MALFORMED
    if parts.scheme != "https" or not parts.netloc:
        return _NOT_HTTPS
    if "@" in parts.netloc:
        return _CREDENTIALS
    if "#" in text:
        return _FRAGMENT
    return _MALFORMED if port == 0 else _problem_of_host(parts.hostname or "")


def _problem_of_host(host: str) -> _Problem | None:
    address = literal_address(host)
    if address is not None:
        return None if "%" not in host and is_public(address) else _NOT_PUBLIC
    if _A_NUMBER.fullmatch(host) or ":" in host or "%" in host:
        return _NOT_PUBLIC
    if host in _INSIDE:
        return _NOT_PUBLIC
    try:
        name = canonical_domain(host)
    except Refused as refusal:
        return _NOT_PUBLIC if refusal.code == "domain_not_whole" else _MALFORMED
    if not _INSIDE.isdisjoint(parents(name)):
        return _NOT_PUBLIC
    return None if name == host else _MALFORMED

"""The address of another system that is told of changes, and what proves that we told it."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import SplitResult, urlsplit

from .decision import Refused, refuse
from .email_domains import canonical_domain
from .public_addresses import is_public, literal_address
from .values import known_text

URL_LIMIT = 500
_FIELD = "url"
_A_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")


def known_webhook_url(value: object) -> str:
    """Return the value if it is an address on the public Internet that is reached by https."""
    text = known_text(value, field=_FIELD).strip(" \t\r\n")
    if not text:
        raise _refused("url_missing", "Enter the address, such as https://example.com/hooks")
    if len(text) > URL_LIMIT:
        raise _refused("url_too_long", f"The address can have at most {URL_LIMIT} characters")
    parts = _parts(text)
    if parts.scheme != "https":
        raise _refused("url_not_https", "Enter an address that starts with https://")
    if parts.username is not None or parts.password is not None:
        raise _refused("url_with_password", "Remove the user name and password from the address")
    if "#" in text:
        raise _refused("url_with_fragment", "Remove the # and what follows it from the address")
    _require_public_host(parts.hostname or "")
    return text


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return what proves that who knows the secret sent the body at that time: version 1."""
    signed = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _parts(text: str) -> SplitResult:
    if not _PRINTABLE.fullmatch(text) or "\\" in text:
        raise _malformed()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _malformed() from None
    if port == 0 or (parts.scheme == "https" and not parts.hostname):
        raise _malformed()
    return parts


def _require_public_host(host: str) -> None:
    address = literal_address(host)
    if address is not None:
        if "%" in host or not is_public(address):
            raise _not_public()
        return
    if _A_NUMBER.fullmatch(host) or ":" in host or "." not in host:
        raise _not_public()
    try:
        name = canonical_domain(host)
    except Refused:
        raise _malformed() from None
    if name != host.lower():
        raise _malformed()


def _refused(code: str, text: str) -> Refused:
    return refuse(code, text, field=_FIELD)


def _malformed() -> Refused:
    return _refused("url_malformed", "Enter a web address, such as https://example.com/hooks")


def _not_public() -> Refused:
    text = "Enter an address on the public Internet. This one can only be reached from inside"
    return _refused("url_not_public", text)

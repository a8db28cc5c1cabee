"""Which addresses a webhook may have: other systems on the internet, never this network's own."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from .decision import refuse
from .email_domains import is_beneath
from .values import known_text

URL_LIMIT = 500
_HERE = "localhost"


def known_webhook_url(value: object, *, field: str = "url") -> str:
    """Return the address if events can be sent to it.

    Raises Refused unless it is https, at most 500 characters, without credentials or a fragment,
    and, where the host is an IP address, a public one.
    """
    text = known_text(value, field=field).strip()
    if not text:
        raise refuse("url_missing", "Enter an address that begins with https://", field=field)
    if len(text) > URL_LIMIT:
        sentence = f"The address must be {URL_LIMIT} characters or fewer (now {len(text)})"
        raise refuse("url_too_long", sentence, field=field)
    if any(not character.isprintable() or character.isspace() for character in text):
        sentence = "The address has a space or a character that cannot be seen. Remove it"
        raise refuse("url_malformed", sentence, field=field)
    parts = _split(text, field)
    if parts.scheme != "https" or not parts.hostname:
        raise refuse("url_not_https", "Enter an address that begins with https://", field=field)
    if "@" in parts.netloc:
        sentence = "Remove the user name and password from the address"
        raise refuse("url_with_credentials", sentence, field=field)
    if "#" in text:
        raise refuse("url_with_fragment", "Remove the part after # from the address", field=field)
    if not _is_public(parts.hostname):
        sentence = "This address is inside a private network. Enter a public address"
        raise refuse("url_not_public", sentence, field=field)
    return text


def _split(text: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that cannot be
    except ValueError:
        raise refuse("url_malformed", "This is not a web address. Check it", field=field) from None
    return parts


def _is_public(host: str) -> bool:
    """Return whether the host can be outside. The connector checks what a name resolves to."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return host != _HERE and not is_beneath(host, _HERE)

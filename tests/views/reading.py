"""Where the pages of an organization are, and what an answer says to its reader."""

from __future__ import annotations

from html import unescape


def at(organization, *parts: str) -> str:
    return "/".join(["/connected-organizations", str(organization.uuid), *parts, ""])


def page_of(response) -> str:
    return unescape(response.content.decode())

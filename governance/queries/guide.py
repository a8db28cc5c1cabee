"""The guide for administrators: pages of docs/guide/ as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

# In the order in which they are read. docs/guide/README.md lists the same for readers of the files.
PAGES = (
    "first-steps",
    "connecting-a-partner",
    "sponsors",
    "access-packages",
    "policies",
    "approvals",
    "allow-and-deny-list",
    "what-if-checker",
    "audit-log",
    "roles",
)
FOLDER: Path = settings.BASE_DIR / "docs" / "guide"


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page: its title, and everything after it as HTML."""

    name: str
    title: str
    html: SafeString


@cache
def guide_pages() -> tuple[GuidePage, ...]:
    """Return all pages in order. The files belong to the program, so they are read once."""
    return tuple(_page(name, (FOLDER / f"{name}.md").read_text()) for name in PAGES)


def guide_page(name: str) -> GuidePage | None:
    """Return the page of that name; None where there is none, whatever was asked for."""
    return next((page for page in guide_pages() if page.name == name), None)


def _page(name: str, text: str) -> GuidePage:
    """Read a page. Its first heading is the title, which the portal's page shows itself."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title = tokens[1].content
    _name_headings(tokens)
    _point_links_to_pages(tokens)
    html = markdown.renderer.render(tokens[3:], markdown.options, {})
    # The renderer escapes all text, and HTML in the file is switched off.
    return GuidePage(name, title, SafeString(html))


def _name_headings(tokens: list[Token]) -> None:
    """Give each heading the id that git hosts give it, so that links to it work in both."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(tokens[place + 1].content))


def _point_links_to_pages(tokens: list[Token]) -> None:
    """Turn links to other files of the folder into links to their pages in the portal."""
    for token in tokens:
        _point_links_to_pages(token.children or [])
        if token.type == "link_open":
            link = urlsplit(str(token.attrGet("href")))
            if not link.netloc and link.path.endswith(".md"):
                fragment = f"#{link.fragment}" if link.fragment else ""
                token.attrSet("href", f"../{link.path.removesuffix('.md')}/{fragment}")

"""The markup of every page, read as a browser would: what a validator holds against pages, without
one.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest

from tests.journeys import pages
from tests.walls.conftest import objects, read, rows  # noqa: F401

# ruff: noqa: F811 (fixtures that take others)
LONGEST_TITLE = 70
_BOXES = {"main", "article", "aside", "nav", "section"}  # a header inside one is no landmark
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}


class _Markup(HTMLParser):
    """Notes what can be wrong with a page, or with a part of one."""

    def __init__(self, markup: str):
        super().__init__()
        self.doctype, self.title, self.open = "", "", []
        self.wrong, self.ids, self.landmarks = [], Counter(), []
        self.forms, self.form, self.submits = {}, None, set()
        self.feed(markup)

    def handle_decl(self, decl):
        self.doctype = decl

    def handle_data(self, data):
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.wrong += [f"{name} on {tag}" for name in given if name.startswith("hx-")]
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "form":
            self.form = given.get("id") or f"form {len(self.forms) + 1}"
            self.forms[self.form] = given.get("action", "")
        if tag == "button" and "type" not in given:
            self.wrong.append(f"button without a type: {given}")
        if (tag, given.get("type")) in {("button", "submit"), ("input", "submit")}:
            self.submits.add(given.get("form") or self.form)
        if kind := self._landmark(tag, given):
            self.landmarks.append(
                (kind, given.get("aria-label") or given.get("aria-labelledby") or "")
            )
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        while self.open and self.open.pop() != tag:
            pass

    def _landmark(self, tag: str, given: dict) -> str:
        if given.get("role") in ("search", "region", "navigation", "complementary", "form"):
            return given["role"]
        if tag in ("nav", "aside", "main"):
            return tag
        if tag in ("header", "footer"):
            return "" if _BOXES & set(self.open) else tag
        has_name = given.get("aria-label") or given.get("aria-labelledby")
        return tag if tag in ("section", "form") and has_name else ""


def wrong_with(markup: str) -> list[str]:
    """Return what is wrong with a whole page, or with the part of one that htmx puts in."""
    page = _Markup(markup)
    found = [*page.wrong, *(f"id twice: {name}" for name, times in page.ids.items() if times > 1)]
    found += [f"form without a button: {form}" for form in set(page.forms) - page.submits]
    number_of_kind = Counter(kind for kind, _name in page.landmarks)
    for (kind, name), times in Counter(page.landmarks).items():
        if times > 1 or (not name and number_of_kind[kind] > 1):
            found.append(f"{times} landmarks {kind} named “{name}”")
    if "<html" in markup:
        title = " ".join(page.title.split())
        found += [f"title of {len(title)}: {title}"] * (not 0 < len(title) <= LONGEST_TITLE)
        found += [f"doctype: {page.doctype}"] * (page.doctype != "DOCTYPE html")
    return found


def wrong_at(client, paths, **request) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        response = client.get(path, **request)
        if "html" in response.get("Content-Type", "") and not response.streaming:
            found[path] = wrong_with(response.content.decode())
    return {path: problems for path, problems in found.items() if problems}


def test_the_markup_of_every_page_that_can_be_read(signed_in, ada, read):
    assert wrong_at(signed_in(ada), read) == {}


def test_the_markup_of_every_page_for_strangers(client, read):
    assert wrong_at(client, read) == {}


def test_the_markup_of_every_state(signed_in, ada, sam, fabrikam, bob):
    states = pages.filled(ada, sam, fabrikam, bob)
    finding = [f"{states['pane, a page']}?domain={typed}" for typed in pages.FINDINGS.values()]
    client = signed_in(ada)
    assert wrong_at(client, [*states.values(), *finding]) == {}
    assert wrong_at(client, [*states.values(), *finding], headers={"HX-Request": "true"}) == {}


def test_the_markup_of_a_portal_with_nothing_in_it(signed_in, ada):
    assert wrong_at(signed_in(ada), pages.EMPTY.values()) == {}


@pytest.mark.parametrize(
    ("markup", "wrong"),
    [
        ("<button>Save</button>", ["button without a type: {}"]),
        ("<form><input name=q></form>", ["form without a button: form 1"]),
        ('<form id="a"></form><button type="submit" form="a">Go</button>', []),
        ('<p hx-get="/">x</p>', ["hx-get on p"]),
        ('<p data-hx-get="/">x</p>', []),
        ('<p id="a"></p><p id="a"></p>', ["id twice: a"]),
        ("<aside></aside><main></main>", []),
        (
            '<aside aria-label="A"></aside><aside></aside>',
            ["1 landmarks aside named “”"],
        ),
        (
            '<section aria-label="A"></section><section aria-label="A"></section>',
            ["2 landmarks section named “A”"],
        ),
        ("<main><header></header><section><header></header></section></main>", []),
        ("<!DOCTYPE html><html><title>A page</title></html>", []),
        ("<!doctype html><html><title>A</title></html>", ["doctype: doctype html"]),
        (
            f"<!DOCTYPE html><html><title>{'a' * 71}</title></html>",
            [f"title of 71: {'a' * 71}"],
        ),
    ],
)
def test_what_is_wrong_is_found(markup, wrong):
    assert wrong_with(markup) == wrong

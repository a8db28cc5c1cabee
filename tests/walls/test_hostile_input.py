"""Whatever stands in an address or a form: never a fault, always escaped."""

from __future__ import annotations

import json
import os
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.admin.test_site import REGISTERED, url
from tests.views.test_matrix import NAMING, PAGES, path_of

NAUGHTY = json.loads(
    (Path(__file__).parent.parent / "data" / "naughty_strings_2_0_4.json").read_text()
)
STEP = (
    1 if os.environ.get("FAULTS") == "full" else 10
)  # one in ten, others on every page; all by FAULTS=full
HUGE = "29562207141571166208"
NUMBERS = [
    HUGE,
    "-1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "1e999",
    "NaN",
    "٣",
    "0x10",
    "1_000",
    "1" * 5000,
]
CURSORS = [
    *NUMBERS,
    "x",
    "W10",
    "bnVsbA",
    "eyJhIjoxfQ",
    "WyItbnVtYmVyIiwiOTIyMzM3MjAzNjg1NDc3NTgwOCIsMSxmYWxzZSwxXQ",
]

# Every page that reads its query, with all that it reads.
READS = {
    "/search/": ("q",),
    "/connected-organizations/": (
        "q",
        "view",
        "state",
        "sort",
        "sign_in",
        "sponsors",
        "package",
        "cursor",
    ),
    "/connected-organizations/export/": ("q", "view", "state", "sort"),
    "/allow-deny-list/": ("q", "effect", "cursor"),
    "/people/": ("q", "kind", "state", "cursor"),
    "/people/invite/": ("email",),
    "/access-packages/": ("cursor",),
    "/mail/": ("state", "cursor"),
    "/what-if/": ("email", "package", "at", "signed_in_by"),
    "/what-if/overlaps/": ("cursor",),
    "/audit-log/": (
        "since",
        "until",
        "actor",
        "activity",
        "target",
        "organization",
        "result",
        "cursor",
    ),
    "/audit-log/export/": (
        "since",
        "until",
        "actor",
        "activity",
        "target",
        "organization",
        "result",
        "format",
    ),
    "/connected-organizations/add/": ("name",),
    "/admin/governance/organization/": (
        "q",
        "state__exact",
        "o",
        "p",
        "e",
        "all",
        "_to_field",
        "_popup",
    ),
    "/admin/governance/person/": ("q", "kind__exact", "state__exact", "o", "p"),
    "/admin/governance/auditevent/": ("q", "result__exact", "o", "p"),
    "/admin/governance/listrule/": ("q", "effect__exact", "o", "p"),
    "/admin/autocomplete/": ("term", "page", "app_label", "model_name", "field_name"),
}


class Markup(HTMLParser):
    """How often each tag stands there, and every attribute that a browser would run or follow."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.alive = Counter(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        for name, value in attributes:
            follows = name in ("href", "src", "action", "formaction") and (
                value or ""
            ).strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
            if name.startswith("on") or name in ("srcdoc", "style") or follows:
                self.alive.append((tag, name, value))

    handle_startendtag = handle_starttag


def is_calm(answer) -> bool:
    return answer.status_code < 500


@pytest.fixture
def client(signed_in, ada, fabrikam, bob):
    return signed_in(ada)


@pytest.mark.parametrize("path", sorted(READS))
def test_a_hostile_query_is_no_fault_and_runs_nothing(client, path):
    parameters, place = READS[path], sorted(READS).index(path)
    strings = NAUGHTY[place % STEP :: STEP]
    bad = {}
    for start in range(0, len(strings), len(parameters)):
        query = dict(zip(parameters, strings[start : start + len(parameters)], strict=False))
        answer = client.get(path, query)
        content = answer.getvalue().decode()
        alive = Markup(content).alive if answer["Content-Type"].startswith("text/html") else []
        if not is_calm(answer) or alive:
            bad[str(query)] = (answer.status_code, alive)
    assert bad == {}


@pytest.mark.parametrize("path", sorted(READS))
def test_no_number_or_cursor_is_too_large(client, path):
    bad = {}
    for name in READS[path]:
        for value in CURSORS:
            if not is_calm(answer := client.get(path, {name: value})):
                bad[name, value[:30]] = answer.status_code
            answer.getvalue()
    assert bad == {}


@pytest.mark.parametrize(
    "name", [name for name in NAMING if "number" in PAGES[name].pattern.converters]
)
@pytest.mark.parametrize("number", ["0", "9223372036854775807", "9223372036854775808", HUGE])
def test_no_number_in_a_path_is_too_large(client, objects, name, number):
    path = path_of(name, objects, number=int(number))
    assert [
        client.get(path).status_code in (404, 405),
        client.post(path).status_code in (404, 405),
    ] == [True, True]


@pytest.mark.parametrize("model", REGISTERED)
@pytest.mark.parametrize(
    "key",
    [HUGE, "-1", "x", "%00", "1'%20OR%20'1'='1", "_5F", "..%2f..%2f"],
    ids=["huge", "negative", "text", "nul", "sql", "quoted", "path"],
)
def test_no_key_in_a_path_of_the_admin_site_is_a_fault(client, db, model, key):
    path = url(model, "changelist")
    assert [
        client.get(f"{path}{key}/{page}/").status_code for page in ("change", "delete", "history")
    ] <= [404] * 3


@pytest.mark.parametrize(
    "keys", [["x"], [HUGE], ["\0"], ["1", "x"], [""]], ids=["text", "huge", "nul", "mixed", "empty"]
)
def test_no_selection_of_the_bulk_action_is_a_fault(client, keys):
    answer = client.post(
        "/admin/governance/listrule/",
        {"action": "delete_selected", "_selected_action": keys, "post": "yes", "index": HUGE},
    )
    assert is_calm(answer)


def test_hostile_names_and_descriptions_are_refused_or_shown_as_text(client, fabrikam):
    page = f"/connected-organizations/{fabrikam.uuid}/"
    plain = Markup(client.get(page).content.decode()).tags
    bad = {}
    for text in NAUGHTY[::STEP]:
        version = type(fabrikam).objects.get().version
        saved = client.post(
            f"{page}edit/basics/",
            {"name": text or "x", "description": text, "state": "configured", "version": version},
        )
        shown = [
            Markup(saved.content.decode()),
            Markup(client.get(page).content.decode()),
            Markup(client.get("/audit-log/").content.decode()),
        ]
        more = {
            tag: number
            for tag, number in (shown[1].tags - plain).items()
            if tag
            in ("script", "img", "svg", "iframe", "object", "embed", "math", "base", "form", "a")
        }
        allowed = {"svg": 40, "a": 40}  # events of the log have an icon and a link each
        if (
            saved.status_code >= 500
            or any(each.alive for each in shown)
            or any(number > allowed.get(tag, 0) for tag, number in more.items())
        ):
            bad[text] = (saved.status_code, [each.alive for each in shown], more)
    assert bad == {}


@pytest.mark.parametrize(
    ("path", "fields", "more"),
    [
        ("/people/invite/", ("email", "name", "message"), {}),
        ("/people/add/", ("email", "name", "unit"), {}),
        ("/allow-deny-list/add/", ("names", "reason"), {"effect": "block", "breadth": "alone"}),
        ("/allow-deny-list/own-names/add/", ("name",), {}),
        ("/access-packages/add/", ("name", "description"), {"is_open": "on"}),
        ("/what-if/tests/", ("name", "email", "package"), {"expects": "allowed"}),
        (
            "/admin/governance/listrule/add/",
            ("name", "reason", "ends_on"),
            {"effect": "allow", "breadth": "alone"},
        ),
        ("/admin/governance/package/add/", ("name", "description"), {}),
        ("/admin/governance/person/add/", ("email", "name", "unit"), {"kind": "guest"}),
        ("/accounts/password/reset/", ("email",), {}),
        ("/accounts/login/", ("login", "password"), {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_text_in_any_field_is_no_fault_and_runs_nothing(client, path, fields, more):
    if path == "/accounts/login/":
        client.logout()
    bad = {}
    for place, text in enumerate(NAUGHTY[::STEP]):
        for given in (
            dict.fromkeys(fields, text),
            {name: f"{text}{place}" if name == fields[0] else f"Ok {text}" for name in fields},
        ):
            answer = client.post(path, given | more)
            if not is_calm(answer) or Markup(answer.content.decode()).alive:
                bad[text] = answer.status_code
    assert bad == {}

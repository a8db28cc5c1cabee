"""No answer sends anybody off to another site, whatever `next` says."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest

from tests import make

ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:\\\\evil.example",
    "https:///evil.example",
    "https:\\evil.example",
    "//evil.example/%2f..",
    "//evil%E3%80%82example",
    "/%09/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    "\r\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x0b//evil.example",
    "\x1f//evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "https://testserver@evil.example",
    "https://testserver:80@evil.example",
    "//testserver@evil.example",
    "http://evil.example#testserver",
    "http://evil.example?testserver",
    "http://testserver.evil.example",
    "http://testserver\\@evil.example",
    "http://evil.example\\@testserver",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://evil.example",
    "blob:https://evil.example/x",
    "mailto:a@evil.example",
    "http://[::ffff:7f00:1]",
    "http://[evil.example]",
    "http://2130706433",
    "http://0x7f000001",
    "//①②.example",
    "//evil。example",
    "https://еvil.example",
    "http://testserver:8000@evil.example/",
    "//\u2060evil.example",
    "https://evil.example/?next=http://testserver/",
    "?next=https://evil.example",
    "/accounts/login/?next=//evil.example",
    "//",
    "http://",
    "https:",
    ":",
    "://evil.example",
    "///",
    "x" * 5000,
]
NAMES = [f"{number:02} {trick[:30]!r}" for number, trick in enumerate(ELSEWHERE)]


def is_here(base: str, location: str) -> bool:
    """Whether a browser on `base` that follows the location stays with the portal: control
    characters and backslashes read as browsers do.
    """
    read = "".join(
        character
        for character in location.strip("".join(map(chr, range(33))))
        if character not in "\t\r\n"
    ).replace("\\", "/")
    target = urlsplit(urljoin(base, read))
    return target.scheme == "http" and target.netloc == "testserver"


@pytest.mark.parametrize("trick", ELSEWHERE, ids=NAMES)
def test_signing_in_leads_nowhere_else(client, rob, trick):
    rob.set_password(make.PASSWORD)
    rob.save(update_fields=["password"])
    answer = client.post(
        "/accounts/login/", {"login": rob.email, "password": make.PASSWORD, "next": trick}
    )
    assert (
        answer.status_code,
        is_here("http://testserver/accounts/login/", answer["Location"]),
    ) == (302, True)


@pytest.mark.parametrize("trick", ELSEWHERE, ids=NAMES)
def test_no_page_for_people_who_are_signed_in_leads_elsewhere(signed_in, rob, trick):
    client = signed_in(rob)
    asked = [
        client.get("/accounts/login/", {"next": trick}),
        client.post("/account/theme/", {"theme": "dark", "back": trick}),
        client.get("/accounts/2fa/authenticate/", {"next": trick}),
        client.get("/accounts/signup/", {"next": trick}),
        client.post("/accounts/logout/", {"next": trick}),
    ]
    assert [
        answer.url
        for answer in asked
        if answer.status_code in (301, 302, 303) and not is_here("http://testserver/", answer.url)
    ] == []


@pytest.mark.parametrize("trick", ELSEWHERE, ids=NAMES)
def test_the_admin_site_leads_nowhere_else(signed_in, ada, trick):
    client = signed_in(ada)
    asked = [
        client.get("/admin/login/", {"next": trick}),
        client.get("/admin/password_change/", {"next": trick}),
        client.post("/admin/logout/", {"next": trick}),
    ]
    assert {answer.status_code for answer in asked} <= ({302, 400} if "\0" in trick else {302})
    assert [
        answer.url
        for answer in asked
        if answer.status_code == 302 and not is_here("http://testserver/admin/", answer.url)
    ] == []


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example/",
        "//evil.example",
        "/%2fevil.example",
        "/people//evil.example",
    ],
)
def test_a_path_that_looks_like_another_host_is_not_found_or_stays(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 404 or is_here("http://testserver/", answer.get("Location", "/"))


def test_the_table_itself_knows_what_leads_elsewhere():
    assert [
        trick
        for trick in (
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://testserver@evil.example",
            "javascript:alert(1)",
        )
        if is_here("http://testserver/", trick)
    ] == []
    assert is_here("http://testserver/", "/people/?q=//evil.example")

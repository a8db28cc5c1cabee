"""What every answer says to browsers, and the cookies behind https."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.architecture import ROOT

POLICY = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}
TOLD = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def missing(answer) -> set[str]:
    """Headers that are not as they should be."""
    wrong = {name for name, value in TOLD.items() if answer.get(name) != value}
    return wrong | (
        {"Content-Security-Policy"}
        if set(answer.get("Content-Security-Policy", "").split("; ")) != POLICY
        else set()
    )


def test_every_page_says_all_of_it_and_is_never_stored(signed_in, ada, read):
    client = signed_in(ada)
    wrong = {}
    for path in read:
        answer = client.get(path)
        found = missing(answer) | (
            {"Cache-Control"}
            if path not in ("/livez", "/readyz") and answer.get("Cache-Control") != "no-store"
            else set()
        )
        if found:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("/nothing-here/", {}, 404),
        ("/people/", {}, 302),
        ("/accounts/login/", {}, 200),
        ("/accounts/login/", {"method": "post"}, 200),
        ("/livez", {"method": "post"}, 405),
        ("/", {"HTTP_HOST": "evil.example"}, 400),
    ],
)
def test_answers_to_strangers_and_to_nonsense_say_it_too(client, db, path, more, status):
    answer = getattr(client, more.pop("method", "get"))(path, **more)
    assert (answer.status_code, missing(answer)) == (status, set())


def test_no_policy_lets_anything_inline_or_from_elsewhere_in(client):
    policy = client.get("/livez")["Content-Security-Policy"]
    assert [word for word in ("unsafe", "http:", "https:", "*", "nonce") if word in policy] == []


_BEHIND_HTTPS = """
import json, os, sys, django
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
settings.STATIC_ROOT = sys.argv[1]
django.setup()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.test import Client
from django.utils import timezone
from governance.actions.people.accounts import create_first_administrator
from governance.rules.roles import SYSTEM
email, password = "ada@harbourgate.example", "correct horse battery staple"
create_first_administrator(email=email, password=password, by=SYSTEM, at=timezone.now())
client = Client(headers={"host": "portal.example.com", "x-forwarded-proto": "https"})
form = client.get("/accounts/login/")
answer = client.post("/accounts/login/", {"login": email, "password": password})
cookies = {
    name: [key for key in ("secure", "httponly") if morsel[key]]
    + [morsel["samesite"], morsel["path"], morsel["domain"]]
    for name, morsel in client.cookies.items()
}
hsts = form.get("Strict-Transport-Security", "")
print(json.dumps({"status": answer.status_code, "cookies": cookies, "hsts": hsts}))
"""


def test_behind_https_cookies_are_bound_to_the_host_and_browsers_stay_with_https(tmp_path):
    outside = os.environ | {
        "PORTAL_ORIGIN": "https://portal.example.com",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "PORTAL_SECRET_KEY": "x" * 60,
    }
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BEHIND_HTTPS, str(tmp_path / "static")],
        cwd=ROOT,
        env=outside,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told == {
        "status": 302,
        "hsts": "max-age=31536000; includeSubDomains",
        "cookies": {
            "__Host-csrf": ["secure", "Lax", "/", ""],
            "__Host-session": ["secure", "httponly", "Lax", "/", ""],
        }
        | _messages(told["cookies"]),
    }


def _messages(cookies: dict) -> dict:
    """The cookie of messages, where there is one: as bound as the others."""
    return {"messages": ["secure", "httponly", "Lax", "/", ""]} if "messages" in cookies else {}

"""A real browser, on a server of its own, that tells everything it complains about."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Chromium notes every 422 of a form, which is an answer, not a fault.
_REFUSED = "the server responded with a status of 4"
# Who types before a page has loaded whole keeps the focus, which the browser tells.
_QUICKER = "Autofocus processing was blocked"


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    named = (
        os.environ.get("BROWSER_EXECUTABLE")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
    )
    without_sandbox = (
        ["--no-sandbox"] if os.geteuid() == 0 else []
    )  # Chromium refuses to be root inside its sandbox
    return {
        **browser_type_launch_args,
        **({"executable_path": named} if named else {}),
        "args": without_sandbox,
    }


@pytest.fixture(scope="session")
def base_url():
    """None: pages are named by `visit`, since the server's port is only known later."""


@pytest.fixture
def complaints(page):
    """What the browser said that nobody asked for: console messages, errors of scripts, breaches of
    the content policy, failed requests.
    """
    heard: list[str] = []
    page.on(
        "console",
        lambda message: (
            heard.append(f"{message.type}: {message.text}")
            if not any(known in message.text for known in (_REFUSED, _QUICKER))
            else None
        ),
    )
    page.on("pageerror", lambda problem: heard.append(f"script: {problem}"))
    page.on(
        "response",
        lambda answer: (
            heard.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        ),
    )
    return heard


@pytest.fixture
def visit(page, live_server, complaints):
    """Opens a path of the portal; at the end the browser must have had nothing to say."""

    def open_path(path: str):
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_path
    assert complaints == []


@pytest.fixture
def sign_in(visit):
    """Signs a person of the cast in, as they would: `sign_in(ada)` answers the page."""

    def with_password(person, password="correct horse battery staple"):
        person.set_password(password)
        person.save(update_fields=["password"])
        page = visit("/accounts/login/")
        page.get_by_label("Email", exact=False).first.fill(person.email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", level=1).wait_for()
        return page

    return with_password

"""Which addresses a webhook may have."""

from __future__ import annotations

import pytest

from governance.rules.decision import Refused
from governance.rules.webhooks import known_webhook_url


def code_of(url: object) -> str:
    try:
        known_webhook_url(url)
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    "url",
    [
        "https://doors.example/hook",
        "https://doors.example:8443/hook?site=2",
        "https://8.8.8.8/hook",
        "https://[2606:4700::1111]/",
    ],
)
def test_public_addresses_are_taken(url):
    assert known_webhook_url(url) == url


def test_spaces_around_it_are_left_out():
    assert known_webhook_url(" https://doors.example/ ") == "https://doors.example/"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url_missing"),
        (None, "not_text"),
        ("doors.example", "url_not_https"),
        ("http://doors.example", "url_not_https"),
        ("https:///hook", "url_not_https"),
        ("https://ann:secret@doors.example", "url_with_credentials"),
        ("https://ann@doors.example", "url_with_credentials"),
        ("https://doors.example/#top", "url_with_fragment"),
        ("https://doors.example/#", "url_with_fragment"),
        (f"https://doors.example/{'x' * 479}", "url_too_long"),
        ("https://doors.example/a b", "url_malformed"),
        ("https://doors.example/\u202e", "url_malformed"),
        ("https://doors.example:99999/", "url_malformed"),
        ("https://[::1/", "url_malformed"),
        ("https://127.0.0.1/", "url_not_public"),
        ("https://10.1.2.3/", "url_not_public"),
        ("https://169.254.169.254/latest", "url_not_public"),
        ("https://[::1]/", "url_not_public"),
        ("https://[::ffff:127.0.0.1]/", "url_not_public"),
        ("https://localhost/", "url_not_public"),
        ("https://a.localhost/", "url_not_public"),
    ],
)
def test_other_addresses_are_refused(url, code):
    assert code_of(url) == code


def test_an_address_of_500_characters_is_taken():
    assert code_of(f"https://doors.example/{'x' * 478}") == ""

"""What every request carries, and what every answer says."""

from __future__ import annotations

import uuid

import pytest

from governance.web.middleware import client_address
from tests.walls.test_headers import POLICY

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.9", PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "nonsense\n", PROXY),
        (9, "203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_what_the_outermost_of_our_proxies_saw(proxies, forwarded, address):
    meta = (
        {"REMOTE_ADDR": PROXY}
        if forwarded is None
        else {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": forwarded}
    )
    assert client_address(meta, proxies) == address


def test_an_answer_repeats_the_id_of_its_request_and_takes_none_from_outside(client):
    answer = client.get("/livez", headers={"X-Request-ID": "forged"})
    assert str(uuid.UUID(answer["X-Request-ID"])) == answer["X-Request-ID"]


def test_no_page_is_framed_or_embedded_and_nothing_comes_from_elsewhere(client):
    answer = client.get("/livez")
    told = {
        name: answer[name]
        for name in (
            "X-Frame-Options",
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
        )
    }
    assert told == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert (answer["Cross-Origin-Resource-Policy"], answer["Cross-Origin-Embedder-Policy"]) == (
        "same-origin",
        "require-corp",
    )


def test_the_content_policy_lets_only_our_own_files_in(client):
    policy = client.get("/livez")["Content-Security-Policy"].split("; ")
    assert sorted(policy) == sorted(POLICY)


@pytest.mark.parametrize("path", ["/", "/connected-organizations/", "/no-such-page/"])
def test_pages_of_signed_in_people_are_never_stored(signed_in, ada, path):
    assert signed_in(ada).get(path)["Cache-Control"] == "no-store"


def test_the_sign_in_page_is_never_stored(client, db):
    assert client.get("/accounts/login/")["Cache-Control"] == "no-store"

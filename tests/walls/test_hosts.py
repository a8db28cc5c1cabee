"""Names of hosts that are not ours get nothing, and never reach a link in a mail."""

from __future__ import annotations

import pytest

from governance.models import Mail
from tests import make

FORGED = [
    "evil.example",
    "evil.example:80",
    "testserver.evil.example",
    "testserver@evil.example",
    "testserver:x",
    "",
    "a b",
    "testserver/evil",
    "[::1]evil",
    "testserver, evil.example",
]


@pytest.mark.parametrize("host", FORGED)
@pytest.mark.parametrize("path", ["/", "/accounts/password/reset/", "/admin/", "/livez"])
def test_another_host_is_answered_with_400_in_our_look(client, db, host, path):
    answer = client.get(
        path, headers={"host": host} if host else None, **({} if host else {"HTTP_HOST": "."})
    )
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    "header",
    [
        "x-forwarded-host",
        "forwarded",
        "x-host",
        "x-original-url",
        "x-rewrite-url",
        "x-forwarded-server",
    ],
)
def test_headers_that_forge_a_host_or_path_are_ignored(client, rob, header):
    rob.set_password(make.PASSWORD)
    rob.save(update_fields=["password"])
    answer = client.post(
        "/accounts/password/reset/", {"email": rob.email}, headers={header: "evil.example"}
    )
    assert answer.status_code == 302
    assert "evil.example" not in Mail.objects.get().body + answer["Location"]


def test_no_page_is_open_to_scripts_of_other_sites(client, db):
    answer = client.get("/accounts/login/", headers={"origin": "https://evil.example"})
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []

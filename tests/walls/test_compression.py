"""Pages leave compressed, padded by a random length, and those with a secret do not (BREACH)."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db
GZIP = {"accept-encoding": "gzip"}


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def test_the_list_leaves_compressed_and_says_the_same(client, fabrikam):
    plain = client.get("/connected-organizations/")
    packed = client.get("/connected-organizations/", headers=GZIP)
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in packed["Vary"]
    assert b"Fabrikam" in gzip.decompress(packed.content)


def test_the_length_of_one_page_differs_from_answer_to_answer(client, fabrikam):
    lengths = {len(client.get("/help/", headers=GZIP).content) for _ in range(12)}
    assert len(lengths) > 1


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/2fa/",
        "/invitations/no-such-token/",
        "/mail/",
        "/admin/governance/mail/",
    ],
)
def test_a_page_with_a_secret_leaves_as_it_is(client, path):
    assert client.get(path, headers=GZIP).get("Content-Encoding") is None

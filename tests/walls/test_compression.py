"""Pages leave compressed, padded by a random length, and those with a secret do not (BREACH)."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

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


def test_each_answer_is_padded_by_a_random_length(client):
    """Django pads by a file name in the head of gzip, which ends in a NUL."""
    answers = [client.get("/help/", headers=GZIP).content for _ in range(12)]
    has_name = {bool(answer[3] & 8) for answer in answers}
    assert (has_name, len({answer.index(b"\0", 10) for answer in answers}) > 1) == ({True}, True)


def test_the_page_for_signing_in_leaves_as_it_is():
    answer = Client().get("/accounts/login/", headers=GZIP)
    assert (answer.status_code, answer.get("Content-Encoding")) == (200, None)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/",
        "/invitations/no-such-token/",
        "/mail/",
        "/admin/governance/mail/",
    ],
)
def test_a_page_with_a_secret_leaves_as_it_is(client, path):
    answer = client.get(path, headers=GZIP)
    is_long_enough = len(answer.content) > 200  # Django compresses nothing shorter
    assert (answer.get("Content-Encoding"), is_long_enough) == (None, True)

"""Telling another system: signed, with an ID that stays, and only what was taken is delivered."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

import pytest

from governance.connectors.webhooks import DeliveryFailed, send
from tests.make import NOON

SECRET = "canary-of-a-secret"
ID = UUID(int=7)


def tell(receiver, *, at=NOON) -> None:
    send(receiver.url(), SECRET, ID, "access.granted", {"email": "ines@partner.example"}, at)


def test_an_event_arrives_as_json_with_its_id_and_time(receiver):
    tell(receiver)
    (got,) = receiver.received
    assert got.json == {
        "event": "access.granted",
        "delivery": str(ID),
        "email": "ines@partner.example",
    }
    assert got.headers["Harbourgate-Delivery"] == str(ID)
    assert got.headers["Harbourgate-Timestamp"] == str(int(NOON.timestamp()))
    assert got.headers["Content-Type"] == "application/json"


def test_the_receiver_can_check_who_sent_it_with_three_lines(receiver):
    tell(receiver)
    (got,) = receiver.received
    signed = got.headers["Harbourgate-Timestamp"].encode() + b"." + got.body
    proof = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["Harbourgate-Signature"] == f"v1={proof}"


def test_the_secret_itself_is_not_sent(receiver):
    tell(receiver)
    (got,) = receiver.received
    assert SECRET not in f"{got.headers} {got.path} {got.body!r}"


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 500, 503])
def test_only_what_was_taken_is_delivered(receiver, status):
    receiver.status = status
    with pytest.raises(DeliveryFailed) as failed:
        tell(receiver)
    assert failed.value.reason == f"The other system answered {status}"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_success_counts(receiver, status):
    receiver.status = status
    assert tell(receiver) is None


def test_why_it_failed_does_not_tell_the_secret(receiver):
    receiver.port = 1
    with pytest.raises(DeliveryFailed) as failed:
        tell(receiver)
    assert failed.value.reason == "No answer: Connection refused"

"""A real HTTP server on loopback, and name servers that answer what a test says."""

from __future__ import annotations

import socket

import pytest

from governance.connectors import outgoing_http
from tests.http_server import make_certificate, running_receiver

HOST = "hooks.partner.example"


@pytest.fixture
def receiver(settings):
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = True
    with running_receiver() as running:
        yield running


@pytest.fixture
def secure(settings, tmp_path, monkeypatch):
    """A server with a certificate that this process trusts."""
    certificate = make_certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outgoing_http._context.cache_clear()
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = True
    with running_receiver(certificate) as running:
        yield running
    outgoing_http._context.cache_clear()


@pytest.fixture
def resolves(monkeypatch):
    """Have a name server answer: `resolves("1.1.1.1")`, with one list of addresses per question.

    The questions that were asked are returned.
    """
    usual = socket.getaddrinfo

    def answer(*answers):
        asked, left = [], [each if isinstance(each, list) else [each] for each in answers]

        def getaddrinfo(host, port, **kind):
            asked.append(host)
            now = left.pop(0) if len(left) > 1 else left[0]
            return [found for each in now for found in usual(each, port, **kind)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answer


@pytest.fixture
def connections(monkeypatch):
    """Every address that somebody tries to connect to; none outside this machine is reached."""
    tried = []

    class Watched(socket.socket):
        def connect(self, address):
            tried.append(address[0])
            if address[0] not in ("127.0.0.1", "::1"):
                raise ConnectionRefusedError(111, "Connection refused")
            super().connect(address)

    monkeypatch.setattr(socket, "socket", Watched)
    return tried

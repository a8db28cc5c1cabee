"""The one way in which the portal talks HTTP to others: to public addresses, and for a short time.

A name is resolved once, and the connection goes to an address that was checked, so that a name
server which changes its answer leads nowhere else.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from ..rules.decision import Refused
from ..rules.public_addresses import is_public, literal_address
from ..rules.webhooks import known_webhook_url

TIME = 3.0  # seconds for all of it: name, connection and answer
MOST_READ = 64 * 1024  # octets of an answer
Endpoint = tuple[int, tuple]  # family and address of a socket


class NotSent(Exception):
    """Nothing was sent, or nothing usable came back; says why in words for an administrator."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send the body and return the status that was answered: a redirect is one like any other.

    What follows the headers of the answer is not read. Raises NotSent.
    """
    parts, end = _known(url), time.monotonic() + TIME
    try:
        with _connection(parts, end) as connection:
            return _talk(connection, parts, body, headers, end)
    except TimeoutError:
        raise NotSent(f"No answer within {TIME:.0f} seconds") from None
    except ssl.SSLError as problem:
        raise NotSent(f"No secure connection: {problem.reason or 'it broke off'}") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise NotSent(f"No answer: {_words(problem)}") from None


def _known(url: str) -> SplitResult:
    """Ask the rule again: rows may be older than it."""
    parts = urlsplit(url)
    if parts.scheme == "http" and settings.OUTGOING_HTTP_ALLOWS_LOOPBACK:
        return parts
    try:
        return urlsplit(known_webhook_url(url))
    except Refused as refusal:
        if refusal.code == "url_not_public" and settings.OUTGOING_HTTP_ALLOWS_LOOPBACK:
            return parts
        raise NotSent(str(refusal)) from None


def _connection(parts: SplitResult, end: float) -> socket.socket:
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    endpoints = _resolved(host, port, end)
    if not all(_is_allowed(address[0], parts.scheme) for _family, address in endpoints):
        raise NotSent("The address does not lead to the public Internet")
    plain = _connected(endpoints, end)
    if parts.scheme == "http":
        return plain
    try:
        plain.settimeout(_left(end))
        return _context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _is_allowed(text: str, scheme: str) -> bool:
    address = literal_address(text)
    if address is None:
        return False
    if settings.OUTGOING_HTTP_ALLOWS_LOOPBACK and address.is_loopback:
        return True
    return scheme == "https" and is_public(address)


def _resolved(host: str, port: int, end: float) -> list[Endpoint]:
    """Return where the name leads. Raises NotSent, also when nobody says so in time."""
    answers: SimpleQueue[list[Endpoint] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _kind, _protocol, _name, address in found])
        except (OSError, UnicodeError) as problem:
            answers.put(problem)

    Thread(target=look_up, name="look up an address", daemon=True).start()
    try:
        answer = answers.get(timeout=_left(end))
    except Empty:
        raise NotSent("The name server did not answer in time") from None
    if isinstance(answer, Exception) or not answer:
        raise NotSent("The name was not found")
    return answer


def _connected(endpoints: list[Endpoint], end: float) -> socket.socket:
    """Return a connection to the first of the addresses that takes one."""
    problem: OSError = OSError("nobody answers there")
    for family, address in endpoints:
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(_left(end))
            plain.connect(address)
        except OSError as failure:
            plain.close()
            problem = failure
        else:
            return plain
    raise problem


def _talk(
    connection: socket.socket,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    end: float,
) -> int:
    connection.settimeout(_left(end))
    _write(connection, parts, body, headers)
    response = HTTPResponse(_Reading(connection, end), method="POST")  # type: ignore[arg-type]
    try:
        response.begin()
        return response.status
    finally:
        response.close()


def _write(
    connection: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> None:
    """Let http.client write the request to the connection that is there."""
    writer = HTTPConnection(parts.hostname or "")
    writer.auto_open = 0
    writer.sock = connection
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    closing = {"Connection": "close", "User-Agent": "Harbourgate", "Host": parts.netloc}
    writer.request("POST", target, body, {**closing, **headers})


class _Reading(io.RawIOBase):
    """What http.client reads an answer from: so much, and until then."""

    def __init__(self, connection: socket.socket, end: float):
        super().__init__()
        self._connection, self._end, self._left = connection, end, MOST_READ

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._connection.settimeout(_left(self._end))
        if not self._left:
            raise NotSent("The answer is too long")
        count = self._connection.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


def _left(end: float) -> float:
    """Return the seconds that are left. Raises TimeoutError when none is."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@lru_cache(1)
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _words(problem: Exception) -> str:
    said = getattr(problem, "strerror", None) or type(problem).__name__
    return " ".join(str(said).split())[:200]

"""The one way in which the portal talks HTTP to others: to public addresses, for a short time."""

from __future__ import annotations

import time

import pytest

from governance.connectors import outgoing_http
from governance.connectors.outgoing_http import NotSent, post
from tests.connectors.conftest import HOST
from tests.rules.test_webhooks import INSIDE


def problem(url: str) -> str:
    with pytest.raises(NotSent) as failed:
        post(url, b"{}", {})
    return str(failed.value)


def test_what_is_sent_arrives(receiver):
    status = post(receiver.url("/a?b=c"), b'{"d": 1}', {"X-One": "1"})
    (got,) = receiver.received
    assert (status, got.path, got.body) == (204, "/a?b=c", b'{"d": 1}')
    assert got.headers == {
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": "8",
        "Host": f"127.0.0.1:{receiver.port}",
        "User-Agent": "Harbourgate",
        "X-One": "1",
    }


@pytest.mark.parametrize("status", [200, 301, 404, 500])
def test_every_status_is_an_answer(receiver, status):
    receiver.status = status
    assert post(receiver.url(), b"", {}) == status


def test_a_redirect_is_not_followed(receiver):
    def answer(handler):
        handler.send_response(307)
        handler.send_header("Location", receiver.url("/elsewhere"))
        handler.end_headers()

    receiver.answer = answer
    assert (post(receiver.url(), b"", {}), len(receiver.received)) == (307, 1)


# where to


def test_over_https_the_name_is_sent_checked_and_not_asked_again(secure, resolves):
    asked = resolves("127.0.0.1", "10.0.0.1")
    status = post(secure.url(host=HOST, scheme="https"), b"{}", {})
    assert (status, asked, secure.server_names, secure.received[0].headers["Host"]) == (
        204,
        [HOST],
        [HOST],
        f"{HOST}:{secure.port}",
    )


def test_a_certificate_of_another_name_is_not_accepted(secure, resolves):
    resolves("127.0.0.1")
    said = problem(secure.url(host="other.partner.example", scheme="https"))
    assert (said, secure.received) == ("No secure connection: CERTIFICATE_VERIFY_FAILED", [])


def test_a_server_that_speaks_no_tls_gets_nothing(receiver):
    said = problem(receiver.url(scheme="https"))
    assert (said.split(":")[0], receiver.received) == ("No secure connection", [])


@pytest.mark.parametrize("host", [*INSIDE, "localhost"])
def test_no_spelling_of_an_address_inside_is_connected_to(connections, host):
    assert (problem(f"https://{host}/"), connections) == (
        "This address is inside a private network. Enter a public address",
        [],
    )


@pytest.mark.parametrize("host", [host.strip("[]") for host in INSIDE if host.startswith("[")])
def test_no_name_that_leads_inside_is_connected_to(connections, resolves, host):
    try:
        resolves(host)
        said = problem("https://hooks.partner.example/")
    except OSError:
        pytest.skip("this system does not know that form")
    assert said in (
        "The address does not lead to the public Internet",
        "The name was not found",
    )
    assert connections == []


@pytest.mark.parametrize(
    "answer",
    [
        "127.0.0.1",
        "169.254.169.254",
        "10.0.0.1",
        ["1.1.1.1", "127.0.0.1"],
        ["::1", "1.1.1.1"],
    ],
)
def test_one_address_inside_is_enough_to_refuse_a_name(connections, resolves, answer):
    resolves(answer)
    assert (problem("https://hooks.partner.example/"), connections) == (
        "The address does not lead to the public Internet",
        [],
    )


def test_a_name_server_that_changes_its_answer_leads_nowhere_else(connections, resolves):
    """The first answer is checked and used; the second would lead inside."""
    asked = resolves("1.1.1.1", "127.0.0.1")
    said = problem("https://hooks.partner.example/")
    assert (said, asked, connections) == (
        "No answer: Connection refused",
        ["hooks.partner.example"],
        ["1.1.1.1"],
    )


def test_the_next_address_is_tried_when_one_does_not_answer(connections, resolves):
    resolves(["1.1.1.1", "8.8.8.8"])
    problem("https://hooks.partner.example/")
    assert connections == ["1.1.1.1", "8.8.8.8"]


def test_a_name_that_does_not_exist_is_said():
    assert problem("https://nowhere.invalid/") == "The name was not found"


def test_on_this_machine_nothing_is_reached_unless_a_setting_says_so(receiver, settings):
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = False
    said = [problem(receiver.url()), problem(receiver.url(scheme="https"))]
    assert (said, receiver.received) == (
        [
            "Enter an address that begins with https://",
            "This address is inside a private network. Enter a public address",
        ],
        [],
    )


@pytest.mark.parametrize("url", ["http://1.1.1.1/", "https://10.0.0.1/", "http://169.254.169.254/"])
def test_that_setting_opens_this_machine_alone(connections, settings, url):
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = True
    assert (problem(url), connections) == ("The address does not lead to the public Internet", [])


# how long, how much


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(outgoing_http, "TIME", 0.5)


def seconds(call) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def test_who_does_not_answer_is_not_waited_for(receiver, hurried):
    receiver.answer = lambda handler: time.sleep(2)
    assert seconds(lambda: problem(receiver.url())) < 1.5


def test_who_answers_an_octet_at_a_time_is_not_waited_for_either(receiver, hurried):
    def drip(handler):
        for octet in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100:
            handler.wfile.write(bytes([octet]))
            time.sleep(0.05)

    receiver.answer = drip
    assert seconds(lambda: problem(receiver.url())) < 1.5


def test_a_name_server_that_does_not_answer_is_not_waited_for(hurried, monkeypatch):
    monkeypatch.setattr(outgoing_http.socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    said = []
    took = seconds(lambda: said.append(problem("https://hooks.partner.example/")))
    assert (said, took < 1.5) == (["The name server did not answer in time"], True)


def test_an_answer_that_does_not_end_is_not_read_to_the_end(receiver):
    sent = []

    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            sent.append(handler.wfile.write(b"X-More: " + b"a" * 8_000 + b"\r\n"))

    receiver.answer = endless
    assert problem(receiver.url()) == "The answer is too long"
    assert sum(sent) < 64 * 1024 + 16 * 1024 * 1024  # what buffers between the two hold


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0\0"])
def test_what_is_no_http_is_no_answer(receiver, answer):
    receiver.answer = lambda handler: handler.wfile.write(answer)
    assert problem(receiver.url()).startswith("No answer")


def test_nobody_at_the_port_is_no_answer(receiver):
    port = receiver.port
    url = receiver.url().replace(str(port), "1")
    assert problem(url) == "No answer: Connection refused"

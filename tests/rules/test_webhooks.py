"""Which addresses a webhook can have, and what proves that the portal sent something."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import ip_address

import pytest

from governance.rules.decision import Refused
from governance.rules.public_addresses import is_public
from governance.rules.webhooks import known_webhook_url, signature


def refusal(url: object) -> Refused:
    with pytest.raises(Refused) as refused:
        known_webhook_url(url)
    return refused.value


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/hooks?token=1&x=%20",
        "https://hooks.example.com:8443/a/b",
        "https://EXAMPLE.com/",
        "https://xn--mnchen-3ya.de/",
        "https://1.1.1.1/hooks",
        "https://[2606:4700:4700::1111]/hooks",
        f"https://example.com/{'a' * 480}",
    ],
)
def test_a_public_https_address_is_taken_as_it_is(url):
    assert known_webhook_url(url) == url


def test_space_around_an_address_is_forgiven():
    assert known_webhook_url(" https://example.com/\n") == "https://example.com/"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url_missing"),
        ("   ", "url_missing"),
        (None, "not_text"),
        (5, "not_text"),
        (f"https://example.com/{'a' * 481}", "url_too_long"),
        ("http://example.com/", "url_not_https"),
        ("ftp://example.com/", "url_not_https"),
        ("file:///etc/passwd", "url_not_https"),
        ("gopher://example.com/", "url_not_https"),
        ("javascript:alert(1)", "url_not_https"),
        ("//example.com/", "url_not_https"),
        ("example.com", "url_not_https"),
        ("https:example.com", "url_not_https"),
        ("https:///hooks", "url_not_https"),
        ("https://", "url_not_https"),
        ("https://:443/", "url_malformed"),
        ("https://user@example.com/", "url_with_credentials"),
        ("https://user:secret@example.com/", "url_with_credentials"),
        ("https://@example.com/", "url_with_credentials"),
        ("https://example.com@127.0.0.1/", "url_with_credentials"),
        ("https://example.com/#", "url_with_fragment"),
        ("https://example.com/#part", "url_with_fragment"),
        ("https://example.com/a b", "url_malformed"),
        ("https://example.com/a\tb", "url_malformed"),
        ("https://example.com/a\r\nX-Header: 1", "url_malformed"),
        ("https://example.com/\0", "url_malformed"),
        ("https://example.com/\u00fc", "url_malformed"),
        ("https://m\u00fcnchen.example/", "url_malformed"),
        ("https://example.com\\@127.0.0.1/", "url_malformed"),
        ("https://example.com:0/", "url_malformed"),
        ("https://example.com:65536/", "url_malformed"),
        ("https://example.com:port/", "url_malformed"),
        ("https://a_b.example.com/", "url_malformed"),
        ("https://-a.example.com/", "url_malformed"),
        ("https://example..com/", "url_malformed"),
        ("https://[1::2::3]/", "url_malformed"),
        ("https://localhost/", "url_not_public"),
        ("https://intranet/", "url_not_public"),
        ("https://a.localhost/", "url_not_public"),
        ("https://printer.local/", "url_not_public"),
        ("https://metadata.google.internal/", "url_not_public"),
    ],
)
def test_what_cannot_be_an_address_is_refused_at_its_field(url, code):
    refused = refusal(url)
    assert (refused.code, refused.reasons[0].field) == (code, "url")


# Ways of writing an address that is not in the public Internet: each has led some client there.
INSIDE = [
    *("127.0.0.1", "127.0.0.53", "127.1", "127.0.1", "127.255.255.254", "0", "0.0.0.0", "0.0.0.1"),
    *("2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "017700000001", "0177.0.0.1"),
    *(
        "0177.1",
        "127.0.0.01",
        "127.000.000.001",
        "0x7F.0.0.1",
        "0X7F000001",
        "127.0.0.1.",
        "127.1.",
    ),
    *("3232235521", "0xc0a80001", "0300.0250.0.1", "4294967295", "18446744073709551617", "1"),
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1"),
    *("169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518"),
    *("169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "100.64.0.1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.88.99.1", "192.0.0.170"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::127.0.0.1]", "[::7f00:1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::FFFF:127.0.0.1]"),
    *("[::ffff:169.254.169.254]", "[::ffff:10.0.0.1]", "[::ffff:0:127.0.0.1]"),
    *("[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:1::]", "[2002:0a00:0001::]"),
    *("[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1.1.1.1]"),
    *("[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:db8::1]", "[100::1]"),
    *("[fe80::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[fec0::1]", "[ff02::1]"),
    *("[fc00::1]", "[fd00:ec2::254]", "[fd12:3456:789a::1]", "[5f00::1]", "[4000::1]", "[1::1]"),
]


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_address_inside_is_taken(host):
    assert refusal(f"https://{host}/hooks").code == "url_not_public"


@pytest.mark.parametrize(
    "host",
    ["１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127.0.0.1\u200b"],
)
def test_no_other_digits_are_taken_either(host):
    assert refusal(f"https://{host}/hooks").code == "url_malformed"


def test_there_are_enough_of_them():
    assert len(set(INSIDE)) >= 60


@pytest.mark.parametrize(
    "text",
    ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::808:808"],
)
def test_a_public_address_is_public_also_where_another_carries_it(text):
    assert is_public(ip_address(text))


def test_the_signature_is_that_of_the_time_and_the_body():
    expected = hmac.new(b"secret", b'1700000000.{"a": 1}', hashlib.sha256).hexdigest()
    assert signature("secret", 1_700_000_000, b'{"a": 1}') == f"v1={expected}"


@pytest.mark.parametrize(
    "other",
    [("secre", 17, b"x"), ("secret", 18, b"x"), ("secret", 17, b"y"), ("secret", 1, b"7.x")],
)
def test_another_secret_time_or_body_has_another_signature(other):
    assert signature(*other) != signature("secret", 17, b"x")

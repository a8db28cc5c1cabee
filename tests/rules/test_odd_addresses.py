"""Published collections of odd addresses, run whole: only a plain dot-atom at a whole name is an
address here.
"""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.rules.decision import Refused
from governance.rules.email_domains import canonical_email

from .names import DATA, naughty_strings

ISEMAIL = json.loads((DATA / "odd_addresses_isemail_1_2_0.json").read_text())
COLLECTED = json.loads((DATA / "odd_addresses_email_validator_2_4_0.json").read_text())
HARMLESS = {
    "valid",
    "dnsWarnNoRecord",
    "dnsWarnNoMXRecord",
    "ISEMAIL_VALID",
    "ISEMAIL_DNSWARN_NO_RECORD",
    "ISEMAIL_DNSWARN_NO_MX_RECORD",
}


def accepted(text: str) -> str | None:
    try:
        return canonical_email(text).text
    except Refused:
        return None


def naive_is_plain(text: str) -> bool:
    """The oracle, for ASCII: atoms between single dots of which the first begins with no tag, one
    @, whole labels, the last of which is no number.
    """
    atom, label = r"[a-z0-9#$&'*+/=?^_`{|}~-]+", r"(?!..--)[a-z0-9]([a-z0-9-]*[a-z0-9])?"
    return bool(
        re.fullmatch(
            rf"(?!\+){atom}(\.{atom})*@({label}\.)+(?![0-9]+\.?$)(?!0x[0-9a-f]*\.?$){label}\.?",
            text.strip(" \t"),
            re.IGNORECASE,
        )
    )


def not_harmless(cases) -> dict[str, str]:
    return {
        text: address
        for text, verdict in cases
        if verdict not in HARMLESS and (address := accepted(text))
    }


@pytest.mark.parametrize(
    "cases", [ISEMAIL, COLLECTED["isemail"]], ids=["isemail", "email-validator"]
)
def test_of_all_that_the_standard_finds_fault_with_only_space_around_and_a_last_dot_are_forgiven(
    cases,
):
    forgiven = not_harmless(cases)
    assert set(forgiven.values()) == {"test@iana.org"}
    assert {text.strip(" \r\n").removesuffix(".") for text in forgiven} == {"test@iana.org"}


def test_of_the_plain_valid_addresses_single_label_hosts_and_routing_marks_are_refused():
    refused = [text for text, verdict in ISEMAIL if verdict in HARMLESS and not accepted(text)]
    assert refused == ["test@io", "!#$%&`*+/=?^`{|}~@iana.org"]


def test_valid_addresses_with_quotes_names_or_routing_marks_are_refused():
    refused = [text for text in COLLECTED["valid"] if not accepted(text)]
    assert [text for text in refused if '"' not in text and "<" not in text] == [
        "!#$%&'*+-/=?^_`.{|}~@example.tld"
    ]
    assert len(refused) == 8


@pytest.mark.parametrize("kind", ["valid_unicode_local", "quoted"])
def test_no_unicode_or_quoted_local_part_is_accepted(kind):
    assert [text for text in COLLECTED[kind] if accepted(text)] == []


def test_of_the_invalid_collection_only_forgiven_forms_and_an_unusual_last_label_are_accepted():
    assert {text: accepted(text) for text in COLLECTED["invalid"] if accepted(text)} == {
        "my@trailingdot.com.": "my@trailingdot.com",
        "my@trailingfwdot.com．": "my@trailingfwdot.com",
        "my@example.com\n": "my@example.com",
        "\nmy@example.com": "my@example.com",
        "me@bad.tld-2": "me@bad.tld-2",
    }


def test_no_naughty_string_is_an_address():
    assert [text for text in naughty_strings() if accepted(text)] == []


@pytest.mark.properties
@example("bob@ fabrikam.example")
@example("bob@\tfabrikam.example")
@example("+news@fabrikam.example")
@given(st.text(alphabet="aZ09.-+'@_%!#\" \t()<>,;:[]\\\0", max_size=24))
def test_an_address_is_accepted_exactly_when_a_plain_pattern_takes_it(text):
    assert (accepted(text) is not None) == naive_is_plain(text)


@pytest.mark.properties
@given(st.from_regex(r"\A[a-z0-9.+']{1,6}@([a-z0-9-]{1,4}\.){1,3}[a-z0-9-]{1,4}\.?\Z"))
def test_a_nearly_plain_address_is_accepted_exactly_when_a_plain_pattern_takes_it(text):
    assert (accepted(text) is not None) == naive_is_plain(text)

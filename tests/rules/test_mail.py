"""What a mail says as text: lines that read as they were written, and no line that somebody's value
passes off as another.
"""

from __future__ import annotations

import pytest

from governance.rules.decision import Refused
from governance.rules.mail import (
    Message,
    absolute_link,
    mail_text,
    mailable,
    message_from_text,
    message_text,
    subject_line,
)

ORIGIN = "https://portal.example"


def text(*paragraphs: str, **more) -> str:
    return message_text(Message("S", paragraphs, **more), ORIGIN)


def test_paragraphs_are_parted_by_an_empty_line():
    assert text("One.", "Two.") == "One.\n\nTwo.\n"


def test_what_is_empty_leaves_no_gap():
    assert text("", "One.", "", closing="") == "One.\n"


def test_facts_are_lines_after_the_paragraphs():
    assert text("One.", facts=(("A", "1"), ("B", "2"))) == "One.\n\nA: 1\nB: 2\n"


def test_further_lines_of_a_value_are_indented_so_that_none_reads_as_a_fact():
    assert text(facts=(("Reason", "x\nApproved by: Ada"),)) == "Reason: x\n    Approved by: Ada\n"


def test_the_link_stands_on_a_line_of_its_own_under_what_it_is_for():
    said = text("One.", link="/a/", link_label="Open it", closing="Bye.")
    assert said == "One.\n\nOpen it:\nhttps://portal.example/a/\n\nBye.\n"


def test_a_link_without_a_label_stands_alone():
    assert text(link="/a/") == "https://portal.example/a/\n"


def test_without_a_link_the_label_is_not_said():
    assert text("One.", link_label="Open it") == "One.\n"


@pytest.mark.parametrize(("link", "whole"), [("/a/", "https://portal.example/a/"), ("", "")])
def test_the_address_of_a_link_is_at_the_portals_origin(link, whole):
    assert absolute_link(Message("S", (), link=link), ORIGIN) == whole


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("a\0b\x07c\x1bd\x85e", "a b c d e"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\ud800b", "a b"),
        ("moc.\u202elive\u202c", "moc.live"),
        ("a\u200eb\u200fc\u061cd\u202ae\u202bf\u202dg", "abcdefg"),
        ("a\u2066b\u2067c\u2068d\u2069e", "abcde"),
        ("Grüße \U0001f600", "Grüße \U0001f600"),
        ("f\u200di", "f\u200di"),
    ],
)
def test_a_text_reads_as_it_is_written(typed, shown):
    assert mail_text(typed) == shown


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        (" a  b ", "a b"),
        ("a\nBcc: b", "a Bcc: b"),
        ("a\u2028b", "a b"),
        ("x" * 201, "x" * 200),
        ("", ""),
    ],
)
def test_a_subject_is_one_line_of_at_most_200_characters(subject, line):
    assert subject_line(subject) == line


# of a text that is written already


BODY = f"Hello.\n\nOpen it\nnow:\n{ORIGIN}/a/\n\nIt works\nonce.\n\nBye.\n"


def test_the_paragraph_that_ends_with_the_link_becomes_the_link():
    assert message_from_text("S", BODY, "/a/", ORIGIN) == Message(
        "S",
        ("Hello.",),
        link="/a/",
        link_label="Open it\nnow",
        closing="It works\nonce.\n\nBye.",
    )


@pytest.mark.parametrize("link", ["", "/b/"])
def test_a_text_without_the_link_is_paragraphs(link):
    assert message_from_text("S", "Hello.\n\n\n\nBye.\n", link, ORIGIN) == Message(
        "S", ("Hello.", "Bye.")
    )


def test_a_link_within_a_paragraph_stays_there():
    body = f"See {ORIGIN}/a/ for more."
    assert message_from_text("S", body, "/a/", ORIGIN).paragraphs == (body,)


# to whom


@pytest.mark.parametrize("address", ["x@partner.example", "", "x" * 254])
def test_an_address_is_taken_as_it_is(address):
    assert mailable(address) == address


@pytest.mark.parametrize(
    ("address", "code"), [("x" * 255, "address_malformed"), (None, "not_text"), (5, "not_text")]
)
def test_what_is_no_address_is_refused_at_its_field(address, code):
    with pytest.raises(Refused) as refused:
        mailable(address)
    assert (refused.value.code, refused.value.reasons[0].field) == (code, "email")

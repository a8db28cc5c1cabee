"""One-time codes: what they look like, what is forgiven when they are typed, how many there are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules import sign_in_codes as codes
from governance.rules.decision import Refused
from governance.rules.sign_in_codes import Requested

CODES = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


def refused(typed) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        codes.clean_code(typed)
    return refusal.value.code, refusal.value.reasons[0].field


def requested(for_mailbox=0, from_network=0, both=0) -> Requested:
    return Requested(for_mailbox, from_network, both)


def said(answer) -> str:
    return str(answer) if answer else ""


def test_the_alphabet_has_32_characters_and_none_that_look_alike():
    assert (len(set(codes.ALPHABET)), set(codes.ALPHABET) & set("O0I1")) == (32, set())


def test_a_code_has_eight_characters_each_of_them_chosen():
    chosen = iter("ABCDEFGH")
    assert codes.new_code(lambda _alphabet: next(chosen)) == "ABCDEFGH"


def test_a_code_is_written_in_two_groups():
    assert codes.readable_code("ABCDEFGH") == "ABCD-EFGH"


@given(CODES)
def test_a_code_as_it_is_written_is_read_as_the_code(code):
    assert codes.clean_code(codes.readable_code(code)) == code


@given(CODES, st.data())
def test_case_spaces_and_hyphens_make_no_difference(code, data):
    between = st.text(" -\t\u00a0\u2013\u2010\u200b", max_size=3)
    typed = "".join(data.draw(between) + character.lower() for character in code)
    assert codes.clean_code(typed) == code


@given(st.text())
def test_whatever_is_typed_is_a_code_or_refused(typed):
    try:
        code = codes.clean_code(typed)
    except Refused as refusal:
        code = refusal.code
    is_code = len(code) == codes.LENGTH and set(code) <= set(codes.ALPHABET)
    assert is_code or code in {"code_missing", "code_malformed"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_missing"),
        (" - ", "code_missing"),
        ("ABCDEFG", "code_malformed"),
        ("ABCDEFGHJ", "code_malformed"),
        ("ABCDEFG0", "code_malformed"),
        ("ABCDEFG1", "code_malformed"),
        ("ABCDEFGO", "code_malformed"),
        ("ABCDEFGI", "code_malformed"),
        ("ABCDEFG\u0130", "code_malformed"),
        ("ABCDEFGH" + " " * 93, "code_malformed"),
        (None, "not_text"),
    ],
)
def test_what_can_be_no_code_is_refused_at_the_field(typed, code):
    assert refused(typed) == (code, "code")


def test_a_hundred_characters_are_looked_at():
    assert codes.clean_code("ABCDEFGH" + " " * 92) == "ABCDEFGH"


def test_what_is_kept_of_a_code_depends_on_the_token_and_the_code():
    kept = {
        codes.code_hash(token, code) for token in ("t", "u") for code in ("ABCDEFGH", "ABCDEFGJ")
    }
    assert (len(kept), {len(each) for each in kept}) == (4, {64})


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_codes_are_counted_by_address_or_by_64_bits(ip, network):
    assert codes.network_of(ip) == network


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (requested(), ""),
        (requested(19, 39, 4), ""),
        (
            requested(5, 5, 5),
            "Too many codes were requested for this address. Try again in 10 minutes",
        ),
        (
            requested(20, 0, 0),
            "Too many codes were requested for this address. Try again in 10 minutes",
        ),
        (
            requested(0, 40, 0),
            "Too many codes were requested from your network. Try again in 10 minutes",
        ),
    ],
)
def test_how_many_codes_there_are_in_ten_minutes(counts, words):
    assert said(codes.too_many(counts)) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (0, "This code is not correct. Send another code"),
        (1, "This code is not correct. Check the latest email. You have 1 more try"),
        (4, "This code is not correct. Check the latest email. You have 4 more tries"),
    ],
)
def test_a_wrong_code_says_how_many_tries_are_left(left, words):
    refusal = codes.wrong_code(left)
    assert (str(refusal), refusal.code, refusal.reasons[0].field) == (words, "code_wrong", "code")


def test_100_000_guesses_five_for_each_code_hit_nothing():
    chance = random.Random(7)
    hits = 0
    for _ in range(100_000 // codes.TRIES):
        code = codes.new_code(chance.choice)
        hits += sum(codes.new_code(chance.choice) == code for _ in range(codes.TRIES))
    assert hits == 0

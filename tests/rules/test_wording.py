"""Numbers, days and lists in words."""

from __future__ import annotations

from datetime import date

import pytest

from governance.db.combined_query import Counted
from governance.rules.wording import count_of, day_words, grouped, joined, plural


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 events"),
        (1, "1 event"),
        (2, "2 events"),
        (2005, "2,005 events"),
        (Counted(1), "1 event"),
        (Counted(10_000, is_least=True), "10,000+ events"),
    ],
)
def test_a_number_stands_with_its_noun(number, words):
    assert count_of(number, "event") == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 person"), (2, "2 people")])
def test_a_noun_may_have_a_plural_of_its_own(number, words):
    assert count_of(number, "person", "people") == words


@pytest.mark.parametrize(("number", "word"), [(0, "are"), (1, "is"), (2, "are")])
def test_a_verb_fits_its_number(number, word):
    assert plural(number, "is", "are") == word


@pytest.mark.parametrize(
    ("number", "text"), [(7, "7"), (999, "999"), (2005, "2,005"), (1_000_000, "1,000,000")]
)
def test_thousands_are_separated(number, text):
    assert grouped(number) == text


def test_a_day_has_no_leading_zero():
    assert day_words(date(2026, 11, 5)) == "5 Nov 2026"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D"], "A, B, C and 1 more"),
    ],
)
def test_a_list_is_joined_and_cut(parts, text):
    assert joined(parts, shown=3) == text


def test_a_list_without_a_limit_is_whole():
    assert joined("ABCD") == "A, B, C and D"

"""Names and descriptions: what is forgiven, what is refused, and when two names are one (product
rule 6).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.decision import Refused
from governance.rules.names import (
    KEY_LIMIT,
    clean_description,
    clean_name,
    clean_person_name,
    clean_unit,
    name_from_address,
    name_key,
)


def refusal(clean, text: str) -> tuple[str, str, str]:
    with pytest.raises(Refused) as refused:
        clean(text)
    reason = refused.value.reasons[0]
    return reason.code, reason.field, reason.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Contoso", "Contoso"),
        ("  Contoso   Group\n", "Contoso Group"),
        ("Café", "Café"),
        ("7", "7"),
        ("Ω", "Ω"),
        ("Contoso, Inc.", "Contoso, Inc."),
        ("x" * 200, "x" * 200),
    ],
    ids=[
        "as it is",
        "white space",
        "decomposed",
        "a digit",
        "a letter of another alphabet",
        "punctuation beside letters",
        "200 characters",
    ],
)
def test_a_name_is_kept_trimmed_and_composed(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code", "text"),
    [
        ("", "name_missing", "Enter a name"),
        (" \t\n", "name_missing", "Enter a name"),
        ("x" * 201, "name_too_long", "Name must be 200 characters or fewer (now 201)"),
        ("...", "name_without_letter", "Name must have at least one letter or digit"),
        ("€ – ☕", "name_without_letter", "Name must have at least one letter or digit"),
        (
            "Con\x00toso",
            "unseen_character",
            "Name has a character that cannot be seen (U+0000). Remove it",
        ),
        (
            "Con\u202etoso",
            "unseen_character",
            "Name has a character that cannot be seen (right-to-left override). Remove it",
        ),
        (
            "Con\u200btoso",
            "unseen_character",
            "Name has a character that cannot be seen (zero width space). Remove it",
        ),
        (
            "Con\ue000toso",
            "unseen_character",
            "Name has a character that cannot be seen (U+E000). Remove it",
        ),
        (
            "Con\ud800toso",
            "unseen_character",
            "Name has a character that cannot be seen (U+D800). Remove it",
        ),
        (
            "Con\u0378toso",
            "unseen_character",
            "Name has a character that cannot be seen (U+0378). Remove it",
        ),
        ("ﷺ" * 45, "name_too_long", "Name is too long once its ligatures are written out"),
    ],
    ids=[
        "empty",
        "blank",
        "201 characters",
        "dots",
        "symbols",
        "control",
        "bidi",
        "format",
        "private use",
        "surrogate",
        "unassigned",
        "ligatures",
    ],
)
def test_a_name_is_refused_with_what_to_change(typed, code, text):
    assert refusal(clean_name, typed) == (code, "name", text)


@pytest.mark.parametrize("other", ["contoso", "CONTOSO", "  Contoso ", "ＣＯＮＴＯＳＯ", "Contoso"])
def test_names_in_other_case_width_or_spacing_are_one(other):
    assert name_key(other) == name_key("Contoso")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Éclair", "éCLAIR"), ("ﬁrm", "FIRM")],
)
def test_folding_is_that_of_unicode(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Contoso", "Contosо"), ("Contoso", "Contoso 2"), ("AB", "A B")],
    ids=["another alphabet", "a digit more", "a space"],
)
def test_names_that_differ_are_two(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_a_cleaned_name_is_clean_and_its_key_is_its_own_key(text):
    try:
        name = clean_name(text)
    except Refused:
        return
    assert clean_name(name) == name
    assert name_key(name_key(name)) == name_key(name)
    assert len(name_key(name)) <= KEY_LIMIT


@pytest.mark.parametrize("name", ["System", "SYSTEM", "Demo  data"])
def test_nobody_is_called_as_the_portal_signs(name):
    assert refusal(clean_person_name, name)[:2] == ("name_reserved", "name")


def test_a_description_keeps_its_lines():
    assert clean_description(" one\r\ntwo\tthree\n ") == "one\ntwo\tthree"


@pytest.mark.parametrize(
    ("typed", "code", "text"),
    [
        (
            "x" * 501,
            "description_too_long",
            "Description must be 500 characters or fewer (now 501)",
        ),
        (
            "a\u202eb",
            "unseen_character",
            "Description has a character that cannot be seen (right-to-left override). Remove it",
        ),
    ],
    ids=["501 characters", "bidi"],
)
def test_a_description_is_refused_with_what_to_change(typed, code, text):
    assert refusal(clean_description, typed) == (code, "description", text)


def test_500_characters_are_a_description():
    assert clean_description("x" * 500) == "x" * 500


def test_a_unit_may_be_empty_and_is_one_line():
    assert (clean_unit("  "), clean_unit(" Plant  engineering ")) == ("", "Plant engineering")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("x" * 201, "unit_too_long"), ("a\u200bb", "unseen_character")],
    ids=["201 characters", "format"],
)
def test_a_unit_is_refused_at_its_field(typed, code):
    assert refusal(clean_unit, typed)[:2] == (code, "unit")


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("bob", "bob"),
        ("b.jones", "b.jones"),
        ("-", "-@fabrikam.example"),
        ("system", "system@fabrikam.example"),
    ],
)
def test_somebody_is_called_by_the_part_before_the_at_where_it_reads_as_a_name(local, name):
    assert name_from_address(local, f"{local}@fabrikam.example") == name

"""The audit log's stored values in words."""

from __future__ import annotations

import pytest

from governance.models import ListRule, Policy
from governance.rules.audit_words import activity_words, field_words, kind_words, value_words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("include subdomains", True, "yes"),
        ("include subdomains", False, "no"),
        ("organization", None, "none"),
        ("description", "", "none"),
        ("roles", [], "none"),
        ("roles", ["Reader", "Guest inviter"], "Reader, Guest inviter"),
        ("organizations", 2005, "2,005"),
        ("lasts days", 1, "1 day"),
        ("lasts days", 90, "90 days"),
        ("lasts days", None, "no end date"),
        ("breadth", "with_subdomains", "including subdomains"),
        ("breadth", "alone", "this domain only"),
        ("who can request", "any_outside", "any outside person"),
        ("state", "configured", "configured"),
    ],
)
def test_a_value_is_said_in_words(name, value, words):
    assert value_words(name, value) == words


@pytest.mark.parametrize("name", ["alone", "named", "block"])
def test_a_name_spelled_like_a_code_stays_a_name(name):
    assert value_words("name", name) == name


def test_a_source_says_yes_to_its_subdomains():
    source = {"source": "Fabrikam", "include subdomains": True, "names": ["a.example", "b.example"]}
    assert value_words("sources", [source]) == (
        "Source: Fabrikam; Include subdomains: yes; Names: a.example, b.example"
    )


def test_each_of_several_sources_has_a_line():
    sources = [{"source": "a.example"}, {"source": "b.example"}]
    assert value_words("sources", sources) == "Source: a.example\nSource: b.example"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("include subdomains", "Include subdomains"),
        ("directory ID", "Directory ID"),
        ("lasts days", "Access lasts"),
        ("e-mail", "Email address"),
        ("some_field", "Some field"),
    ],
)
def test_a_field_is_named_in_sentence_case(name, words):
    assert field_words(name) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [("organization", "connected organization"), ("person", "person"), ("savedtest", "saved test")],
)
def test_the_kind_of_an_object_is_said_in_words(kind, words):
    assert kind_words(kind) == words


@pytest.mark.parametrize(
    ("name", "codes"), [("who can request", Policy.Scope), ("breadth", ListRule.Breadth)]
)
def test_no_code_of_a_known_field_is_left_without_words(name, codes):
    assert [code for code in codes.values if value_words(name, code) == code] == []


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("Add own name", "Add your domain"),
        ("Release names of deleted organization", "Release domains of deleted organization"),
        ("Create connected organization", "Create connected organization"),
    ],
)
def test_an_activity_is_shown_in_the_words_of_the_pages(stored, words):
    assert activity_words(stored) == words

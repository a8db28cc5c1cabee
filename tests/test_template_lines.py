"""The lines of templates: short, and none breaks a tag of Django's, which would show it as text."""

import re

import pytest

from tools.run import templates

LONGEST = 100
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
TEMPLATES = templates()


def long_lines(text: str) -> list[int]:
    return [n for n, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST]


def halves_of_tags(text: str) -> list[int]:
    """Return the numbers of the lines on which a tag is opened or closed alone."""
    left = [(n, _TAG.sub("", line)) for n, line in enumerate(text.splitlines(), 1)]
    return [n for n, line in left if re.search(r"\{[%{#]|[%}#]\}", line)]


def test_no_line_is_longer_than_a_hundred_columns():
    found = {path.name: long_lines(path.read_text()) for path in TEMPLATES}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_no_tag_is_split():
    found = {path.name: halves_of_tags(path.read_text()) for path in TEMPLATES}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("{% if a %}\n  {{ b }}\n{# c #}\n{% endif %}", []),
        ("{% if a\n and b %}", [1, 2]),
        ("<p>\n  {{ a }}{{\n  b }}\n</p>", [2, 3]),
        ("{# a\n#}", [1, 2]),
    ],
)
def test_a_split_tag_is_found(text, numbers):
    assert halves_of_tags(text) == numbers


def test_a_long_line_is_found():
    assert long_lines(f"{'a' * 100}\n{'b' * 101}") == [2]

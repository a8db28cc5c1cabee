"""Pasted lists: what people have is read as the domains that are in it, and what is not is given
back.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules import email_domains
from governance.rules.domains import guards, pasted

from .names import canonical_names

X = "norr.example"
WIDE, ALONE = "with_subdomains", "alone"


def read(text: str, breadth: str = ALONE) -> list[tuple[str, str]]:
    """What was understood; (text, problem) of what was not."""
    return [
        (entry.typed, entry.problem) if entry.problem else (entry.name, entry.breadth)
        for entry in pasted.read(text, breadth).entries
    ]


def names(text: str) -> list[str]:
    return [entry.name for entry in pasted.read(text, ALONE).entries if not entry.problem]


@pytest.mark.parametrize(
    "text",
    [
        X,
        "Norr.Example.",
        "  norr.example\t",
        '"norr.example"',
        "'norr.example'",
        "“norr.example”",
        "„norr.example“",
        "«norr.example»",
        "`norr.example`",
        "<norr.example>",
        "[norr.example]",
        "(norr.example)",
        "['norr.example',",
        "\ufeffnorr.example",
        "\u200bnorr.example\u200b",
        "\u00a0norr.example\u00a0",
        "\u3000norr.example",
        "norr.example\r\n",
        "norr.example,",
        ";;; a comment\nnorr.example;",
        "| norr.example |",
        "- norr.example",
        "* norr.example",
        "• norr.example",
        "– norr.example",
        "·  norr.example",
        "> norr.example",
        "1. norr.example",
        "2) norr.example",
        "- [x] norr.example",
        '- "norr.example"',
        "norr.example # phishing",
        "norr.example // phishing in March",
        "norr.example ; phishing in March",
        "ｎｏｒｒ．ｅｘａｍｐｌｅ",
        "norr。example",
        "https://norr.example/path?query#part",
        "HTTP://norr.example:8443",
        "norr.example/about",
        "norr.example:443",
        "lea@norr.example",
        "mailto:lea@norr.example",
        "<mailto:lea@norr.example>",
        "Lea Sommer <lea@norr.example>",
        '"Sommer, Lea" <lea@norr.example>',
        "Norr <norr.example>",
    ],
)
def test_one_domain_in_the_forms_that_people_have_is_that_domain(text):
    assert read(text) == [(X, ALONE)]


@pytest.mark.parametrize(
    "text",
    [
        "*.norr.example",
        ".norr.example",
        "@norr.example",
        "*@norr.example",
        "*@*.norr.example",
        '"*.norr.example"',
        "- *.norr.example",
        "＊．norr.example",
    ],
)
@pytest.mark.parametrize("breadth", [ALONE, WIDE])
def test_a_wildcard_includes_subdomains_whatever_was_chosen_for_plain_domains(text, breadth):
    assert read(text, breadth) == [(X, WIDE)]


@pytest.mark.parametrize(
    "text",
    [
        "a.example, b.example",
        "a.example;b.example",
        "a.example\tb.example",
        "a.example b.example",
        "a.example\u00a0b.example",
        "a.example|b.example",
        "a.example，b.example",
        "a.example\n\n  \nb.example",
        "a.example\r\nb.example\r\n",
        "a.example\rb.example",
        '"a.example","b.example"',
        '"a.example, b.example"',
        "['a.example', 'b.example']",
        "• a.example • b.example",
        "Lea <lea@a.example>, Max <max@b.example>",
        "lea@a.example; max@b.example",
        "# header\na.example\n// more\nb.example\n; end",
    ],
)
def test_several_domains_are_separated_in_the_ways_that_people_have(text):
    assert names(text) == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Domain;Reason\na.example;Phishing\nb.example;", ("Domain",)),
        ("\ufeffName,Email domain,Seen\nA,a.example,2026\nB,b.example,2026", ("Email domain",)),
        ("company\tdomain\nA Ltd\ta.example\nB Ltd\tb.example", ("domain",)),
        ('"Domain","Note"\n"a.example","x, y"\n"b.example","z"', ("Domain",)),
        ("Blocked domains:\na.example\nb.example", ()),
        ("domains\na.example\nb.example", ()),
        ("Name\na.example\nb.example", ()),
    ],
)
def test_column_titles_say_which_columns_have_domains(text, columns):
    paste = pasted.read(text, ALONE)
    assert (paste.heading, paste.columns) == (text.lstrip("\ufeff").splitlines()[0], columns)
    assert [entry.name for entry in paste.entries] == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "text", ["email", "a.example\nemail", "com\nnet", "mail.example,domain\na.example,x"]
)
def test_what_may_be_a_domain_is_not_taken_for_column_titles(text):
    assert pasted.read(text, WIDE).heading == ""


def test_a_line_that_has_not_one_cell_for_each_title_is_read_whole():
    assert names("Domain;Reason\na.example;b.example;c.example") == [
        "a.example",
        "b.example",
        "c.example",
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n", "# a\n// b\n;c", ",,;\t,", '""', "•"])
def test_nothing_but_separators_and_comments_is_nothing(text):
    assert (read(text), pasted.has_none(text)) == ([], True)


def test_comment_lines_are_counted():
    assert pasted.read("# a\na.example # b\n// c\n;d", ALONE).comments == 3


ONE_WORD = (
    "This is one word on a line with domains, so it was not read. "
    "To make a rule for a top-level domain, enter *.{}"
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("con toso.example", "A domain cannot contain spaces"),
        ("norr.example Norr AG", "A domain cannot contain spaces"),
        ("10.0.0.1", "A domain cannot be an IP address"),
        ("[2001:db8::1]", "A domain cannot be an IP address"),
        ("a..example", "A domain cannot have two dots in a row or begin with a dot"),
        (f"{'a' * 64}.example", "Each part of a domain can have at most 63 characters"),
        ("g" * 200, "Each part of a domain can have at most 63 characters"),
        ("*.", "Enter a domain"),
        (
            "*.*.example",
            "“*.example” has characters that a domain cannot have. "
            "Enter the whole domain, such as partner.example",
        ),
        (
            "bob@gmail.com",
            "Anyone can get an address at gmail.com, and a rule applies to a whole domain. "
            "To make a rule for everyone there, enter gmail.com",
        ),
        (
            "bob@co.uk",
            "Many organizations share co.uk. To make a rule for everyone there, enter co.uk",
        ),
        (
            "bob@onmicrosoft.com",
            "Many organizations share onmicrosoft.com. "
            "To make a rule for everyone there, enter onmicrosoft.com",
        ),
        ("com", "Nobody has an email address at com itself. Make the rule include subdomains"),
        (
            f"{'a.' * 123}sevenly",
            "A domain of 253 characters is too long for email addresses. Enter a shorter one",
        ),
    ],
)
def test_what_cannot_be_a_rule_is_given_back_as_typed_with_the_reason(text, problem):
    assert read(text) == [(text, problem)]


@pytest.mark.parametrize("text", ["gmail.com", "@gmail.com", "https://gmail.com/", "co.uk"])
def test_a_shared_domain_by_itself_is_meant(text):
    assert len(names(text)) == 1


def test_a_top_level_domain_with_its_subdomains_is_possible():
    assert read("com", WIDE) == [("com", WIDE)]
    assert read("com, net", WIDE) == [("com", WIDE), ("net", WIDE)]
    assert read("norr.example, *.com") == [(X, ALONE), ("com", WIDE)]


def test_one_word_beside_domains_is_no_top_level_domain_also_when_it_comes_back():
    entries = pasted.read("norr.example, block, Sommer", WIDE).entries
    assert [(entry.name, entry.problem, entry.left) for entry in entries] == [
        (X, "", X),
        ("", ONE_WORD.format("block"), "norr.example, block, Sommer"),
        ("", ONE_WORD.format("sommer"), "norr.example, block, Sommer"),
    ]


def test_a_thousand_parts_are_not_too_much_and_one_more_is():
    assert [pasted.is_too_much("a.example, " * number) for number in (1000, 1001)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a," * 500_000,
        "a.example " * 100_000,
        "x" * 10**6,
        '"' * 10**6,
        "a.example\n" * 100_000,
        "#\n" * 500_000,
        "- " * 500_000,
        "<" * 10**6,
        "[x]" * 300_000,
        "\n".join(["1. " * 300] * 1000),
        "ü.example," * 100_000,
        " #" * 500_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_paste_takes_long(text):
    started = time.process_time()
    if not pasted.is_too_much(text):
        pasted.read(text, ALONE)
    assert time.process_time() - started < 2


QUOTES = ['""', "''", "“”", "„“", "‘’", "«»", "``", "<>", "[]", "()", ("", "")]
BULLETS = ["", "", "- ", "* ", "• ", "– ", "3. ", "4) ", "> "]
SEPARATORS = [
    "\n",
    "\r\n",
    ", ",
    ";",
    "\t",
    "\n\n",
    ",\n",
    " ;\n",
    " # because\n",
    "\n# why\n",
    "|",
]


FORMS = ["{}", "{}.", "*.{}", ".{}", "@{}", "*@{}", "https://{}/path"]
ADDRESSES = ["lea.sommer@{}", "mailto:lea@{}", "Lea Sommer <lea@{}>"]


def is_shared(name: str) -> bool:
    """Whether an address there is not taken for the whole domain."""
    return bool(guards.is_public_mail(name) or guards.suffix_section(name))


@st.composite
def decorated(draw, name: str) -> str:
    form = draw(st.sampled_from(FORMS if is_shared(name) else [*FORMS, *ADDRESSES]))
    text = form.format(draw(st.sampled_from([name, email_domains.ulabels(name), name.upper()])))
    opening, closing = draw(st.sampled_from(QUOTES))
    space = draw(st.sampled_from(["", " ", "\u00a0", "\ufeff"]))
    return f"{space}{draw(st.sampled_from(BULLETS))}{opening}{text}{closing}{space}"


@pytest.mark.properties
@given(st.data())
def test_any_mixture_of_separators_and_decorations_of_domains_gives_those_domains(data):
    known = data.draw(st.lists(canonical_names(), min_size=1, max_size=6))
    text = "".join(
        data.draw(decorated(name)) + data.draw(st.sampled_from(SEPARATORS)) for name in known
    )
    paste = pasted.read(text, ALONE)
    assert [entry.problem for entry in paste.entries] == [""] * len(known)
    assert [entry.name for entry in paste.entries] == known


@pytest.mark.properties
@given(
    st.text(alphabet="ab.,;@*#/\"'<> -\n\t\u00a0“”•ü:", max_size=60), st.sampled_from([ALONE, WIDE])
)
def test_any_text_is_read_as_canonical_domains_or_given_back(text, breadth):
    for entry in pasted.read(text, breadth).entries:
        assert entry.typed
        assert entry.typed in text
        assert bool(entry.name) or bool(entry.problem)
        if not entry.problem:
            assert email_domains.canonical_name_or_suffix(entry.name) == entry.name

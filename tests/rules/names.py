"""Strategies for names: canonical ones, and the many ways in which people type one name."""

from __future__ import annotations

import json
import string
from pathlib import Path

from hypothesis import strategies as st

from governance.rules import email_domains
from governance.rules.decision import Refused

DATA = Path(__file__).parent.parent / "data"
IDEOGRAPHIC_DOTS = ".．。｡"
FULL_WIDTH = {
    ord(character): ord(character) + 0xFEE0
    for character in string.ascii_letters + string.digits + "-"
}

_plain_labels = st.from_regex(r"[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    lambda label: label[2:4] != "--"
)
_other_labels = st.sampled_from(
    [
        "bücher",
        "faß",
        "пример",
        "παράδειγμα",
        "例え",
        "한국",
        "דוגמה",
        "مثال",
        "उदाहरण",
        "ελλάς",
        "straße",
        "kafé",
        "ñandú",
    ]
)
_labels = st.one_of(_plain_labels, _plain_labels, _other_labels)
_endings = st.sampled_from(["example", "com", "co.uk", "github.io", "ac.at", "測試", "test"])


def naughty_strings() -> list[str]:
    return json.loads((DATA / "naughty_strings_2_0_4.json").read_text(encoding="utf-8"))


def accepted(text: str) -> str | None:
    try:
        return email_domains.canonical_domain(text)
    except Refused:
        return None


@st.composite
def canonical_names(draw) -> str:
    """Names of two to five labels, some of them not ASCII; those whose labels run both ways are
    left out.
    """
    text = ".".join([*draw(st.lists(_labels, min_size=1, max_size=3)), draw(_endings)])
    return accepted(text) or "fabrikam.example"


@st.composite
def typed_forms(draw, name: str) -> str:
    """One of the ways to type the canonical name: Unicode or A-labels, capitals, full width, other
    dots, a last dot, space around it.
    """
    text = draw(st.sampled_from([name, email_domains.ulabels(name)]))
    text = draw(
        st.sampled_from(
            [
                text,
                text.upper() if text.isascii() else text,
                text.title() if text.isascii() else text,
            ]
        )
    )
    text = draw(st.sampled_from([text, text.translate(FULL_WIDTH)]))
    text = "".join(
        draw(st.sampled_from(IDEOGRAPHIC_DOTS)) if character == "." else character
        for character in text
    )
    return (
        draw(st.sampled_from(["", " ", "\t\r\n"]))
        + text
        + draw(st.sampled_from(["", ".", "。", ". "]))
    )

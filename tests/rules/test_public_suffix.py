"""The public suffix list's own tests, whole, and how far down a claim reaches."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules import email_domains
from governance.rules.domains import public_suffix

from .names import accepted, canonical_names


def own_tests_of_the_list() -> list[tuple[str, str | None]]:
    text = (files("publicsuffixlist") / "test_psl.txt").read_text(encoding="utf-8")
    found = re.findall(r"^checkPublicSuffix\('([^']*)', (?:'([^']*)'|null)\);", text, re.MULTILINE)
    return [(name, answer or None) for name, answer in found]


def rules_of_the_list() -> dict[str, list[str]]:
    """The rules as they stand in the file, by section."""
    text = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8")
    icann, private = text.split("===BEGIN PRIVATE DOMAINS===")
    return {"icann": _rules(icann), "private": _rules(private)}


def _rules(text: str) -> list[str]:
    return [
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith("//")
    ]


def whole_names(rules: list[str]) -> list[str]:
    """The rules that are names of two or more labels, in canonical form; a wildcard stands for one
    of its names.
    """
    plain = (rule.replace("*.", "anything.") for rule in rules if not rule.startswith("!"))
    return [name for rule in plain if "." in rule and (name := accepted(rule))]


def test_the_list_has_its_own_tests():
    assert len(own_tests_of_the_list()) == 77


@pytest.mark.parametrize(("name", "registrable"), own_tests_of_the_list())
def test_the_lists_own_tests(name, registrable):
    """A leading dot or a single label is no name at all here, and so has nothing that can be
    registered.
    """
    canonical = accepted(name)
    assert (public_suffix.registrable_domain(canonical) if canonical else None) == (
        registrable and email_domains.canonical_domain(registrable)
    )


@pytest.mark.parametrize("section", ["icann", "private"])
def test_every_rule_of_a_section_is_a_suffix_of_that_section(section):
    names = whole_names(rules_of_the_list()[section])
    assert len(names) > 2900
    assert [name for name in names if public_suffix.suffix_section(name) != section] == []


@pytest.mark.parametrize(
    "name",
    [
        "www.ck",
        "city.kawasaki.jp",
        "fabrikam.example",
        "fabrikam.co.uk",
        "partner.github.io",
        "gmail.com",
    ],
)
def test_what_is_no_suffix(name):
    assert (public_suffix.suffix_section(name), public_suffix.is_public_suffix(name)) == (
        None,
        False,
    )


def test_the_name_above_a_wildcard_counts_as_a_suffix_too_though_the_list_does_not_say_so():
    assert public_suffix.suffix_section("compute.amazonaws.com") == "private"


def test_a_suffix_written_in_unicode_in_the_list_is_found_by_its_a_labels():
    assert public_suffix.suffix_section(email_domains.canonical_domain("公司.cn")) == "icann"


@pytest.mark.parametrize(
    ("name", "registrable"),
    [
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("a.contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("onmicrosoft.com", None),
        ("contoso.mail.onmicrosoft.com", "contoso.mail.onmicrosoft.com"),
        ("a.b.fabrikam.co.uk", "fabrikam.co.uk"),
        ("fabrikam.example", "fabrikam.example"),
        ("example", None),
    ],
)
def test_what_one_owner_has(name, registrable):
    assert public_suffix.registrable_domain(name) == registrable


@pytest.mark.parametrize(
    ("claimed", "subdomains", "name", "is_covered"),
    [
        ("fabrikam.example", True, "fabrikam.example", True),
        ("fabrikam.example", False, "fabrikam.example", True),
        ("fabrikam.example", True, "eng.fabrikam.example", True),
        ("fabrikam.example", True, "a.b.c.fabrikam.example", True),
        ("fabrikam.example", False, "eng.fabrikam.example", False),
        ("eng.fabrikam.example", True, "fabrikam.example", False),
        ("fabrikam.example", True, "evilfabrikam.example", False),
        ("fabrikam.example", True, "fabrikam.example.evil.org", False),
        ("github.io", True, "github.io", True),
        ("github.io", True, "partner.github.io", False),
        ("amazonaws.com", True, "mail.amazonaws.com", True),
        ("amazonaws.com", True, "bucket.s3.amazonaws.com", False),
        ("amazonaws.com", True, "s3.amazonaws.com", False),
        ("contoso.onmicrosoft.com", True, "a.contoso.onmicrosoft.com", True),
        ("onmicrosoft.com", True, "contoso.onmicrosoft.com", False),
        ("kawasaki.jp", True, "city.kawasaki.jp", False),
    ],
)
def test_how_far_a_claim_reaches(claimed, subdomains, name, is_covered):
    assert public_suffix.covers(claimed, subdomains, name) is is_covered


def naive_covers(claimed: str, subdomains: bool, name: str) -> bool:
    """Go up from the name label by label; a suffix on the way to the claim, the claim included,
    ends it.
    """
    if name == claimed:
        return True
    stops = {"github.io", "co.uk", "com", "io", "uk", "s3.amazonaws.com", "onmicrosoft.com"}
    here = name
    while subdomains and "." in here and here not in stops:
        here = here.split(".", 1)[1]
        if here == claimed:
            return here not in stops
    return False


NAMES = [
    "a.github.io",
    "b.a.github.io",
    "github.io",
    "co.uk",
    "a.co.uk",
    "b.a.co.uk",
    "amazonaws.com",
    "s3.amazonaws.com",
    "x.s3.amazonaws.com",
    "mail.amazonaws.com",
    "onmicrosoft.com",
    "a.onmicrosoft.com",
    "b.a.onmicrosoft.com",
    "com",
    "a.com",
    "b.a.com",
    "c.b.a.com",
    "xa.com",
]


@pytest.mark.parametrize("subdomains", [True, False])
@pytest.mark.parametrize("claimed", NAMES)
def test_reach_is_what_walking_up_label_by_label_finds(claimed, subdomains):
    assert [name for name in NAMES if public_suffix.covers(claimed, subdomains, name)] == [
        name for name in NAMES if naive_covers(claimed, subdomains, name)
    ]


@pytest.mark.properties
@given(canonical_names(), st.booleans())
def test_a_claim_covers_only_names_at_or_beneath_it_and_of_its_owner(name, subdomains):
    for claimed in email_domains.parents(name):
        if public_suffix.covers(claimed, subdomains, name):
            assert claimed == name or public_suffix.registrable_domain(
                name
            ) == public_suffix.registrable_domain(claimed)
        else:
            assert claimed != name


def test_the_rules_of_the_packaged_list_are_turned_to_a_labels():
    everything, icann = (
        {*public_suffix._in_a_labels(only_icann=only)._publicsuffix} for only in (False, True)
    )
    assert {"xn--55qx5d.cn", "xn--fiqs8s", "!www.ck", "*.ck", "co.uk", "github.io"} <= everything
    assert [rule for rule in everything if not rule.isascii()] == []
    assert ("github.io" in icann, icann < everything) == (False, True)

"""Which names nobody can claim, and how old the lists behind that are."""

from datetime import date
from pathlib import Path

import pytest

from governance.rules.decision import Reason
from governance.rules.domains import guards, public_suffix

OURS = ["harbourgate.example", "harbour.test"]
ROOT = Path(guards.__file__).parents[3]


def refusal(code: str, text: str) -> Reason:
    return Reason(code, text, field="sources")


@pytest.mark.parametrize(
    "name",
    [
        "fabrikam.example",
        "fabrikam.co.uk",
        "github.io",
        "partner.github.io",
        "contoso.onmicrosoft.com",
        "gmail.com",
        "evilharbourgate.example",
        "harbourgate.example.org",
        "okta.com",
        "www.ck",
    ],
)
def test_a_name_that_somebody_might_claim(name):
    assert guards.claim_refusal(name, OURS) is None


@pytest.mark.parametrize("name", ["co.uk", "ac.jp", "com.au", "anything.ck", "k12.ca.us"])
def test_a_suffix_of_the_icann_section_is_nobodys(name):
    text = (
        f"{name} is a public suffix: anyone can register a domain under it."
        f" Enter the partner's own domain, such as partner.{name}"
    )
    assert guards.claim_refusal(name, OURS) == refusal("icann_suffix", text)


@pytest.mark.parametrize("name", sorted(public_suffix.SHARED_TENANT_ROOTS))
def test_a_shared_tenant_root_is_nobodys(name):
    text = (
        f"Many organizations share {name}. Enter the partner's own domain, such as partner.{name}"
    )
    assert guards.claim_refusal(name, OURS) == refusal("shared_tenant_root", text)


def test_our_own_name_is_for_no_partner():
    text = (
        "harbourgate.example is one of your domains."
        " Connected organizations are for other organizations."
    )
    assert guards.claim_refusal("harbourgate.example", OURS) == refusal("own_name", text)


def test_a_name_beneath_our_own_is_for_no_partner():
    text = (
        "eng.harbourgate.example is a subdomain of harbourgate.example,"
        " which is one of your domains."
    )
    assert guards.claim_refusal("eng.harbourgate.example", OURS) == refusal("own_name", text)


def test_our_own_name_is_said_before_anything_else():
    assert guards.claim_refusal("co.uk", ["co.uk"]).code == "own_name"


def test_no_own_names_stand_in_nobodys_way():
    assert guards.claim_refusal("fabrikam.example", []) is None


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("harbourgate.example", "harbourgate.example"),
        ("a.b.harbour.test", "harbour.test"),
        ("evilharbour.test", None),
        ("test", None),
    ],
)
def test_the_own_name_at_or_above(name, own):
    assert guards.own_name_above(name, OURS) == own


@pytest.mark.parametrize(
    ("name", "is_private"),
    [
        ("github.io", True),
        ("co.uk", False),
        ("partner.github.io", False),
        ("fabrikam.example", False),
    ],
)
def test_a_private_suffix_can_be_claimed_for_itself_alone(name, is_private):
    assert guards.is_private_suffix(name) is is_private
    assert guards.covers(name, True, name) is True


def test_every_list_says_when_it_was_made():
    assert guards.data_dates() == {
        "public suffixes": date(2026, 10, 23),
        "consumer mail services": date(2026, 11, 1),
        "shared mailboxes": date(2026, 11, 1),
        "throw-away mail services": date(2026, 11, 1),
        "confusable characters": date(2026, 9, 10),
    }


def test_the_dates_belong_to_the_lists_that_are_installed():
    pins = set((ROOT / "requirements.txt").read_text().split())
    assert {"publicsuffixlist==1.1.2.20261023", "disposable-email-domains==0.0.293"} <= pins
    files = {path.name for path in (ROOT / "governance" / "rules" / "domains" / "data").iterdir()}
    assert files == {
        "confusables_2026_09.txt",
        "consumer_mail_2026_11.txt",
        "shared_mailboxes_2026_11.txt",
    }


def test_a_name_is_stored_with_what_finds_it():
    assert guards.stored("eng.fabrikam.example") == {
        "name": "eng.fabrikam.example",
        "key": "example.fabrikam.eng",
        "skeleton": guards.look_alike_skeleton("eng.fabrikam.example"),
    }

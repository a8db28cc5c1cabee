"""What new sources would claim, said before they are saved."""

from __future__ import annotations

from uuid import UUID

import pytest

from governance.queries.connecting.claim_lines import claim_lines
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
DIRECTORY = NewSource(
    "contoso.example",
    UUID(int=7),
    "Contoso AG",
    "contoso.directory.example",
    ("contoso.example", "contoso-labs.example"),
)
START = "Directory: Contoso AG, initial domain contoso.directory.example. It would claim: "


def lines(*sources, ada, **given):
    return claim_lines(sources, by=make.actor(ada), **{"sources": sources, **given})


def test_a_directory_is_named_with_its_initial_domain_and_all_that_it_claims(ada):
    assert lines(DIRECTORY, ada=ada) == (
        f"{START}contoso-labs.example, contoso.directory.example, contoso.example,"
        " including subdomains.",
    )


def test_a_domain_that_another_organization_holds_is_not_claimed(ada):
    make.organization("Labs", "contoso-labs.example")
    assert lines(DIRECTORY, ada=ada) == (
        f"{START}contoso.directory.example, contoso.example, including subdomains.",
    )


def test_a_domain_that_the_organization_gives_up_by_the_same_change_is_claimed(ada):
    row = make.organization("Contoso", "contoso.example")
    key = {"own_organization": str(row.uuid)}
    kept = lines(DIRECTORY, ada=ada, **key)
    assert kept == (
        f"{START}contoso-labs.example, contoso.directory.example, including subdomains.",
    )
    moved = lines(DIRECTORY, ada=ada, going=frozenset({"contoso.example"}), **key)
    assert "contoso.directory.example, contoso.example" in moved[0]


def test_a_domain_by_itself_needs_no_line(ada):
    assert lines(NewSource("other.example"), ada=ada) == ()

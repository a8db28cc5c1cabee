"""Which sponsors count, and which can decide (product rules 36 and 37)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.rules.claims import ClaimFact
from governance.rules.sponsors import (
    SponsorFact,
    why_cannot_decide,
    why_not_counted,
)

FABRIKAM, CONTOSO = "fabrikam", "contoso"


def claim_of(organization: str) -> ClaimFact:
    name = organization.capitalize()
    return ClaimFact(
        f"{organization}.example", True, 1, "domain", "x", organization, name, "configured"
    )


MEMBER = SponsorFact(
    "internal",
    "Sam Adeyemi",
    "sam@harbourgate.example",
    "harbourgate.example",
    "member",
    "active",
    FABRIKAM,
)
GUEST = SponsorFact(
    "external",
    "Bob Ferreira",
    "bob@fabrikam.example",
    "fabrikam.example",
    "guest",
    "active",
    FABRIKAM,
    claim=claim_of(FABRIKAM),
)


def code(reason) -> str | None:
    return reason and reason.code


@pytest.mark.parametrize("sponsor", [MEMBER, GUEST])
def test_an_active_member_and_an_active_guest_of_the_organization_count_and_can_decide(sponsor):
    assert (why_not_counted(sponsor), why_cannot_decide(sponsor)) == (None, None)


def test_an_invited_guest_counts_and_cannot_decide_yet():
    invited = replace(GUEST, state="invited")
    assert (why_not_counted(invited), code(why_cannot_decide(invited))) == (
        None,
        "sponsor_not_active",
    )


@pytest.mark.parametrize(
    ("sponsor", "differs", "why"),
    [
        (MEMBER, {"state": "invited"}, "sponsor_not_a_member"),
        (MEMBER, {"state": "removed"}, "sponsor_gone"),
        (MEMBER, {"state": "blocked", "is_mailbox_blocked": True}, "sponsor_blocked"),
        (MEMBER, {"is_mailbox_blocked": True}, "sponsor_blocked"),
        (MEMBER, {"person_kind": "guest"}, "sponsor_not_a_member"),
        (MEMBER, {"is_organization_deleted": True}, "organization_deleted"),
        (GUEST, {"state": "removed"}, "sponsor_gone"),
        (GUEST, {"is_mailbox_blocked": True}, "sponsor_blocked"),
        (GUEST, {"person_kind": "member", "claim": None}, "sponsor_elsewhere"),
        (GUEST, {"claim": None}, "sponsor_elsewhere"),
        (GUEST, {"claim": None, "own_domain": "fabrikam.example"}, "sponsor_elsewhere"),
        (GUEST, {"claim": claim_of(CONTOSO)}, "sponsor_elsewhere"),
        (GUEST, {"is_domain_blocked": True}, "sponsor_on_the_list"),
        (GUEST, {"is_organization_deleted": True}, "organization_deleted"),
    ],
)
def test_a_sponsor_does_not_count(sponsor, differs, why):
    changed = replace(sponsor, **differs)
    assert (code(why_not_counted(changed)), code(why_cannot_decide(changed))) == (why, why)


def test_the_list_and_the_claims_are_not_about_internal_sponsors():
    assert why_not_counted(replace(MEMBER, is_domain_blocked=True)) is None


def test_the_reason_says_who_why_and_what_to_do():
    elsewhere = replace(GUEST, domain="oldco.example", claim=None)
    assert why_not_counted(elsewhere).text == (
        "Bob Ferreira does not belong to this organization: "
        "none of its domains covers oldco.example. "
        "Add the domain or choose someone else"
    )


@pytest.mark.parametrize("sponsor", [MEMBER, GUEST])
def test_the_reason_belongs_to_the_field_of_its_kind(sponsor):
    reason = why_not_counted(replace(sponsor, state="removed"))
    assert reason.field == f"{sponsor.kind}_sponsors"

"""Asked without a package: which packages can be requested (product rule 28)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.rules.access_packages.policies import PackageFact, PolicyFact
from governance.rules.eligibility.any_package import decide_for_any

from .cases import ONE_STAGE, claim, without_package


def package(name: str, *policies: PolicyFact, is_open: bool = True) -> PackageFact:
    return PackageFact(name, name, is_open, policies)


ANYONE = PolicyFact("p1", "Visitors", "any_outside", stages=ONE_STAGE)
CONFIGURED = PolicyFact("p2", "Partners", "all_configured")
VISITORS, DRAWINGS = package("Visitor network", ANYONE), package("Drawings", CONFIGURED)


def nowhere(**more):
    return without_package("someone@nowhere.example", claims=(), **more)


def test_somebody_of_no_organization_can_request_what_any_outside_person_can():
    answer = decide_for_any(nowhere(), [DRAWINGS, VISITORS])
    assert (answer.allowed, answer.code, answer.approval_needed) == (True, "allowed", True)
    assert [each.package.name for each in answer.requestable] == ["Visitor network"]


def test_the_sentence_names_each_package_that_can_be_requested_with_its_approval():
    answer = decide_for_any(without_package(), [DRAWINGS, VISITORS])
    assert answer.deciding.text == (
        "bob@eng.fabrikam.example can request Drawings (no approval needed)"
        " and Visitor network (needs approval)."
    )
    assert answer.approval_needed is False


def test_a_configured_organization_that_no_policy_includes_can_request_nothing():
    answer = decide_for_any(without_package(), [package("Drawings")])
    assert (answer.allowed, answer.code) == (False, "no_policy")


def test_a_proposed_organization_can_request_what_any_outside_person_can():
    proposed = without_package(claims=(claim(organization_state="proposed"),))
    assert [
        decide_for_any(proposed, packages).code for packages in ([DRAWINGS], [DRAWINGS, VISITORS])
    ] == ["organization_proposed", "allowed"]


def test_the_reason_is_that_of_the_package_that_comes_closest():
    closed = package("Closed", replace(CONFIGURED, is_open=False))
    answer = decide_for_any(without_package(), [package("Aaa"), closed, package("Zzz")])
    assert (answer.code, "Partners" in answer.deciding.text) == ("policy_closed", True)


@pytest.mark.parametrize(
    ("facts", "code"), [(nowhere(), "no_organization"), (without_package(), "no_policy")]
)
def test_without_any_package_nothing_can_be_requested(facts, code):
    answer = decide_for_any(facts, [])
    assert (answer.allowed, answer.code) == (False, code)


def test_what_stops_every_package_is_said_once_and_no_package_is_asked():
    answer = decide_for_any(nowhere(list_default="block"), [VISITORS])
    assert (answer.code, answer.packages) == ("domain_blocked", ())

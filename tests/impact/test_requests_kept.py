"""Requests under way keep their stages when the policy gets others: that is said first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.impact import impact_of
from governance.impact.access_packages import putting_policy
from governance.models import AccessRequest
from governance.rules.access_packages.lifecycle import Lifecycle
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(fabrikam, bob):
    policy = make.policy(make.package(), "named", fabrikam)
    AccessRequest.objects.create(
        package=policy.package,
        policy=policy,
        email=bob.email,
        mailbox=bob.mailbox,
        submitted_at=make.NOON,
        stage_began_at=make.NOON,
        stages=policy.stages,
    )
    return policy


def lines(policy, fabrikam, **more) -> list[str]:
    wanted = replace(policy.terms, organizations=(fabrikam.uuid,), **more)
    impact = impact_of(putting_policy(policy.package, policy, wanted), make.NOON)
    return [line.text for line in impact.lines]


@pytest.mark.parametrize(
    "more", [{"lifecycle": Lifecycle(days=3)}, {"stages": ()}], ids=["length", "stages"]
)
def test_open_requests_are_said_to_keep_what_they_were_submitted_with(policy, fabrikam, more):
    assert lines(policy, fabrikam, **more)[-1] == (
        "1 open request keeps the stages and the length of access that it was submitted with."
    )


def test_a_policy_whose_terms_stay_says_nothing_of_requests(policy, fabrikam):
    assert lines(policy, fabrikam, needs_reason=True) == []

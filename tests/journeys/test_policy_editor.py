"""The page of a policy in a browser: nothing wrong with it, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from governance.models import Policy
from tests import make

from .looks import look_at
from .test_every_page import open_as  # noqa: F401

# ruff: noqa: F811 (fixtures that take others)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def policy(ada, fabrikam):
    stages = make.stages("external_sponsors", "internal_sponsors")
    return make.policy(make.package(), "named", fabrikam, stages=stages)


def test_nothing_is_wrong_with_the_page_while_it_is_filled_in(policy, ada, open_as):
    page = open_as(ada)
    page.goto(f"/policies/{policy.uuid}/edit/")
    page.get_by_role("button", name="Add stage").click()
    page.get_by_role("button", name="Add question").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the question")
    assert look_at(page) + page.heard == []


def test_the_stages_of_a_policy_have_nothing_wrong_with_them(policy, ada, open_as):
    page = open_as(ada)
    page.goto(f"/access-packages/{policy.package.uuid}/policies/")
    page.get_by_text("Stages of Named").click()
    assert look_at(page) + page.heard == []


def test_a_stage_is_added_moved_and_saved(policy, ada, open_as):
    page = open_as(ada)
    page.goto(f"/policies/{policy.uuid}/edit/")
    page.get_by_role("button", name="Add stage").click()
    third = page.get_by_role("group", name="Stage 3")
    expect(third.get_by_label("Specific people")).to_be_checked()
    expect(third.get_by_label("Fallback")).to_be_hidden()
    third.get_by_role("textbox", name="People").fill(ada.email)
    page.get_by_role("button", name="Move up stage 3").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Policy “Named” saved.")).to_be_visible()
    approvers = [stage.approvers for stage in Policy.objects.get().all_stages]
    assert approvers == ["external_sponsors", "named_people", "internal_sponsors"]


def test_the_summary_follows_what_is_typed(policy, ada, open_as):
    page = open_as(ada)
    page.goto(f"/policies/{policy.uuid}/edit/")
    page.get_by_role("group", name="Stage 2").get_by_label("Days to decide").fill("9")
    page.get_by_label("After a number of days").check()
    page.get_by_label("Days of access").fill("30")
    page.get_by_label("Days of access").press("Tab")
    summary = page.get_by_label("Summary")
    expect(summary).to_contain_text("then an internal sponsor within 9 days")
    expect(summary).to_contain_text("Access lasts 30 days and cannot be extended.")

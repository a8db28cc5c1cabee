"""What My Access says: who decides without names, how long, what happens next, why not."""

from __future__ import annotations

import pytest

from governance.rules import my_access_words as words
from governance.rules.access_packages.lifecycle import Lifecycle
from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    INTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
)
from governance.rules.access_requests.transitions import EVENTS

EXTERNAL, INTERNAL, NAMED = (
    Stage(EXTERNAL_SPONSORS),
    Stage(INTERNAL_SPONSORS),
    Stage(NAMED_PEOPLE, days=5),
)
WHERE = {"organization": "Fabrikam", "domain": "fabrikam.example"}


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((), "No approval is needed."),
        ((NAMED,), "An approver decides."),
        ((INTERNAL,), "A sponsor responsible for your organization decides."),
        ((Stage(EXTERNAL_SPONSORS, needed=2),), "2 sponsors from your organization decide."),
        (
            (EXTERNAL, INTERNAL, NAMED),
            "First a sponsor from your organization decides, then a sponsor responsible for your"
            " organization, then an approver.",
        ),
    ],
)
def test_who_decides_is_said_without_names(stages, said):
    assert words.who_decides(stages) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "a sponsor from your organization"),
        (("Eva",), "Eva"),
        (("Ada", "Bob", "Cleo", "Dan"), "Ada, Bob, Cleo and 1 more"),
    ],
)
def test_whom_a_stage_asks_is_said_by_name_where_names_are_given(names, said):
    assert words.asked_words(EXTERNAL, names) == said


def test_how_long_says_whether_dates_can_be_chosen():
    lasting = Lifecycle(days=90)
    choosing = Lifecycle(days=90, requester_chooses=True)
    assert (words.how_long(lasting), words.how_long(choosing)) == (
        "Access lasts 90 days.",
        "Access lasts 90 days. You can choose the dates.",
    )


def test_what_happens_next_says_how_long_all_stages_can_take():
    first, *others = words.next_steps((INTERNAL, NAMED), Lifecycle(days=90))
    assert first.endswith("then an approver. This takes at most 19 days.")
    assert others == [
        "You get an email with the decision. If nobody decides in time, the request expires and you"
        " can submit it again.",
        "After approval, access is set up within a few minutes. Access lasts 90 days.",
    ]


def test_what_happens_next_without_approval():
    assert words.next_steps((), Lifecycle(days=90)) == (
        "No approval is needed.",
        "Access is set up within a few minutes. You get an email.",
        "Access lasts 90 days.",
    )


@pytest.mark.parametrize(
    ("kind", "said"), [("group", "Membership of the group CAD"), ("webhook", "Access in CAD")]
)
def test_what_a_resource_gives(kind, said):
    assert words.resource_words(kind, "CAD") == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("domain_blocked", "Requests from fabrikam.example are blocked at the moment."),
        ("sign_in_differently", "Fabrikam requires that you sign in with its own directory."),
        ("policy_closed", "This cannot be requested at the moment."),
        ("no_policy", "Fabrikam has no access packages yet."),
    ],
)
def test_why_there_is_nothing(code, said):
    assert words.why_nothing(code, **WHERE, is_member=False) == said


def test_members_are_told_about_their_directory():
    said = words.why_nothing("no_policy", **WHERE, is_member=True)
    assert said == "No access package is for people in your directory."


@pytest.mark.parametrize("code", ["no_policy", "package_unknown", "person_blocked", "own_name"])
def test_of_one_package_nobody_is_told_what_is_none_of_their_business(code):
    assert words.why_not_this(code, **WHERE) == ""


def test_a_closed_package_says_so():
    assert words.why_not_this("package_closed", **WHERE) == (
        "This cannot be requested at the moment."
    )


def test_every_event_of_a_request_has_words_for_its_timeline():
    assert set(EVENTS) - set(words.TIMELINE) == set()


def test_the_words_with_an_approvers_name_are_for_events_of_approvers():
    assert {event: text.format("Eva") for event, text in words.BY_APPROVERS.items()} == {
        "approve_stage": "Eva approved",
        "approve": "Eva approved",
        "deny": "Eva denied the request",
        "send_back": "Eva needs more information",
        "undo": "Eva took the decision back",
    }


def test_changed_terms_are_refused_without_a_field():
    refusal = words.terms_changed()
    assert (refusal.code, refusal.reasons[0].field) == ("policy_changed", "")

"""The page of a policy: stages, questions and lifecycle, with everything typed kept."""

from __future__ import annotations

from datetime import date

import pytest

from governance.models import AuditEvent, Person, Policy
from governance.rules.access_packages.lifecycle import Lifecycle
from governance.rules.access_packages.questions import Question
from governance.rules.access_packages.stages import Stage
from governance.templatetags.stage_drawing import stage_drawing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def uma():
    return make.member("uma@harbourgate.example", name="Uma Castellanos")


@pytest.fixture
def package(ada):
    return make.package()


def add(client, package, **typed):
    path = f"/access-packages/{package.uuid}/policies/add/"
    return client.post(path, make.policy_form("Partners", "nobody", save="1") | typed)


def press(client, package, change: str, **typed):
    path = f"/access-packages/{package.uuid}/policies/add/"
    return client.post(path, make.policy_form("Partners", **typed) | {"change": change})


def second_stage(**more) -> dict:
    stage = {"approvers": "external_sponsors", "fallback": "uma@harbourgate.example"}
    stage |= {"needed": "1", "days": "7"} | more
    return {"stages": "2"} | {f"stage-2-{part}": value for part, value in stage.items()}


def errors(page) -> dict:
    return {name: list(texts) for name, texts in page.context["form"].errors.items()}


def values(page, kind: str, part: str) -> list:
    return [each[part].value() for each in page.context["form"].parts(kind)]


def test_all_of_a_policy_is_saved(client, package, ada, uma):
    typed = {
        **second_stage(
            approvers="named_people",
            people="Uma Castellanos",
            reminds_after="3",
            escalates_after="5",
            alternates=ada.email,
            needs_reason="on",
        ),
        "needs_reason": "on",
        "questions": "2",
        "question-1-text": "Which project?",
        "question-1-kind": "short",
        "question-1-is_required": "on",
        "question-2-text": "Where?",
        "question-2-kind": "choice",
        "question-2-choices": "Oslo\r\n\r\nBergen",
        "ends": "until",
        "last_day": "2099-12-31",
        "requester_chooses": "on",
        "extension": "without",
    }
    assert add(client, package, **typed).status_code == 303
    policy = Policy.objects.get()
    assert policy.all_stages == (
        Stage("internal_sponsors", fallback=(str(ada.uuid),)),
        Stage(
            "named_people",
            (str(uma.uuid),),
            alternates=(str(ada.uuid),),
            days=7,
            reminds_after=3,
            escalates_after=5,
            needs_reason=True,
        ),
    )
    assert policy.all_questions == (
        Question("Which project?", "short", (), True),
        Question("Where?", "choice", ("Oslo", "Bergen")),
    )
    assert (policy.needs_reason, policy.lifecycle) == (
        True,
        Lifecycle("until", None, None, date(2099, 12, 31), True, True, False),
    )


def test_the_page_of_a_saved_policy_shows_what_was_saved(client, package, ada):
    add(client, package, **second_stage(), ends="hours", lasts_hours="8", extension="with")
    page = client.get(f"/policies/{Policy.objects.get().uuid}/edit/")
    shown = page.context["form"]
    assert values(page, "stage", "approvers") == ["internal_sponsors", "external_sponsors"]
    assert values(page, "stage", "fallback") == [ada.email, "uma@harbourgate.example"]
    assert [shown[name].value() for name in ("approval", "ends", "lasts_hours", "extension")] == [
        "stages",
        "hours",
        8,
        "with",
    ]


@pytest.fixture(autouse=True)
def fallback(ada, uma):
    """Both are known; the first active member is Ada."""


@pytest.mark.parametrize(
    ("typed", "field", "text"),
    [
        ({"stage-1-fallback": "zoe@x.example"}, "stage-1-fallback", "Nobody here has the email"),
        ({"stage-1-fallback": ""}, "stage-1-fallback", "Choose who decides when the organization"),
        ({"stage-1-days": "0"}, "stage-1-days", "Enter a number of days from 1 to 90"),
        ({"stage-1-days": "soon"}, "stage-1-days", "Enter a number"),
        ({"stage-1-needed": "21"}, "stage-1-needed", "Enter how many have to approve"),
        ({"stage-1-reminds_after": "14"}, "stage-1-reminds_after", "Enter a number of days from 1"),
        ({"stage-1-escalates_after": "3"}, "stage-1-alternates", "Choose who else can decide"),
        ({"stage-1-approvers": "named_people"}, "stage-1-people", "Choose who approves"),
        ({"stage-1-approvers": ""}, "stage-1-approvers", "This field is required."),
        (second_stage(approvers="internal_sponsors"), "stage-2-approvers", "Another stage already"),
        (second_stage(fallback="nobody"), "stage-2-fallback", "Nobody here has the email"),
        ({"stages": "0"}, "approval", "Add a stage, or choose that no approval is needed"),
        (
            {"scope": "any_outside", "approval": "none"},
            "approval",
            "A policy for any outside person always needs approval",
        ),
        (
            {"ends": "days", "lasts_days": ""},
            "lasts_days",
            "Enter a number of days from 1 to 3,660",
        ),
        ({"ends": "hours", "lasts_hours": "0"}, "lasts_hours", "Enter a number of hours from 1"),
        ({"ends": "until", "last_day": ""}, "last_day", "Enter the last day of access"),
        ({"ends": "until", "last_day": "2001-01-01"}, "last_day", "Enter a day that is not over"),
        ({"questions": "1"}, "question-1-text", "Enter the question"),
        (
            {"questions": "1", "question-1-text": "Where?", "question-1-kind": "choice"},
            "question-1-choices",
            "Enter from 2 to 20 different choices",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(client, package, typed, field, text):
    since = AuditEvent.objects.filter(result="done").count()
    typed = {"question-1-kind": "short"} | typed
    page = add(client, package, **typed)
    assert (page.status_code, [each[: len(text)] for each in errors(page)[field]]) == (422, [text])
    assert (Policy.objects.count(), AuditEvent.objects.filter(result="done").count()) == (0, since)
    form = page.context["form"]
    kept = {name: form[name].value() for name in typed if name in form.fields}
    assert kept == {name: value for name, value in typed.items() if name in form.fields}


def test_somebody_blocked_cannot_be_a_fallback(client, package, uma):
    Person.objects.filter(pk=uma.pk).update(state="blocked", is_active=False)
    page = add(client, package, **{"stage-1-fallback": uma.email})
    assert errors(page) == {
        "stage-1-fallback": ["Uma Castellanos is blocked. Choose somebody who can decide"]
    }


def test_what_is_wrong_in_a_field_that_is_not_used_stops_nothing(client, package):
    typed = {"approval": "none", "stage-1-days": "x", "lasts_days": "x", "last_day": "x"}
    assert add(client, package, **typed).status_code == 303
    assert Policy.objects.get().stages == []


def test_a_stage_that_is_added_asks_whom_no_other_stage_asks(client, package):
    page = press(client, package, "add-stage")
    assert (page.status_code, values(page, "stage", "approvers")) == (
        200,
        ["internal_sponsors", "external_sponsors"],
    )


def test_there_are_at_most_three_stages(client, package):
    page = press(client, package, "add-stage", stages="3")
    assert (len(values(page, "stage", "days")), b"Add stage" in page.content) == (3, False)


def test_a_stage_that_is_removed_takes_only_itself_away(client, package):
    page = press(client, package, "remove-stage-1", **second_stage())
    assert values(page, "stage", "approvers") == ["external_sponsors"]
    assert values(page, "stage", "days") == ["7"]


@pytest.mark.parametrize("change", ["up-stage-2", "down-stage-1"])
def test_stages_change_places_with_everything_typed_in_them(client, package, change):
    page = press(client, package, change, **second_stage(fallback="half typed"))
    assert values(page, "stage", "approvers") == ["external_sponsors", "internal_sponsors"]
    assert values(page, "stage", "fallback")[0] == "half typed"


@pytest.mark.parametrize(
    "change",
    ["up-stage-1", "down-stage-2", "remove-stage-9", "nonsense", "up-stage-", "-", "x-y-z"],
)
def test_a_button_that_does_not_exist_changes_nothing(client, package, change):
    page = press(client, package, change, **second_stage())
    assert values(page, "stage", "approvers") == ["internal_sponsors", "external_sponsors"]


def test_a_button_keeps_all_that_is_typed_and_complains_about_nothing(client, package):
    typed = {"scope": "members", "stage-1-days": "soon", "questions": "1"}
    typed |= {"question-1-text": "Why", "question-1-kind": "long", "ends": "until"}
    page = press(client, package, "add-question", **typed)
    form = page.context["form"]
    assert errors(page) == {}
    assert {name: form[name].value() for name in typed if name in form.fields} == {
        name: value for name, value in typed.items() if name in form.fields
    }
    assert values(page, "question", "text") == ["Why", None]


def test_the_policy_is_said_and_drawn_as_typed(client, package, ada):
    typed = make.policy_form("Partners", "members") | second_stage()
    page = client.post(f"/access-packages/{package.uuid}/policies/add/", typed)
    text = page.content.decode()
    assert (
        "People in your directory can request access. First an internal sponsor decides within 14"
        f" days, then an external sponsor within 7 days; if no internal sponsor can decide,"
        f" {ada.name} does; if no external sponsor can decide, Uma Castellanos does."
    ) in text
    assert text.count('<svg class="stages-svg"') == 1


def test_before_saving_the_page_says_which_stage_nobody_could_decide(client, package, ada):
    typed = make.policy_form("Partners", "members", approval="stages") | second_stage(
        fallback=ada.email
    )
    page = client.post(f"/access-packages/{package.uuid}/policies/add/", typed)
    assert [gap.stage for gap in page.context["gaps"]] == [2]
    assert "Nobody could decide stage 2 of the policy “Partners” of Drawings" in (
        page.content.decode()
    )


def test_the_drawing_has_a_title_and_says_the_stages_in_words():
    drawn = stage_drawing(make.stages("external_sponsors", "internal_sponsors"))
    assert "<title>Stages of approval</title><desc>First an external sponsor decides" in drawn
    assert drawn.count("<rect") == 4


def test_the_drawing_marks_the_present_stage_and_those_before():
    drawn = stage_drawing(make.stages("external_sponsors", "internal_sponsors"), 2)
    assert (
        "Stage 2 decides now." in drawn,
        drawn.count('"box done"'),
        drawn.count('"box now"'),
    ) == (
        True,
        1,
        1,
    )


def test_markup_in_a_name_is_text_in_the_drawing(uma):
    Person.objects.filter(pk=uma.pk).update(name="<script>")
    stage = Stage("named_people", (str(uma.uuid),))
    assert "<script>" not in stage_drawing([stage], None, {str(uma.uuid): "<script>"})

"""Access packages and their policies on the admin site."""

from __future__ import annotations

import pytest

from governance.models import AuditEvent, Package, Policy
from tests import make

from .conftest import controls, problems

HUGE = "9" * 23


@pytest.fixture
def package(db):
    return make.package("Drawings")


def policy_of(package, scope="all_configured", *organizations):
    return make.policy(package, scope, *organizations)


def activities(since):
    return list(
        AuditEvent.objects.filter(pk__gt=since).order_by("pk").values_list("activity", "result")
    )


def last():
    return AuditEvent.objects.latest("pk").pk


LOST = (
    "Bob Ferreira can no longer request Drawings. (Bob Ferreira (bob@eng.fabrikam.example))",
    "Anyone with an address at fabrikam.example and its subdomains can no longer request Drawings.",
    "Nobody can request Drawings any more.",
)


def test_a_package_is_added_and_changed(desk, ada):
    desk.add(Package, name="Drawings", description="CAD", is_listed="on", is_open="on")
    package = Package.objects.get()
    assert (package.name, package.created_by) == ("Drawings", str(ada))
    desk.change(package, name="CAD drawings", is_open=[])
    package.refresh_from_db()
    assert (package.name, package.is_listed, package.is_open, package.version) == (
        "CAD drawings",
        True,
        False,
        2,
    )
    assert activities(0) == [("Create access package", "done"), ("Update access package", "done")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a name"),
        ("DRAWINGS ", "Another access package is called Drawings"),
        ("x" * 201, "Name must be 200 characters or fewer (now 201)"),
    ],
)
def test_a_package_that_cannot_be_is_refused_at_its_field(desk, package, name, sentence):
    answer = desk.add(Package, name=name, description="Kept")
    assert (problems(answer), controls(answer)["description"]) == ({"name": [sentence]}, "Kept")
    assert Package.objects.count() == 1


def test_a_package_is_not_deleted(desk, package):
    assert desk.read(package, "delete").status_code == 403


def test_a_policy_is_added_after_whom_it_reaches_was_shown(desk, package, fabrikam, bob):
    since = last()
    asked = desk.add(
        Policy,
        package=package.pk,
        name="Fabrikam",
        scope="named",
        named_organizations=[fabrikam.pk],
        stages=make.stages_text(),
        ends="days",
        lasts_days="30",
    )
    assert asked.context["notice"].lines == (
        "Bob Ferreira can request Drawings with approval."
        " (Bob Ferreira (bob@eng.fabrikam.example))",
        "Anyone with an address at fabrikam.example and its subdomains can request Drawings"
        " with approval.",
    )
    assert not Policy.objects.exists()
    assert desk.again(asked).status_code == 302
    policy = Policy.objects.get()
    assert (policy.package, policy.scope, list(policy.organizations.all()), policy.lasts_days) == (
        package,
        "named",
        [fabrikam],
        30,
    )
    assert activities(since) == [("Create access package assignment policy", "done")]


def test_whom_closing_a_package_shuts_out_is_shown_before_it_is_closed(
    desk, package, fabrikam, bob
):
    policy_of(package)
    asked = desk.change(package, is_open=[])
    package.refresh_from_db()
    assert (asked.context["notice"].lines, package.is_open) == (
        LOST,
        True,
    )
    assert desk.again(asked).status_code == 302
    package.refresh_from_db()
    assert not package.is_open


def test_a_policy_is_changed_and_deleted_after_whom_that_shuts_out_was_shown(
    desk, package, fabrikam, bob
):
    policy = policy_of(package, "named", fabrikam)
    since = last()
    asked = desk.change(policy, named_organizations=[])
    assert asked.context["notice"].lines == LOST
    desk.again(asked)
    assert list(policy.organizations.all()) == []
    desk.delete(policy)
    assert not Policy.objects.exists()
    assert activities(since) == [
        ("Update access package assignment policy", "done"),
        ("Delete access package assignment policy", "done"),
    ]


def test_a_policy_for_anyone_is_added_after_that_was_shown(desk, package, eve):
    asked = desk.add(
        Policy,
        package=package.pk,
        name="Anyone",
        scope="any_outside",
        ends="never",
        stages=make.stages_text(),
    )
    assert asked.context["notice"].lines == (
        "Eve Novak can request Drawings with approval. (Eve Novak (eve@evilfabrikam.example))",
        "People whose domain is in no connected organization and no rule can request Drawings"
        " with approval.",
    )
    assert (Policy.objects.count(), desk.again(asked).status_code, Policy.objects.count()) == (
        0,
        302,
        1,
    )


def test_a_shared_mailbox_is_named_before_nobody_approves_any_more(desk, package, fabrikam):
    make.guest("support@fabrikam.example")
    policy = policy_of(package)
    asked = desk.change(policy, stages="[]")
    assert asked.context["notice"].lines[0] == (
        "Support can no longer request Drawings. (Support (support@fabrikam.example))"
    )
    policy.refresh_from_db()
    assert policy.all_stages == make.stages()


def test_policies_that_are_deleted_together_show_whom_that_shuts_out_together(
    desk, package, fabrikam, bob
):
    rows = [policy_of(package, scope) for scope in ("all_configured", "any_outside")]
    path = "/admin/governance/policy/"
    asked = desk.client.post(
        path, {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    )
    assert asked.context["notice"].lines == (
        *LOST[:2],
        "People whose domain is in no connected organization and no rule can no longer request"
        " Drawings.",
        LOST[2],
    )
    desk.delete_all(*rows)
    assert not Policy.objects.exists()


def test_members_whom_a_deleted_policy_shuts_out_are_shown(desk, package, ada):
    row = policy_of(package, "members")
    assert desk.read(row, "delete").context["notice"].lines == (
        f"{ada.name} can no longer request Drawings. ({ada.name} ({ada.email}))",
        "People in your directory can no longer request Drawings.",
        "Nobody can request Drawings any more.",
    )


@pytest.mark.parametrize(
    ("typed", "where", "sentence"),
    [
        ({"name": " "}, "name", "Enter a name"),
        (
            {"scope": "any_outside"},
            "stages",
            "A policy for any outside person always needs approval",
        ),
        (
            {"scope": "all_configured"},
            "scope",
            (
                "This package already has a policy for all configured connected organizations."
                " Change that policy"
            ),
        ),
        (
            {"ends": "days", "lasts_days": "0"},
            "lasts_days",
            "Enter a number of days from 1 to 3,660",
        ),
        ({"ends": "until"}, "last_day", "Enter the last day of access"),
        ({"stages": "{"}, "stages", "Enter a valid JSON."),
        (
            {"stages": '[{"who": "me"}]'},
            "stages",
            "Enter a list of stages, each with some of these values: approvers, people, fallback,"
            " alternates, needed, days, reminds_after, escalates_after, needs_reason",
        ),
        (
            {"stages": '[{"approvers": "internal_sponsors"}]'},
            "stages",
            "Stage 1: Choose who decides when the organization has no sponsor who can",
        ),
        (
            {"questions": '[{"text": "Where?", "kind": "choice"}]'},
            "questions",
            "Question 1: Enter from 2 to 20 different choices",
        ),
        (
            {"questions": "7"},
            "questions",
            "Enter a list",
        ),
        ({"ends": "days", "lasts_days": "29562207141571166208"}, "lasts_days", None),
        (
            {"package": HUGE},
            "package",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            {"named_organizations": [HUGE]},
            "named_organizations",
            f"Select a valid choice. {HUGE} is not one of the available choices.",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value)[:30],
)
def test_a_policy_that_cannot_be_is_refused_at_its_field(desk, package, typed, where, sentence):
    policy_of(package)
    answer = desk.add(
        Policy,
        **{"package": package.pk, "name": "New", "scope": "nobody", "ends": "never", **typed},
    )
    assert list(problems(answer)) == [where]
    assert sentence is None or problems(answer)[where] == [sentence]
    assert Policy.objects.count() == 1


def test_the_package_of_a_policy_stays(desk, package):
    other = make.package("Other")
    policy = policy_of(package, "nobody")
    desk.change(policy, package=other.pk, name="Renamed")
    policy.refresh_from_db()
    assert (policy.package, policy.name) == (package, "Renamed")


@pytest.mark.parametrize("kind", ["package", "policy"])
def test_somebody_elses_save_meanwhile_is_not_overwritten_unseen(desk, package, kind):
    row = package if kind == "package" else policy_of(package, "nobody")
    form = controls(desk.read(row))
    desk.change(row, name="Theirs")
    clash = desk.client.post(f"/admin/governance/{kind}/{row.pk}/change/", {**form, "name": "Mine"})
    assert problems(clash)["name"] == [
        "The saved value is now “Theirs”. Save again to replace it with yours."
    ]
    row.refresh_from_db()
    assert row.name == "Theirs"

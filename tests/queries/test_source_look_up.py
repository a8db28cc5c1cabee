"""What the pane is told about a whole name (product rules 8 to 13, 22)."""

from __future__ import annotations

import pytest

from governance.actions.organizations.deletion import delete
from governance.queries.connecting.source_look_up import find
from governance.rules.organizations import NewSource
from governance.rules.roles import GUEST_INVITER, SYSTEM, Actor
from tests import make

pytestmark = pytest.mark.django_db
INVITER = Actor(None, "Gil", frozenset({GUEST_INVITER}))


def found(typed: str, by: Actor = SYSTEM, **more):
    return find(typed, by=by, at=make.NOON, **more)


@pytest.fixture
def pumpworks(db):
    return make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )


def source(directory, typed: str) -> NewSource:
    return found(typed).source


def test_a_directory_is_found_by_each_of_its_names(pumpworks):
    for typed in ("pumpworks.example", "pw.example", "pumpworks.directory.example"):
        answer = found(typed)
        assert (answer.kind, answer.source.directory_name, answer.source.initial_domain) == (
            "directory",
            "Pumpworks AG",
            "pumpworks.directory.example",
        )
        assert answer.source.names[0] == typed


@pytest.mark.parametrize("typed", ["eu.pumpworks.example", "works.example"])
def test_a_name_beneath_or_within_one_of_a_directorys_is_a_domain_by_itself(pumpworks, typed):
    assert found(typed).source == NewSource(typed)


def test_names_that_others_hold_are_told_and_stay(pumpworks):
    make.organization("Other", "pw.example")
    assert found("pumpworks.example").names_of_others == ("pw.example",)


def test_names_that_nobody_may_claim_are_told(pumpworks):
    make.own_name("ours.example")
    for name in ("ours.example", "co.uk"):
        pumpworks.verified_domains.create(name=name)
    assert found("pumpworks.example").names_refused == ("co.uk", "ours.example")


def test_public_mail_of_a_directory_is_told_as_refused(pumpworks):
    pumpworks.verified_domains.create(name="gmail.com")
    assert found("pumpworks.example").names_refused == ("gmail.com",)


def test_public_mail_that_a_directory_has_comes_by_itself_and_without_subdomains(pumpworks):
    pumpworks.verified_domains.create(name="gmail.com")
    answer = found("gmail.com")
    assert (answer.kind, answer.is_public_mail, answer.source) == (
        "domain",
        True,
        NewSource("gmail.com", covers_subdomains=False),
    )


def test_names_that_a_deleted_organization_keeps_stay_with_it_unless_they_are_typed(pumpworks):
    delete(organization=make.organization("Other", "pw.example"), by=SYSTEM, at=make.NOON)
    assert [found("pumpworks.example", by).names_of_others for by in (SYSTEM, INVITER)] == [
        ("pw.example",)
    ] * 2
    assert found("pw.example", SYSTEM).names_of_others == ()


def test_what_the_list_does_to_each_name_is_told(pumpworks):
    make.list_rule("pw.example")
    answer = found("pumpworks.example")
    assert (answer.verdict.is_blocked, answer.names_blocked, answer.can_add) == (
        False,
        ("pw.example",),
        True,
    )


def test_a_directory_that_another_organization_has_is_told_by_whom(pumpworks):
    make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    pumpworks.verified_domains.create(name="new.example")
    assert found("new.example").directory_taken.label == "Pumpworks"


def test_the_directory_of_a_deleted_organization_is_an_administrators_to_give(pumpworks):
    delete(
        organization=make.by_directory("Pumpworks", pumpworks, "pumpworks.example"),
        by=SYSTEM,
        at=make.NOON,
    )
    pumpworks.verified_domains.create(name="new.example")
    assert [bool(found("new.example", by).directory_taken) for by in (SYSTEM, INVITER)] == [
        False,
        True,
    ]


def test_every_name_of_a_chosen_directory_is_in_the_selection_already(pumpworks):
    chosen = [source(pumpworks, "pumpworks.example")]
    assert [
        found(typed, chosen=chosen).kind
        for typed in ("pumpworks.example", "pw.example", "pumpworks.directory.example")
    ] == ["added"] * 3


def test_a_name_that_a_chosen_directory_has_since_can_come_by_itself(pumpworks):
    chosen = [source(pumpworks, "pumpworks.example")]
    pumpworks.verified_domains.create(name="new.example")
    answer = found("new.example", chosen=chosen)
    assert (answer.kind, answer.owner, answer.source) == (
        "domain",
        "Pumpworks AG",
        NewSource("new.example"),
    )


def test_a_chosen_directorys_name_that_another_organization_holds_is_said_to_be_taken(pumpworks):
    chosen = [source(pumpworks, "pumpworks.example")]
    make.organization("Other", "pw.example")
    assert (
        found("pw.example", chosen=chosen).kind,
        found("pw.example", chosen=chosen).reason.refers_to.label,
    ) == ("taken", "Other")


def test_names_of_the_organization_that_is_edited_are_not_in_its_own_way(fabrikam):
    assert found("fabrikam.example", own_organization=str(fabrikam.uuid)).can_add
    assert found("eng.fabrikam.example", own_organization=str(fabrikam.uuid)).overlap is None

"""Keeping the table of known directories (product rule 8: what the look-up tells)."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from governance.actions.directories import forget_directory, keep_directory
from governance.facts.directories.look_up import look_up
from governance.models import AuditEvent, KnownDirectory
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
ID = UUID("6f0c41d2-93ab-4e57-b1c8-20d97e5a13f4")
GIVEN = {
    "directory_id": ID,
    "name": "Pumpworks AG",
    "initial_domain": "pumpworks.directory.example",
    "verified": ["pumpworks.example"],
}


def keep(**more) -> KnownDirectory:
    return keep_directory(**(GIVEN | {"by": SYSTEM, "at": make.NOON} | more))


def refused(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        action(**given)
    return refusal.value.code, refusal.value.reasons[0].field


def events() -> list[tuple[str, bool, bool]]:
    return [
        (event.activity, bool(event.before), bool(event.after))
        for event in AuditEvent.objects.order_by("id")
    ]


def test_a_directory_answers_for_its_initial_and_its_verified_domains(db):
    keep(verified=["Pumpworks.Example.", "bücher.example"])
    found = look_up("xn--bcher-kva.example")
    assert (found.directory_id, found.name, found.verified_domains) == (
        ID,
        "Pumpworks AG",
        ("pumpworks.example", "xn--bcher-kva.example"),
    )
    assert look_up("pumpworks.directory.example") == found


@pytest.mark.parametrize(
    "name", ["example", "works.example", "eu.pumpworks.example", "Pumpworks AG"]
)
def test_part_of_a_name_and_what_lies_beneath_one_find_nothing(name):
    keep()
    assert look_up(name) is None


def test_a_directory_becomes_what_is_given(db):
    keep(directory=keep(), name=" Pumpworks  SE ", verified=["pw.example", "pw.example"])
    directory = KnownDirectory.objects.get()
    assert (directory.name, list(directory.verified_domains.values_list("name", flat=True))) == (
        "Pumpworks SE",
        ["pw.example"],
    )


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"directory_id": ID}, "directory_known", "directory_id"),
        ({"initial_domain": "PUMPWORKS.directory.example"}, "name_known", "initial_domain"),
        ({"initial_domain": "pumpworks.example"}, "name_known", "initial_domain"),
        ({"verified": ["fine.example", "pumpworks.example"]}, "name_known", "verified_domains"),
        ({"verified": ["pumpworks.directory.example"]}, "name_known", "verified_domains"),
    ],
    ids=[
        "id",
        "initial",
        "initial is verified elsewhere",
        "verified",
        "verified is initial elsewhere",
    ],
)
def test_an_id_and_a_name_belong_to_one_directory(more, code, field):
    keep()
    other = {
        "directory_id": uuid4(),
        "name": "Other",
        "initial_domain": "other.directory.example",
        "verified": [],
    }
    assert refused(keep, **(other | more)) == (code, field)
    assert KnownDirectory.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"name": " "},
        {"name": "..."},
        {"initial_domain": "nonsense"},
        {"initial_domain": "https://pumpworks.example"},
        {"verified": ["10.0.0.1"]},
    ],
    ids=["blank", "punctuation", "no whole name", "link", "IP address"],
)
def test_what_makes_no_directory_is_refused(more):
    refused(keep, **more)
    assert KnownDirectory.objects.count() == 0


def test_each_change_leaves_one_event_and_no_change_none(db):
    directory = keep()
    keep(directory=directory)
    keep(directory=directory, name="Pumpworks SE")
    forget_directory(directory=directory, by=SYSTEM, at=make.NOON)
    assert events() == [
        ("Add known directory", False, True),
        ("Update known directory", True, True),
        ("Delete known directory", True, False),
    ]


def test_a_directory_that_was_deleted_meanwhile_is_told(db):
    directory = keep()
    forget_directory(directory=directory, by=SYSTEM, at=make.NOON)
    assert refused(keep, directory=directory) == ("directory_gone", "")
    assert refused(forget_directory, directory=directory, by=SYSTEM, at=make.NOON) == (
        "directory_gone",
        "",
    )


def test_an_organization_keeps_what_was_copied_when_its_directory_is_forgotten(db):
    directory = keep()
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    forget_directory(directory=directory, by=SYSTEM, at=make.NOON)
    assert sorted(organization.claims.present().values_list("name", flat=True)) == [
        "pumpworks.directory.example",
        "pumpworks.example",
    ]


@pytest.mark.parametrize("who", ["uma", "gil", "rob"])
def test_only_a_global_administrator_keeps_directories(who, request):
    by = make.actor(request.getfixturevalue(who))
    assert refused(keep, by=by)[0] == "not_permitted"
    assert (
        refused(
            forget_directory, directory=make.known_directory("A", "a.example"), by=by, at=make.NOON
        )[0]
        == "not_permitted"
    )

"""Known directories on the admin site: what the look-up answers from."""

from __future__ import annotations

from uuid import UUID

import pytest

from governance.models import AuditEvent, Claim, KnownDirectory
from tests import make

from .conftest import controls, problems

ID = "7d9f3f2e-3c51-4a37-9d24-0d2c1f0ab111"


def typed(**more):
    return {
        "directory_id": ID,
        "name": "Contoso AG",
        "initial_domain": "contoso.directory.example",
        **rows("contoso.example"),
        **more,
    }


def rows(*names):
    given = {f"verified_domains-{n}-name": name for n, name in enumerate(names)}
    return {"verified_domains-TOTAL_FORMS": str(len(names)), **given}


def test_a_directory_is_added_with_its_verified_domains(desk):
    answer = desk.add(
        KnownDirectory,
        **typed(
            initial_domain="Contoso.Directory.Example", **rows("CONTOSO.example", "bücher.example")
        ),
    )
    directory = KnownDirectory.objects.get()
    assert (answer.status_code, directory.directory_id, directory.initial_domain) == (
        302,
        UUID(ID),
        "contoso.directory.example",
    )
    assert sorted(directory.verified_domains.values_list("name", flat=True)) == [
        "contoso.example",
        "xn--bcher-kva.example",
    ]
    event = AuditEvent.objects.get()
    assert (event.activity, event.target, event.before) == ("Add known directory", "Contoso AG", "")


def test_a_new_directory_starts_without_an_id(desk):
    assert controls(desk.read(KnownDirectory, "add"))["directory_id"] == ""


@pytest.mark.parametrize(
    ("wrong", "where", "sentence"),
    [
        ({"name": ""}, "name", "Enter a name"),
        ({"directory_id": ""}, "directory_id", "Enter the directory ID"),
        ({"initial_domain": ""}, "initial_domain", "Enter a domain"),
        (
            {"initial_domain": "contoso"},
            "initial_domain",
            "Enter the whole domain, such as partner.example",
        ),
        ({"directory_id": "7"}, "directory_id", f"Enter the whole directory ID, such as {ID}"),
        (
            {"directory_id": "11111111-1111-4111-8111-111111111111"},
            "directory_id",
            "Taken AG already has this directory ID",
        ),
        (
            {"initial_domain": "taken.directory.example"},
            "initial_domain",
            "taken.directory.example belongs to Taken AG",
        ),
        (
            {"verified_domains-0-name": "taken.example"},
            "verified_domains",
            "taken.example belongs to Taken AG",
        ),
        (
            {"verified_domains-0-name": "taken.directory.example"},
            "verified_domains",
            "taken.directory.example belongs to Taken AG",
        ),
        (
            {"verified_domains-0-name": "a b.example"},
            "verified_domains",
            "A domain cannot contain spaces",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value)[:40],
)
def test_what_cannot_be_is_refused_where_it_was_typed(desk, wrong, where, sentence):
    make.known_directory(
        "Taken AG",
        "taken.directory.example",
        "taken.example",
        directory_id=UUID("11111111-1111-4111-8111-111111111111"),
    )
    given = typed(**wrong)
    answer = desk.add(KnownDirectory, **given)
    assert problems(answer) == {where: [sentence]}
    assert {name: controls(answer)[name] for name in given} == given
    assert KnownDirectory.objects.count() == 1


def test_a_changed_directory_changes_no_claim(desk):
    directory = make.known_directory("Contoso AG", "contoso.directory.example", "contoso.example")
    make.by_directory("Contoso", directory, "contoso.example")
    before = set(Claim.objects.values_list("name", flat=True))
    desk.change(directory, **rows("contoso.example", "contoso-new.example"))
    assert sorted(directory.verified_domains.values_list("name", flat=True)) == [
        "contoso-new.example",
        "contoso.example",
    ]
    assert set(Claim.objects.values_list("name", flat=True)) == before
    assert AuditEvent.objects.latest("pk").activity == "Update known directory"


def test_saving_without_a_change_leaves_no_event(desk):
    directory = make.known_directory("Contoso AG", "contoso.directory.example", "contoso.example")
    assert desk.change(directory).status_code == 302
    assert not AuditEvent.objects.exists()


def test_deleting_directories_one_by_one_and_together(desk):
    first, second, third = (
        make.known_directory(name, f"{name}.directory.example") for name in ("one", "two", "three")
    )
    desk.delete(first)
    desk.delete_all(second, third)
    assert not KnownDirectory.objects.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", "target")) == [
        ("Delete known directory", name) for name in ("one", "two", "three")
    ]


def test_a_user_administrator_only_reads_them(desk_of, uma):
    directory = make.known_directory("Contoso AG", "contoso.directory.example")
    desk = desk_of(uma)
    assert (
        desk.read(directory).status_code,
        desk.read(KnownDirectory, "add").status_code,
        desk.read(directory, "delete").status_code,
    ) == (200, 403, 403)

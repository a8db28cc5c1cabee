"""Connected organizations on the admin site: the same rules, sentences and events as on the
portal's own pages.
"""

from __future__ import annotations

import pytest

from governance.models import AuditEvent, Claim, Organization, Source, Sponsorship
from tests import make

from .conftest import controls, problems

BOB = "(Bob Ferreira (bob@eng.fabrikam.example))"
JOINS = "now belongs to Contoso."
IMITATES = "looks like the known domain fabrikam.example. Check that it is not an imitation."
ROWS = {"sources-TOTAL_FORMS": "1", "sources-0-covers_subdomains": ["on"]}


@pytest.fixture
def drawings(db):
    """A package that people of every configured organization can ask for."""
    package = make.package("Drawings")
    make.policy(package, "all_configured")
    return package


def events(since: int = 0) -> list[tuple[str, str]]:
    return list(
        AuditEvent.objects.filter(pk__gt=since).order_by("pk").values_list("activity", "result")
    )


def last_event() -> int:
    return AuditEvent.objects.latest("pk").pk if AuditEvent.objects.exists() else 0


def saved(response) -> bool:
    return response.status_code == 302


def test_an_organization_is_added_with_its_source_and_sponsors(desk, ada, sam):
    asked = desk.add(
        Organization,
        name="Contoso",
        description="Freight",
        **ROWS,
        **{"sources-0-typed_name": "Contoso.Example."},
        **{
            "sponsorships-TOTAL_FORMS": "1",
            "sponsorships-0-person": sam.pk,
            "sponsorships-0-kind": "internal",
        },
    )
    answer = desk.again(asked)
    contoso = Organization.objects.get()
    assert (saved(answer), contoso.created_by, contoso.state) == (True, str(ada), "configured")
    assert list(contoso.claims.values_list("name", flat=True)) == ["contoso.example"]
    assert [(s.person, s.kind) for s in contoso.sponsorships.all()] == [(sam, "internal")]
    assert events() == [("Create connected organization", "done")]


@pytest.fixture
def contoso_directory(db):
    """A known directory, which has proved to own a public mail domain as well."""
    return make.known_directory(
        "Contoso AG", "contoso.directory.example", "contoso-labs.example", "gmail.com"
    )


CLAIMS = (
    "Directory: Contoso AG, initial domain contoso.directory.example."
    " It would claim: contoso-labs.example, contoso.directory.example, including subdomains."
)
LABS = {"sources-0-typed_name": "contoso-labs.example"}


def test_a_typed_domain_becomes_a_directory_only_after_its_claims_were_shown(
    desk, contoso_directory
):
    asked = desk.add(Organization, name="Contoso", **ROWS, **LABS)
    assert (asked.context["notice"].lines[0], Organization.objects.count()) == (CLAIMS, 0)
    assert saved(desk.again(asked))
    source = Source.objects.get()
    assert (source.kind, source.label, source.initial_domain) == (
        "directory",
        "Contoso AG",
        "contoso.directory.example",
    )
    assert set(Claim.objects.values_list("name", flat=True)) == {
        "contoso-labs.example",
        "contoso.directory.example",
    }


def test_what_is_claimed_is_what_was_shown_with_public_mail_accepted_too(desk, contoso_directory):
    asked = desk.add(
        Organization, name="Contoso", **ROWS, **LABS, **{"sources-0-accept_public_mail": ["on"]}
    )
    assert not Claim.objects.exists()
    desk.again(asked)
    claimed = ", ".join(sorted(Claim.objects.values_list("name", flat=True)))
    assert asked.context["notice"].lines[0].endswith(f"claim: {claimed}, including subdomains.")


def test_a_directory_that_got_a_domain_after_its_claims_were_shown_is_shown_again(
    desk, contoso_directory
):
    asked = desk.add(Organization, name="Contoso", **ROWS, **LABS)
    contoso_directory.verified_domains.create(name="contoso.example")
    again = desk.again(asked)
    assert "contoso.directory.example, contoso.example" in again.context["notice"].lines[0]
    assert not Organization.objects.exists()


def test_a_directory_added_to_an_organization_is_shown_first(desk, fabrikam, contoso_directory):
    typed = {"sources-TOTAL_FORMS": "2", "sources-1-typed_name": "contoso-labs.example"}
    asked = desk.change(fabrikam, **typed)
    assert (asked.context["notice"].lines[0], fabrikam.sources.count()) == (CLAIMS, 1)
    assert saved(desk.again(asked))
    assert fabrikam.sources.present().filter(kind="directory").get().label == "Contoso AG"


def test_a_domain_that_is_replaced_by_a_directory_is_shown_first(desk, fabrikam, contoso_directory):
    asked = desk.change(fabrikam, **LABS)
    assert (asked.context["notice"].lines[0], fabrikam.sources.get().kind) == (CLAIMS, "domain")


def test_a_directory_that_is_not_typed_again_is_not_shown(desk, contoso_directory):
    row = make.by_directory("Contoso", contoso_directory, "contoso-labs.example")
    assert saved(desk.change(row, description="Freight"))


@pytest.mark.parametrize(
    ("typed", "where", "sentence"),
    [
        ({"name": ""}, "name", "Enter a name"),
        ({"name": "  "}, "name", "Enter a name"),
        ({"name": "x" * 201}, "name", "Name must be 200 characters or fewer (now 201)"),
        ({"name": "fabrikam"}, "name", "Another connected organization is called Fabrikam"),
        ({"name": "…"}, "name", "Name must have at least one letter or digit"),
        (
            {"description": "x" * 501},
            "description",
            "Description must be 500 characters or fewer (now 501)",
        ),
        ({"sources-0-typed_name": "https://contoso.example/x"}, "sources", None),
        ({"sources-0-typed_name": "com"}, "sources", None),
        ({"sources-0-typed_name": "co.uk"}, "sources", None),
        ({"sources-0-typed_name": "onmicrosoft.com"}, "sources", None),
        ({"sources-0-typed_name": "10.0.0.1"}, "sources", None),
        ({"sources-0-typed_name": "ours.example"}, "sources", None),
        ({"sources-0-typed_name": "gmail.com"}, "sources", None),
        (
            {"sources-0-typed_name": "fabrikam.example"},
            "sources",
            (
                "fabrikam.example already belongs to Fabrikam."
                " A directory or domain can be in only one connected organization."
            ),
        ),
        ({"sources-TOTAL_FORMS": "0"}, "sources", "Add at least one directory or domain"),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value)[:40],
)
def test_a_refusal_stands_at_its_field_with_all_that_was_typed_and_writes_nothing(
    desk, fabrikam, typed, where, sentence
):
    make.own_name("ours.example")
    before = last_event()
    given = {
        "name": "Contoso",
        "description": "Freight",
        **ROWS,
        "sources-0-typed_name": "contoso.example",
        **typed,
    }
    answer = desk.add(Organization, **given)
    assert list(problems(answer)) == [where]
    assert sentence is None or problems(answer)[where] == [sentence]
    kept = controls(answer)
    assert {name: kept.get(name) for name in given if name in kept} == {
        name: value for name, value in given.items() if name in kept
    }
    assert Organization.objects.get() == fabrikam
    assert len(events(before)) <= 1
    assert {result for _activity, result in events(before)} <= {"refused"}


def test_a_sponsor_that_cannot_be_is_refused_at_its_row(desk):
    sponsor = {
        "sponsorships-TOTAL_FORMS": "1",
        "sponsorships-0-kind": "internal",
        "sponsorships-0-person": "9" * 23,
    }
    answer = desk.add(
        Organization,
        name="Contoso",
        **ROWS,
        **{"sources-0-typed_name": "contoso.example"},
        **sponsor,
    )
    assert problems(answer) == {
        "sponsorships": ["Select a valid choice. That choice is not one of the available choices."]
    }


def test_a_refusal_by_a_rule_is_on_record_once(desk, fabrikam):
    before = last_event()
    desk.add(Organization, name="Contoso", **ROWS, **{"sources-0-typed_name": "fabrikam.example"})
    assert events(before) == [("Create connected organization", "refused")]


def test_basics_sources_and_sponsors_of_one_save_are_one_change_with_an_event_each(
    desk, fabrikam, sam
):
    before = last_event()
    answer = desk.change(
        fabrikam,
        name="Fabrikam AG",
        **{
            "sources-TOTAL_FORMS": "2",
            "sources-1-typed_name": "fabrikam-labs.example",
            "sources-1-covers_subdomains": "on",
        },
        **{
            "sponsorships-TOTAL_FORMS": "1",
            "sponsorships-0-person": sam.pk,
            "sponsorships-0-kind": "internal",
        },
    )
    assert saved(desk.again(answer))
    assert events(before) == [
        ("Update connected organization", "done"),
        ("Update connected organization", "done"),
        ("Assign user as internal sponsor", "done"),
    ]
    assert set(fabrikam.claims.present().values_list("name", flat=True)) == {
        "fabrikam.example",
        "fabrikam-labs.example",
    }


def test_one_refusal_undoes_the_whole_save_and_is_recorded_with_its_organization(
    desk, fabrikam, eve
):
    before = last_event()
    answer = desk.change(
        fabrikam,
        name="Fabrikam AG",
        **{
            "sponsorships-TOTAL_FORMS": "1",
            "sponsorships-0-person": eve.pk,
            "sponsorships-0-kind": "external",
        },
    )
    assert problems(answer) == {
        "sponsorships": [
            (
                "Eve Novak does not belong to this organization:"
                " none of its domains covers evilfabrikam.example."
                " Add the domain or choose someone else"
            )
        ]
    }
    fabrikam.refresh_from_db()
    assert (fabrikam.name, Sponsorship.objects.count()) == ("Fabrikam", 0)
    event = AuditEvent.objects.get(pk__gt=before)
    assert (event.activity, event.result, event.target) == (
        "Update sponsors",
        "refused",
        "Fabrikam",
    )


def test_saving_without_a_change_leaves_no_event(desk, fabrikam):
    before = last_event()
    assert saved(desk.change(fabrikam))
    assert events(before) == []


def test_a_description_keeps_its_lines(desk):
    row = make.organization(description="First line.\nSecond line.")
    before = last_event()
    assert saved(desk.change(row))
    row.refresh_from_db()
    assert (row.description, events(before)) == ("First line.\nSecond line.", [])


def test_removing_the_last_source_is_refused(desk, fabrikam):
    answer = desk.change(fabrikam, **{"sources-0-DELETE": "on"})
    assert problems(answer) == {"sources": ["Add at least one directory or domain"]}
    assert fabrikam.claims.present().count() == 1


def test_whom_a_change_of_sources_moves_is_shown_before_it_is_done(desk, fabrikam, bob):
    before = last_event()
    asked = desk.change(fabrikam, **{"sources-0-covers_subdomains": []})
    assert asked.context["notice"].lines == (
        f"Bob Ferreira no longer belongs to Fabrikam or any other organization. {BOB}",
        "Anyone with an address at subdomains of fabrikam.example"
        " no longer belongs to Fabrikam or any other organization.",
    )
    assert (events(before), Source.objects.get().covers_subdomains) == ([], True)
    assert saved(desk.again(asked))
    bob.refresh_from_db()
    assert (bob.organization, Source.objects.get().covers_subdomains) == (None, False)
    assert events(before) == [("Update connected organization", "done")]


def test_what_changed_after_it_was_shown_is_shown_again(desk, fabrikam, bob):
    asked = desk.change(fabrikam, **{"sources-0-covers_subdomains": []})
    make.guest("ann@lab.fabrikam.example", name="Ann Other")
    again = desk.again(asked)
    assert again.context["notice"].lines[0] == (
        "2 people no longer belong to Fabrikam or any other organization."
        " (Ann Other (ann@lab.fabrikam.example), Bob Ferreira (bob@eng.fabrikam.example))"
    )
    assert Source.objects.get().covers_subdomains


def test_whom_a_new_organization_takes_in_is_shown_before_it_is_created(desk, eve):
    asked = desk.add(
        Organization, name="Evil", **ROWS, **{"sources-0-typed_name": "evilfabrikam.example"}
    )
    joins = "now belongs to Evil."
    assert asked.context["notice"].lines == (
        f"Eve Novak {joins} (Eve Novak (eve@evilfabrikam.example))",
        f"Anyone with an address at evilfabrikam.example and its subdomains {joins}",
    )
    assert not Organization.objects.exists()
    assert saved(desk.again(asked))
    eve.refresh_from_db()
    assert eve.organization.name == "Evil"


def test_a_new_name_that_imitates_a_known_one_is_warned_of_before_it_is_saved(desk, fabrikam):
    asked = desk.add(
        Organization, name="Contoso", **ROWS, **{"sources-0-typed_name": "fabrlkam.example"}
    )
    assert asked.context["notice"].lines == (
        f"fabrlkam.example {IMITATES}",
        f"Anyone with an address at fabrlkam.example and its subdomains {JOINS}",
    )
    assert Organization.objects.get() == fabrikam
    assert saved(desk.again(asked))
    assert Claim.objects.filter(name="fabrlkam.example").exists()


def test_an_added_name_that_imitates_a_known_one_is_warned_of_and_those_it_had_are_not(
    desk, fabrikam
):
    contoso = make.organization("Contoso", "fabrlkam.example")
    asked = desk.change(
        contoso, **{"sources-TOTAL_FORMS": "2", "sources-1-typed_name": "fabrikarn.example"}
    )
    assert asked.context["notice"].lines == (
        f"fabrikarn.example {IMITATES}",
        f"Anyone with an address at fabrikarn.example and its subdomains {JOINS}",
    )
    assert saved(desk.again(asked))
    assert set(contoso.claims.values_list("name", flat=True)) == {
        "fabrlkam.example",
        "fabrikarn.example",
    }


def test_a_state_that_changes_what_people_can_ask_for_is_shown_first(desk, fabrikam, bob, drawings):
    asked = desk.change(fabrikam, state="proposed")
    assert asked.context["notice"].lines == (
        f"Bob Ferreira can no longer request Drawings. {BOB}",
        "Anyone with an address at fabrikam.example and its subdomains"
        " can no longer request Drawings.",
    )
    fabrikam.refresh_from_db()
    assert fabrikam.state == "configured"
    assert saved(desk.again(asked))
    fabrikam.refresh_from_db()
    assert fabrikam.state == "proposed"


def test_a_state_that_nobody_notices_is_saved_at_once(desk, fabrikam):
    assert saved(desk.change(fabrikam, state="proposed"))


def test_somebody_elses_save_meanwhile_is_shown_at_the_field_and_a_second_save_wins(
    desk, desk_of, uma, fabrikam
):
    form = controls(desk.read(fabrikam))
    desk_of(uma).change(fabrikam, name="Fabrikam Inc")
    clash = desk.client.post(
        f"/admin/governance/organization/{fabrikam.pk}/change/", {**form, "name": "Fabrikam AG"}
    )
    assert problems(clash) == {
        "__all__": [
            "Uma Castellanos saved Fabrikam Inc while you were editing. Choose which values to keep"
        ],
        "name": ["The saved value is now “Fabrikam Inc”. Save again to replace it with yours."],
    }
    assert controls(clash)["name"] == "Fabrikam AG"
    assert saved(desk.again(clash))
    fabrikam.refresh_from_db()
    assert fabrikam.name == "Fabrikam AG"


def test_deleting_lists_what_it_ends_and_is_done_by_the_action(desk, fabrikam, bob, drawings):
    before = last_event()
    asked = desk.read(fabrikam, "delete").content.decode()
    assert "Bob Ferreira can no longer request Drawings." in asked
    assert (
        "Fabrikam: 1 domain stays reserved until you restore it, release them, or add them to"
        in asked
    )
    assert saved(desk.delete(fabrikam))
    fabrikam.refresh_from_db()
    assert fabrikam.is_deleted
    assert fabrikam.claims.present().count() == 1
    assert events(before) == [("Delete connected organization", "done")]


def test_deleting_what_changed_after_it_was_shown_asks_again(desk, fabrikam, bob, drawings):
    form = controls(desk.read(fabrikam, "delete"))
    make.guest("ann@fabrikam.example")
    desk.client.post(f"/admin/governance/organization/{fabrikam.pk}/delete/", form)
    fabrikam.refresh_from_db()
    assert not fabrikam.is_deleted


def test_the_bulk_action_deletes_all_by_the_action(desk, fabrikam):
    contoso = make.organization("Contoso", "contoso.example")
    before = last_event()
    assert saved(desk.delete_all(fabrikam, contoso))
    assert events(before) == [("Delete connected organization", "done")] * 2
    assert not Organization.objects.present().exists()


@pytest.mark.parametrize("way", ["delete", "delete_all"])
def test_deleting_asks_for_the_password_again(desk_with_password, confirm, fabrikam, way):
    asked = getattr(desk_with_password, way)(fabrikam)
    fabrikam.refresh_from_db()
    assert (asked.status_code, asked.url.partition("?")[0], fabrikam.is_deleted) == (
        302,
        "/accounts/reauthenticate/",
        False,
    )
    assert saved(confirm(desk_with_password, asked))
    fabrikam.refresh_from_db()
    assert fabrikam.is_deleted


def test_history_is_the_audit_log(desk, fabrikam):
    desk.change(fabrikam, name="Fabrikam AG")
    page = desk.read(fabrikam, "history").content.decode()
    assert [
        text
        for text in (
            "Update connected organization",
            "Create connected organization",
            "Ada Okafor",
            "System",
        )
        if text not in page
    ] == []


def test_a_deleted_organization_is_not_changed_here(desk, fabrikam):
    desk.delete(fabrikam)
    assert (
        desk.client.get(f"/admin/governance/organization/{fabrikam.pk}/change/").status_code == 302
    )


def test_a_saved_test_that_a_change_would_break_is_shown_first(desk, fabrikam, drawings):
    make.saved_test("bob@eng.fabrikam.example", drawings)
    asked = desk.change(fabrikam, **{"sources-0-covers_subdomains": []})
    assert [line.partition(":")[0] for line in asked.context["notice"].lines] == [
        "Anyone with an address at subdomains of fabrikam.example can no longer request Drawings.",
        "The saved test “bob@eng.fabrikam.example” would fail. The answer would be",
    ]
    assert saved(desk.again(asked))
    assert not Source.objects.get().covers_subdomains


@pytest.mark.parametrize("typed", ["contoso.example", "contoso.directory.example"])
def test_a_tick_for_public_mail_claims_none_that_a_known_directory_has(desk, typed):
    make.known_directory("Contoso AG", "contoso.directory.example", "contoso.example", "gmail.com")
    source = {"sources-0-typed_name": typed, "sources-0-accept_public_mail": "on"}
    answer = desk.add(Organization, name="Contoso", **ROWS, **source)
    while not saved(answer):
        answer = desk.again(answer)
    assert set(Claim.objects.values_list("name", flat=True)) == {
        "contoso.example",
        "contoso.directory.example",
    }


def test_public_mail_that_was_typed_and_ticked_is_connected_by_itself(desk):
    make.known_directory("Contoso AG", "contoso.directory.example", "gmail.com", "web.de")
    source = {"sources-0-typed_name": "gmail.com", "sources-0-accept_public_mail": "on"}
    answer = desk.add(Organization, name="Contoso", **ROWS, **source)
    while not saved(answer):
        answer = desk.again(answer)
    assert list(Source.objects.values_list("kind", "typed_name", "covers_subdomains")) == [
        ("domain", "gmail.com", False)
    ]
    assert list(Claim.objects.values_list("name", flat=True)) == ["gmail.com"]


def test_a_blocked_name_is_not_told_as_the_known_one(desk):
    make.organization("Acrne", "acrne-tools.example")
    make.list_rule("acrne-tools.example")
    asked = desk.add(
        Organization, name="Contoso", **ROWS, **{"sources-0-typed_name": "acme-tools.example"}
    )
    assert asked.context["notice"].lines == (
        f"Anyone with an address at acme-tools.example and its subdomains {JOINS}",
    )
    assert saved(desk.again(asked))

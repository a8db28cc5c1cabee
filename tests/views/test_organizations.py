"""The pages of one organization: what they show, and how two who edit it at once are told of each
other.
"""

from __future__ import annotations

import pytest

from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import AuditEvent, Draft, KnownDirectory, Organization, Person
from governance.rules.organizations import NewSource
from tests import make
from tests.confirmed import basics as organizations
from tests.confirmed import deletion, sources

from .reading import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def now(organization) -> Organization:
    return Organization.objects.get(pk=organization.pk)


def names_of(organization) -> list[str]:
    return sorted(organization.claims.present().values_list("name", flat=True))


# Reading


@pytest.mark.parametrize(
    "tab",
    [(), ("directories",), ("sponsors",), ("people",), ("access",), ("activity",)],
    ids="/".join,
)
def test_a_page_of_an_organization_that_never_was_is_not_there(client, fabrikam, tab):
    assert client.get(at(fabrikam, *tab)).status_code == 200
    Organization.objects.all().delete()
    assert client.get(at(fabrikam, *tab)).status_code == 404


def test_names_of_its_directory_and_what_the_list_does_to_each_are_shown(client):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    make.list_rule("pw.example")
    page = page_of(client.get(at(organization, "directories")))
    assert all(
        name in page for name in ("pumpworks.example", "pumpworks.directory.example", "pw.example")
    )
    assert page.count("Blocked by pw.example, including subdomains") == 1


def test_a_guest_inviter_sees_an_organization_and_no_way_to_change_it(signed_in, gil, fabrikam):
    page = page_of(signed_in(gil).get(at(fabrikam)))
    assert (
        "Fabrikam" in page,
        at(fabrikam, "edit", "basics") in page,
        at(fabrikam, "delete") in page,
    ) == (True, False, False)


# Basics


def basics(**more) -> dict:
    return {"name": "Fabrikam", "description": "", "state": "configured", "version": 1} | more


def save(client, organization, **more):
    return client.post(at(organization, "edit", "basics"), basics(**more))


def test_basics_are_saved_with_one_event_that_says_what_was_and_is(client, fabrikam):
    assert save(client, fabrikam, name="Fabrikam SE", description="Contract").url == at(fabrikam)
    event = AuditEvent.objects.get(activity="Update connected organization")
    assert (event.before, event.after) == (
        '{"description": "", "name": "Fabrikam", "state": "configured"}',
        '{"description": "Contract", "name": "Fabrikam SE", "state": "configured"}',
    )


def test_saving_basics_as_they_are_writes_nothing(client, fabrikam):
    assert save(client, fabrikam).status_code == 303
    assert (
        now(fabrikam).version,
        AuditEvent.objects.filter(activity="Update connected organization").count(),
    ) == (1, 0)


def test_its_own_name_in_other_letters_is_not_taken(client, fabrikam):
    assert save(client, fabrikam, name="FABRIKAM").status_code == 303
    assert now(fabrikam).name == "FABRIKAM"


def test_whoever_saves_second_sees_both_values_one_radio_per_field_and_nothing_is_overwritten(
    client, uma, fabrikam
):
    theirs = {"name": "Fabrikam SE", "description": "Theirs", "state": "configured"}
    organizations.change_basics(organization=fabrikam, **theirs, by=make.actor(uma), at=make.NOON)
    response = save(client, fabrikam, name="Fabrikam AG", description="Mine")
    page = page_of(response)
    assert (response.status_code, now(fabrikam).name, "Uma Castellanos saved this" in page) == (
        409,
        "Fabrikam SE",
        True,
    )
    for field, mine, other in (
        ("name", "Fabrikam AG", "Fabrikam SE"),
        ("description", "Mine", "Theirs"),
    ):
        assert [
            f'type="radio" name="{field}" value="{value}"' in page for value in (mine, other)
        ] == [True, True]
    assert 'type="hidden" name="state" value="configured"' in page


def test_what_was_chosen_field_by_field_is_saved(client, uma, fabrikam):
    organizations.change_basics(
        organization=fabrikam,
        name="Fabrikam SE",
        description="Theirs",
        state="configured",
        by=make.actor(uma),
        at=make.NOON,
    )
    shown = save(client, fabrikam, name="Fabrikam AG", description="Mine").context["organization"]
    save(client, fabrikam, name="Fabrikam SE", description="Mine", version=shown.version)
    assert (now(fabrikam).name, now(fabrikam).description) == ("Fabrikam SE", "Mine")


def test_a_third_save_in_between_is_shown_again(client, uma, fabrikam):
    for name in ("Second", "Third"):
        organizations.change_basics(
            organization=fabrikam,
            name=name,
            description="",
            state="configured",
            by=make.actor(uma),
            at=make.NOON,
        )
    assert save(client, fabrikam, name="Mine", version=2).status_code == 409
    assert now(fabrikam).name == "Third"


@pytest.mark.parametrize(
    "version",
    ["", "x", "0", "-1", "99", "9" * 40],
    ids=["none", "letter", "zero", "negative", "later", "huge"],
)
def test_a_form_that_knows_no_version_overwrites_nothing(client, fabrikam, version):
    assert save(client, fabrikam, name="Mine", version=version).status_code == 409
    assert now(fabrikam).name == "Fabrikam"


def test_a_name_taken_in_between_is_said_at_its_field(client, fabrikam):
    make.organization("Contoso", "contoso.example")
    response = save(client, fabrikam, name="contoso")
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"name": ["Another connected organization is called Contoso"]},
    )


def test_what_was_deleted_meanwhile_is_not_edited(client, fabrikam):
    Organization.objects.update(deleted_at=make.NOON)
    assert [
        save(client, fabrikam, name="Mine").status_code,
        client.get(at(fabrikam, "edit", "basics")).status_code,
    ] == [404, 404]


# Directories and domains


def edit(client, organization, **given):
    return client.post(at(organization, "edit", "directories"), given)


def begin(client, organization) -> Draft:
    edit(client, organization, begin="1", version=now(organization).version)
    return Draft.objects.get(edits=organization)


def add(client, draft: Draft, *names: str) -> None:
    pane = f"/connected-organizations/add/{draft.uuid}/directories/select/"
    for name in names:
        assert client.post(pane, {"add": name}).status_code == 303
    assert client.post(pane, {"select": "1"}).url == at(draft.edits, "edit", "directories")


def seen(client, organization) -> str:
    return client.get(at(organization, "edit", "directories")).context["shown"].seen


def boxes(draft: Draft) -> list[str]:
    draft.refresh_from_db()
    return [
        values["directory_id"] or values["typed_name"]
        for values in draft.answers["directories"]["sources"]
    ]


def test_looking_at_the_sources_writes_nothing(client, fabrikam):
    assert client.get(at(fabrikam, "edit", "directories")).status_code == 200
    assert Draft.objects.count() == 0


def test_a_domain_is_added_once_whom_it_moves_was_shown(client, fabrikam):
    make.guest("lea@contoso.example", name="Lea Marti")
    draft = begin(client, fabrikam)
    add(client, draft, "contoso.example")
    assert names_of(fabrikam) == ["fabrikam.example"]
    assert "Lea Marti" in page_of(client.get(at(fabrikam, "edit", "directories")))
    response = edit(
        client, fabrikam, save="1", subdomains=boxes(draft), seen=seen(client, fabrikam)
    )
    assert (response.url, names_of(fabrikam)) == (
        at(fabrikam, "directories"),
        ["contoso.example", "fabrikam.example"],
    )
    assert Draft.objects.count() == 0


def test_a_save_whose_effect_was_not_seen_shows_it_and_saves_nothing(client, fabrikam):
    draft = begin(client, fabrikam)
    add(client, draft, "contoso.example")
    shown = seen(client, fabrikam)
    make.guest("lea@contoso.example", name="Lea Marti")
    for given, status in (({}, 200), ({"seen": "stale"}, 409), ({"seen": shown}, 409)):
        response = edit(client, fabrikam, save="1", subdomains=boxes(draft), **given)
        assert (response.status_code, "Lea Marti" in page_of(response), names_of(fabrikam)) == (
            status,
            True,
            ["fabrikam.example"],
        )


def test_subdomains_are_switched_where_nobody_notices_at_once_and_else_after_it_was_shown(
    client, fabrikam, bob
):
    shown, was_on = seen(client, fabrikam), "fabrikam.example"
    response = edit(client, fabrikam, save="1", version=1, seen=shown, had_subdomains=was_on)
    assert (response.status_code, Person.objects.get(pk=bob.pk).organization) == (200, fabrikam)
    edit(client, fabrikam, save="1", version=1, seen=response.context["shown"].seen)
    assert Person.objects.get(pk=bob.pk).organization is None


def test_the_last_source_cannot_be_taken_away(client, fabrikam):
    assert edit(client, fabrikam, remove="fabrikam.example", version=1).status_code == 303
    response = edit(client, fabrikam, save="1", seen=seen(client, fabrikam))
    assert (response.status_code, "Add at least one directory or domain" in page_of(response)) == (
        422,
        True,
    )
    assert names_of(fabrikam) == ["fabrikam.example"]


def test_sources_that_somebody_saved_meanwhile_are_shown_beside_mine_and_not_overwritten(
    client, uma, fabrikam
):
    draft = begin(client, fabrikam)
    add(client, draft, "mine.example")
    wanted = (*sources_as_chosen(fabrikam), NewSource("theirs.example"))
    sources.change_sources(organization=fabrikam, sources=wanted, by=make.actor(uma), at=make.NOON)
    response = edit(
        client, fabrikam, save="1", subdomains=boxes(draft), seen=seen(client, fabrikam)
    )
    page = page_of(response)
    assert (response.status_code, names_of(fabrikam)) == (
        409,
        ["fabrikam.example", "theirs.example"],
    )
    assert (
        "Uma Castellanos saved this" in page,
        "theirs.example" in page,
        "mine.example" in page,
    ) == (True, True, True)


def test_having_seen_theirs_mine_is_saved(client, uma, fabrikam):
    draft = begin(client, fabrikam)
    add(client, draft, "mine.example")
    sources.change_sources(
        organization=fabrikam,
        sources=(*sources_as_chosen(fabrikam), NewSource("theirs.example")),
        by=make.actor(uma),
        at=make.NOON,
    )
    shown = edit(client, fabrikam, save="1", subdomains=boxes(draft)).context["shown"].seen
    edit(client, fabrikam, save="1", subdomains=boxes(draft), seen=shown)
    assert names_of(fabrikam) == ["fabrikam.example", "mine.example"]


def test_theirs_can_be_taken(client, uma, fabrikam):
    add(client, begin(client, fabrikam), "mine.example")
    sources.change_sources(
        organization=fabrikam,
        sources=(*sources_as_chosen(fabrikam), NewSource("theirs.example")),
        by=make.actor(uma),
        at=make.NOON,
    )
    assert edit(client, fabrikam, theirs="1").status_code == 303
    assert (Draft.objects.count(), names_of(fabrikam)) == (
        0,
        ["fabrikam.example", "theirs.example"],
    )


def test_another_name_saved_meanwhile_disturbs_nobody_who_edits_the_sources(client, uma, fabrikam):
    draft = begin(client, fabrikam)
    add(client, draft, "mine.example")
    organizations.change_basics(
        organization=fabrikam,
        name="Fabrikam SE",
        description="",
        state="configured",
        by=make.actor(uma),
        at=make.NOON,
    )
    assert (
        edit(
            client, fabrikam, save="1", subdomains=boxes(draft), seen=seen(client, fabrikam)
        ).status_code
        == 303
    )
    assert names_of(fabrikam) == ["fabrikam.example", "mine.example"]


def test_a_page_that_was_old_before_the_edit_began_saves_nothing(client, uma, fabrikam):
    sources.change_sources(
        organization=fabrikam,
        sources=(*sources_as_chosen(fabrikam), NewSource("theirs.example")),
        by=make.actor(uma),
        at=make.NOON,
    )
    response = edit(client, fabrikam, save="1", version=1, seen="")
    assert (response.status_code, "Uma Castellanos saved this" in page_of(response)) == (409, True)
    assert [source.covers_subdomains for source in sources_as_chosen(fabrikam)] == [True, True]


def test_a_domain_that_was_taken_meanwhile_is_said_with_a_link_and_the_edit_is_kept(
    client, fabrikam
):
    draft = begin(client, fabrikam)
    add(client, draft, "contoso.example")
    winner = make.organization("Winner", "contoso.example")
    response = edit(
        client, fabrikam, save="1", subdomains=boxes(draft), seen=seen(client, fabrikam)
    )
    assert (
        response.status_code,
        "contoso.example already belongs to Winner" in page_of(response),
        at(winner) in page_of(response),
    ) == (422, True, True)
    assert boxes(draft) == ["fabrikam.example", "contoso.example"]


def test_what_the_list_does_to_chosen_names_is_shown(client, fabrikam):
    make.list_rule("contoso.example")
    add(client, begin(client, fabrikam), "contoso.example")
    assert "Blocked by the allow and deny list" in page_of(
        client.get(at(fabrikam, "edit", "directories"))
    )


def test_everybody_edits_a_draft_of_their_own(client, signed_in, uma, fabrikam):
    add(client, begin(client, fabrikam), "contoso.example")
    assert "contoso.example" not in page_of(signed_in(uma).get(at(fabrikam, "edit", "directories")))


def test_an_edit_is_no_step_of_the_wizard(client, fabrikam):
    draft = begin(client, fabrikam)
    step = f"/connected-organizations/add/{draft.uuid}/review/"
    assert [client.get(step).status_code, client.post(step).status_code] == [404, 404]


# Later differences (rule 9)


@pytest.fixture
def differing(db):
    """An organization whose directory has another name and other domains by now."""
    directory = make.known_directory(
        "Pumpworks AG",
        "pumpworks.directory.example",
        "pumpworks.example",
        "old.example",
        "kept.example",
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    make.organization("Other", "taken.example")
    directory.verified_domains.filter(name="old.example").delete()
    for name in ("new.example", "taken.example", "gmail.com"):
        directory.verified_domains.create(name=name)
    KnownDirectory.objects.update(name="Pumpworks SE")
    return organization


def test_what_a_directory_tells_otherwise_by_now_is_shown_and_changes_nothing(client, differing):
    page = page_of(client.get(at(differing, "directories")))
    assert all(
        told in page
        for told in (
            "New name: Pumpworks SE",
            "Added domain: new.example",
            "Removed domain: old.example",
        )
    )
    assert "New: taken.example" not in page
    assert "gmail.com" not in page
    assert names_of(differing) == [
        "kept.example",
        "old.example",
        "pumpworks.directory.example",
        "pumpworks.example",
    ]


def test_it_is_accepted_once_whom_it_moves_was_shown(client, differing):
    make.guest("lea@new.example", name="Lea Marti")
    identity = str(differing.sources.get().directory_id)
    assert "Added domain: new.example" in page_of(client.get(at(differing, "edit", "directories")))
    assert (
        edit(client, differing, accept=identity, subdomains=identity, version=1).status_code == 303
    )
    assert "Lea Marti" in page_of(client.get(at(differing, "edit", "directories")))
    edit(client, differing, save="1", subdomains=identity, seen=seen(client, differing))
    assert names_of(differing) == [
        "kept.example",
        "new.example",
        "pumpworks.directory.example",
        "pumpworks.example",
    ]
    assert (differing.sources.present().get().label, now(differing).people_count) == (
        "Pumpworks SE",
        1,
    )
    assert "is told otherwise" not in page_of(client.get(at(differing, "directories")))


def test_what_is_told_as_it_was_copied_is_not_mentioned(client):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example"
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    assert "is told otherwise" not in page_of(client.get(at(organization, "directories")))


# Whose turn it is not


@pytest.mark.parametrize("who", ["gil", "rob"])
@pytest.mark.parametrize(
    "parts",
    [
        ("edit", "basics"),
        ("edit", "directories"),
        ("edit", "sponsors", "internal"),
        ("delete",),
        ("restore",),
        ("release",),
    ],
    ids="/".join,
)
def test_whoever_may_not_is_refused_by_name_of_the_roles_that_may_and_put_on_record(
    who, parts, request, signed_in, fabrikam
):
    response = signed_in(request.getfixturevalue(who)).post(
        at(fabrikam, *parts), basics(name="Mine")
    )
    assert (
        response.status_code,
        "Global administrator" in page_of(response),
        "User administrator" in page_of(response),
    ) == (403, True, True)
    assert (AuditEvent.objects.filter(result="refused").count(), now(fabrikam).name) == (
        1,
        "Fabrikam",
    )


@pytest.mark.parametrize(
    "page", ["edit/basics/", "edit/directories/", "edit/sponsors/internal/", "delete/"]
)
def test_who_changes_what_was_deleted_meanwhile_is_told_so(signed_in, ada, fabrikam, page):
    deletion.delete(organization=fabrikam, by=make.actor(ada), at=make.NOON)
    answer = signed_in(ada).post(
        f"/connected-organizations/{fabrikam.uuid}/{page}", {"name": "Mine"}
    )
    assert (answer.status_code, "Fabrikam was deleted" in answer.content.decode()) == (404, True)

"""Deleting, restoring and releasing: names stay shut until a person decides (product rules 40 and
41).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.facts.eligibility import may_request
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import AuditEvent, Organization, Person, SearchEntry
from governance.rules.decision import Refused
from governance.rules.domains import guards
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make
from tests.confirmed import deletion, sources

pytestmark = pytest.mark.django_db
LATER = make.NOON + timedelta(days=3)


@pytest.fixture
def contoso(db):
    return make.organization("Contoso", "contoso.example", "contoso.test")


def delete(organization, *, by=SYSTEM, at=make.NOON, **more):
    return deletion.delete(organization=organization, by=by, at=at, **more)


def restore(organization, *, by=SYSTEM, at=LATER, **more):
    return deletion.restore(organization=organization, by=by, at=at, **more)


def release(organization, *names, by=SYSTEM, at=LATER):
    deletion.release(organization=organization, names=names, by=by, at=at)


def names_of(organization) -> list[str]:
    return sorted(organization.claims.present().values_list("name", flat=True))


def code(address: str) -> str:
    return may_request(address, at=LATER).code


def refused(action, *given, **more) -> str:
    with pytest.raises(Refused) as refusal:
        action(*given, **more)
    return refusal.value.code


def now(row):
    return type(row).objects.get(pk=row.pk)


# Delete


def test_a_deleted_organization_keeps_its_names_shut(contoso):
    delete(contoso)
    assert (names_of(contoso), code("lea@eu.contoso.example")) == (
        ["contoso.example", "contoso.test"],
        "organization_deleted",
    )


def test_time_opens_nothing(contoso):
    delete(contoso)
    assert (
        may_request("lea@contoso.example", at=make.NOON + timedelta(days=4000)).code
        == "organization_deleted"
    )


def test_its_people_still_belong_to_a_deleted_organization(contoso):
    person = make.guest("lea@contoso.example")
    delete(contoso)
    assert (now(person).organization, now(contoso).people_count) == (contoso, 1)


def test_its_name_is_free_for_another_at_once(contoso):
    delete(contoso)
    assert make.organization("CONTOSO", "other.example").name == "CONTOSO"


def test_deleting_leaves_one_event_with_all_that_it_was(ada, contoso):
    delete(contoso, by=make.actor(ada))
    event = AuditEvent.objects.get(activity="Delete connected organization")
    assert (event.actor, event.target, "contoso.test" in event.before, event.after) == (
        "Ada Okafor",
        "Contoso",
        True,
        "",
    )


def test_nothing_is_deleted_twice(contoso):
    delete(contoso)
    assert refused(delete, contoso) == "organization_deleted"


def test_what_was_changed_meanwhile_is_not_deleted_by_a_stale_page(contoso):
    version = contoso.version
    sources.change_sources(
        organization=contoso,
        sources=(*sources_as_chosen(contoso), NewSource("more.example")),
        by=SYSTEM,
        at=make.NOON,
    )
    assert refused(delete, contoso, version=version) == "changed_meanwhile"
    assert not now(contoso).is_deleted


@pytest.mark.parametrize("who", ["gil", "rob", "sam"])
@pytest.mark.parametrize("action", [delete, restore, release])
def test_who_may_not_delete_neither_restores_nor_releases(who, action, request, contoso):
    assert refused(action, contoso, by=make.actor(request.getfixturevalue(who))) == "not_permitted"
    assert [
        event.result
        for event in AuditEvent.objects.filter(actor_id=request.getfixturevalue(who).pk)
    ] == ["refused"]


# Restore


def test_within_thirty_days_all_that_is_free_comes_back_in_its_old_state(contoso):
    make.policy(make.package(), "all_configured")
    delete(contoso)
    back = restore(contoso, at=make.NOON + timedelta(days=30, seconds=-1))
    assert (back.lost_names, back.renamed_from) == ((), "")
    assert (now(contoso).state, names_of(contoso), code("lea@contoso.example")) == (
        "configured",
        ["contoso.example", "contoso.test"],
        "allowed",
    )


def test_after_thirty_days_nothing_comes_back(contoso):
    delete(contoso)
    assert refused(restore, contoso, at=make.NOON + timedelta(days=30)) == "restore_too_late"


def test_a_proposed_organization_comes_back_proposed(db):
    organization = make.organization("Tideline", "tideline.example", state="proposed")
    delete(organization)
    restore(organization)
    assert now(organization).state == "proposed"


def test_what_is_not_deleted_cannot_be_restored(contoso):
    assert refused(restore, contoso) == "organization_present"


def test_names_given_to_another_stay_there_and_it_comes_back_proposed(contoso):
    delete(contoso)
    other = make.organization("Other", "contoso.test", at=LATER)
    back = restore(contoso)
    assert (back.lost_names, now(contoso).state, names_of(contoso), names_of(other)) == (
        ("contoso.test",),
        "proposed",
        ["contoso.example"],
        ["contoso.test"],
    )


def test_people_of_a_lost_name_stay_where_they_are_and_both_are_counted(contoso):
    people = [make.guest(address) for address in ("lea@contoso.example", "max@contoso.test")]
    delete(contoso)
    other = make.organization("Other", "contoso.test", at=LATER)
    restore(contoso)
    assert [now(person).organization.name for person in people] == ["Contoso", "Other"]
    assert [now(organization).people_count for organization in (contoso, other)] == [1, 1]


def test_released_names_do_not_come_back(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    assert (restore(contoso).lost_names, now(contoso).state, names_of(contoso)) == (
        ("contoso.test",),
        "proposed",
        ["contoso.example"],
    )


def test_a_source_left_without_a_name_does_not_come_back(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    restore(contoso)
    assert list(contoso.sources.present().values_list("typed_name", flat=True)) == [
        "contoso.example"
    ]


def test_with_no_name_left_it_does_not_come_back(contoso):
    delete(contoso)
    release(contoso, "contoso.example", "contoso.test")
    assert refused(restore, contoso) == "nothing_left"
    assert now(contoso).is_deleted


def test_every_guard_is_asked_again(contoso):
    delete(contoso)
    make.own_name("contoso.example")
    assert (restore(contoso).lost_names, names_of(contoso)) == (
        ("contoso.example",),
        ["contoso.test"],
    )


def test_its_taken_name_gets_an_ending_and_it_comes_back_proposed(contoso):
    delete(contoso)
    make.organization("Contoso", "other.example")
    back = restore(contoso)
    assert (back.organization.name, back.renamed_from, now(contoso).state) == (
        "Contoso (restored)",
        "Contoso",
        "proposed",
    )


def test_a_longest_name_is_shortened_for_its_ending(db):
    name = f"{'a' * 188} {'b' * 11}"
    organization = make.organization(name, "contoso.example")
    delete(organization)
    make.organization(name, "other.example")
    assert restore(organization).organization.name == f"{'a' * 188} (restored)"


def test_a_second_restored_name_is_numbered(contoso):
    delete(contoso)
    make.organization("Contoso", "other.example")
    make.organization("contoso (RESTORED)", "another.example")
    assert restore(contoso).organization.name == "Contoso (restored 2)"


def test_a_directory_given_to_another_is_not_given_back_but_its_free_names_are(db):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    delete(organization)
    directory.verified_domains.filter(name="pw.example").delete()
    make.by_directory("Second", directory, "pumpworks.example", at=LATER)
    restore(organization)
    kept = ["pumpworks.directory.example", "pw.example"]
    assert sorted(organization.sources.present().values_list("kind", "typed_name")) == [
        ("domain", name) for name in kept
    ]
    assert (names_of(organization), now(organization).state, now(organization).sign_in) == (
        kept,
        "proposed",
        "passcode",
    )


def test_a_whole_directory_comes_back_as_it_was(db):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example"
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    delete(organization)
    restore(organization)
    assert (organization.sources.present().get().directory_id, now(organization).sign_in) == (
        directory.directory_id,
        "directory",
    )


def test_restoring_leaves_one_event_with_what_came_back(ada, contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    restore(contoso, by=make.actor(ada))
    event = AuditEvent.objects.get(activity="Restore connected organization")
    assert (event.actor, "contoso.example" in event.after, "contoso.test" in event.after) == (
        "Ada Okafor",
        True,
        False,
    )


def test_a_refused_restore_changes_nothing_and_leaves_one_event(contoso):
    delete(contoso)
    release(contoso, "contoso.example", "contoso.test")
    version = now(contoso).version
    refused(restore, contoso)
    assert (now(contoso).version, AuditEvent.objects.filter(result="refused").count()) == (
        version,
        1,
    )


def test_what_was_lost_no_longer_finds_it(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    restore(contoso)
    assert SearchEntry.objects.get(organization=contoso).text == "contoso\ncontoso.example"


def test_a_restored_organization_can_be_deleted_and_restored_again(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    restore(contoso)
    delete(contoso, at=LATER + timedelta(days=1))
    assert restore(contoso, at=LATER + timedelta(days=2)).lost_names == ()


# Release


def test_a_released_name_is_anybodys(gil, contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    assert code("lea@contoso.test") == "no_organization"
    assert names_of(make.organization("Other", "contoso.test", by=make.actor(gil))) == [
        "contoso.test"
    ]


def test_people_at_a_released_name_belong_to_a_wider_claim_or_to_nobody(contoso):
    person, other = make.guest("lea@contoso.test"), make.organization("Deep", "eu.contoso.test")
    inside = make.guest("max@eu.contoso.test")
    delete(contoso)
    release(contoso, "contoso.test")
    assert (now(person).organization, now(inside).organization) == (None, other)
    assert now(contoso).people_count == 0


def test_releasing_leaves_one_event_with_the_names_before_and_after(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    event = AuditEvent.objects.get(activity="Release names of deleted organization")
    assert ("contoso.test" in event.before, '"names": ["contoso.test"]' in event.after) == (
        True,
        False,
    )


@pytest.mark.parametrize("names", [(), ("fabrikam.example",), ("nonsense",)])
def test_only_names_that_it_keeps_are_released(contoso, fabrikam, names):
    delete(contoso)
    assert refused(release, contoso, *names) == "no_name"
    assert names_of(fabrikam) == ["fabrikam.example"]


def test_a_present_organization_releases_nothing(contoso):
    assert refused(release, contoso, "contoso.test") == "organization_present"


def test_a_released_name_no_longer_finds_the_deleted_organization(contoso):
    delete(contoso)
    release(contoso, "contoso.test")
    assert SearchEntry.objects.get(organization=contoso).text == "contoso\ncontoso.example"


def test_people_who_left_are_not_counted(contoso):
    make.guest("lea@contoso.example", state="removed")
    delete(contoso)
    restore(contoso)
    assert (now(contoso).people_count, Person.objects.count(), Organization.objects.count()) == (
        0,
        1,
        1,
    )


def test_restoring_gives_back_no_public_mail_that_a_directory_claimed_by_a_tick_for_another_domain(
    db,
):
    directory = make.known_directory("Contoso AG", "contoso.directory.example", "contoso.test")
    organization = make.by_directory("Contoso", directory, "contoso.test")
    source = organization.sources.get()
    source.public_mail_accepted = True
    source.save()
    source.claims.create(
        organization=organization, **guards.stored("gmail.com"), created_at=make.NOON
    )
    delete(organization)
    restore(organization)
    assert names_of(organization) == ["contoso.directory.example", "contoso.test"]

"""Giving sources to an organization and taking them away (product rules 7 to 18)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from governance.actions.confirmation import expected_confirmation
from governance.facts.eligibility import may_request
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.facts.organizations.source_changes import source_changes
from governance.impact import impact_of
from governance.impact.organizations import changing_sources
from governance.models import AuditEvent, Claim, Organization, Person, Source
from governance.rules.decision import Refused
from governance.rules.organizations import NewOrganization, NewSource
from tests import make
from tests.confirmed import basics, deletion, directories, sources

pytestmark = pytest.mark.django_db


def change(by, organization, *wanted, keep=True, **more):
    """Give the organization these domains or sources besides what it has, or instead of it."""
    chosen = tuple(NewSource(each) if isinstance(each, str) else each for each in wanted)
    kept = sources_as_chosen(organization) if keep else ()
    return sources.change_sources(
        organization=organization, sources=kept + chosen, by=make.actor(by), at=make.NOON, **more
    )


def names_of(organization) -> list[str]:
    return sorted(organization.claims.present().values_list("name", flat=True))


def belongs(person) -> str | None:
    organization = Person.objects.get(pk=person.pk).organization
    return organization.name if organization else None


def found(directory, typed: str) -> NewSource:
    verified = tuple(directory.verified_domains.values_list("name", flat=True))
    return NewSource(
        typed, directory.directory_id, directory.name, directory.initial_domain, verified
    )


def refused(action, *given, **more) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        action(*given, **more)
    return refusal.value.code, refusal.value.reasons[0].field


@pytest.fixture
def pumpworks(db):
    return make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw-hydraulics.example"
    )


# What a source claims


def test_a_directory_claims_the_typed_name_its_initial_domain_and_its_verified_domains(
    ada, fabrikam, pumpworks
):
    change(ada, fabrikam, found(pumpworks, "pumpworks.example"))
    assert names_of(fabrikam) == [
        "fabrikam.example",
        "pumpworks.directory.example",
        "pumpworks.example",
        "pw-hydraulics.example",
    ]


def test_a_domain_claims_itself_even_where_a_directory_owns_it(ada, fabrikam, pumpworks):
    change(ada, fabrikam, "pumpworks.example")
    assert names_of(fabrikam) == ["fabrikam.example", "pumpworks.example"]


def test_names_of_a_directory_that_others_hold_stay_with_their_owner(ada, fabrikam, pumpworks):
    other = make.organization("Hydraulics", "pw-hydraulics.example")
    change(ada, fabrikam, found(pumpworks, "pumpworks.example"))
    assert (names_of(other), "pw-hydraulics.example" in names_of(fabrikam)) == (
        ["pw-hydraulics.example"],
        False,
    )


def test_the_typed_name_of_a_directory_must_be_free(ada, fabrikam, pumpworks):
    make.organization("Hydraulics", "pw-hydraulics.example")
    assert refused(change, ada, fabrikam, found(pumpworks, "pw-hydraulics.example")) == (
        "claim_taken",
        "sources",
    )


def test_a_directory_belongs_to_one_organization_only(ada, fabrikam, pumpworks):
    make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    Claim.objects.filter(name="pw-hydraulics.example").delete()
    assert refused(change, ada, fabrikam, found(pumpworks, "pw-hydraulics.example")) == (
        "directory_taken",
        "sources",
    )


def test_a_domain_that_the_organization_has_by_itself_stays_when_its_directory_comes(
    ada, pumpworks
):
    organization = make.organization("Pumpworks", "pumpworks.example")
    change(ada, organization, found(pumpworks, "pw-hydraulics.example"))
    by_source = {
        claim.name: claim.source.kind
        for claim in organization.claims.present().select_related("source")
    }
    assert by_source == {
        "pumpworks.example": "domain",
        "pw-hydraulics.example": "directory",
        "pumpworks.directory.example": "directory",
    }


def test_a_domain_gives_way_to_its_directory_in_one_step(ada, pumpworks):
    organization = make.organization("Pumpworks", "pumpworks.example")
    change(ada, organization, found(pumpworks, "pumpworks.example"), keep=False)
    assert set(organization.claims.present().values_list("name", "source__kind")) == {
        ("pumpworks.example", "directory"),
        ("pw-hydraulics.example", "directory"),
        ("pumpworks.directory.example", "directory"),
    }


def test_a_name_that_a_kept_directory_holds_cannot_be_added_by_itself(ada, pumpworks):
    organization = make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    assert refused(change, ada, organization, "pw-hydraulics.example") == (
        "source_twice",
        "sources",
    )


def test_one_name_cannot_be_typed_for_two_sources(ada, fabrikam):
    assert refused(
        change, ada, fabrikam, "contoso.example", NewSource("contoso.example", uuid4(), "Contoso")
    ) == ("source_twice", "sources")


def test_one_directory_cannot_be_two_sources(ada, pumpworks):
    new = NewOrganization(
        "Pumpworks",
        sources=(found(pumpworks, "pumpworks.example"), found(pumpworks, "pw-hydraulics.example")),
    )
    assert refused(basics.connect, new=new, by=make.actor(ada), at=make.NOON) == (
        "source_twice",
        "sources",
    )


def test_a_new_organization_gives_a_domain_its_own_name_whichever_was_chosen_first(ada, pumpworks):
    both = (found(pumpworks, "pumpworks.example"), NewSource("pw-hydraulics.example"))
    new = NewOrganization("Pumpworks", sources=both)
    organization = basics.connect(new=new, by=make.actor(ada), at=make.NOON).organization
    assert organization.claims.get(name="pw-hydraulics.example").source.kind == "domain"


def test_a_directory_of_a_thousand_names_is_connected_whole(ada):
    directory = make.known_directory(
        "Big", "big.directory.example", *(f"n{number}.example" for number in range(1000))
    )
    organization = make.by_directory("Big", directory, "n7.example")
    assert organization.claims.present().count() == 1001


def test_thousands_of_names_beneath_one_hide_nobody_elses_claim(ada, fabrikam):
    make.organization("Many", *(f"n{number:03}.aaa.example" for number in range(60)))
    make.organization("Zeta", "zzz.example")
    directory = make.known_directory("Wide", "wide.directory.example", "aaa.example", "zzz.example")
    organization = make.by_directory("Wide", directory, "aaa.example")
    assert names_of(organization) == ["aaa.example", "wide.directory.example"]


# Guards


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("co.uk", "icann_suffix"),
        ("onmicrosoft.com", "shared_tenant_root"),
        ("ours.example", "own_name"),
        ("eu.ours.example", "own_name"),
    ],
)
def test_nobody_claims_suffixes_shared_roots_or_our_own_names(ada, fabrikam, name, code):
    make.own_name("ours.example")
    assert refused(change, ada, fabrikam, name) == (code, "sources")


def test_our_own_names_among_a_directorys_are_not_claimed(ada, fabrikam):
    make.own_name("ours.example")
    directory = make.known_directory(
        "Contoso",
        "contoso.directory.example",
        "contoso.example",
        "eu.ours.example",
        "co.uk",
        "gmail.com",
    )
    change(ada, fabrikam, found(directory, "contoso.example"))
    assert names_of(fabrikam) == [
        "contoso.directory.example",
        "contoso.example",
        "fabrikam.example",
    ]


def test_a_private_suffix_is_claimed_for_itself_alone(ada, fabrikam):
    guests = [make.guest(address) for address in ("lea@github.io", "max@contoso.github.io")]
    change(ada, fabrikam, "github.io")
    assert [belongs(guest) for guest in guests] == ["Fabrikam", None]


def test_public_mail_needs_the_tick(ada, fabrikam):
    assert refused(change, ada, fabrikam, "gmail.com") == ("public_mail_needs_tick", "sources")
    change(ada, fabrikam, NewSource("gmail.com", public_mail_accepted=True))
    assert Source.objects.get(typed_name="gmail.com").public_mail_accepted is True


TICKED = {"public_mail_accepted": True}


def test_the_tick_for_public_mail_is_for_the_typed_domain_and_no_other_of_its_directory(
    ada, fabrikam
):
    directory = make.known_directory(
        "Contoso AG", "contoso.directory.example", "contoso.example", "gmail.com", "yahoo.com"
    )
    change(ada, fabrikam, replace(found(directory, "contoso.example"), **TICKED))
    assert names_of(fabrikam) == [
        "contoso.directory.example",
        "contoso.example",
        "fabrikam.example",
    ]


def test_nor_does_the_tick_count_where_the_typed_domain_is_public_mail_itself(ada, fabrikam):
    directory = make.known_directory("Mail AG", "gmail.com", "outlook.com", "mail.example")
    change(ada, fabrikam, replace(found(directory, "gmail.com"), **TICKED))
    assert names_of(fabrikam) == ["fabrikam.example", "gmail.com", "mail.example"]


def test_a_new_organization_claims_no_public_mail_that_was_not_typed(ada):
    directory = make.known_directory("Contoso AG", "contoso.directory.example", "web.de")
    source = replace(found(directory, "contoso.directory.example"), **TICKED)
    new = NewOrganization("New", sources=(source,))
    organization = basics.connect(new=new, by=make.actor(ada), at=make.NOON).organization
    assert names_of(organization) == ["contoso.directory.example"]


def test_public_mail_that_a_directory_has_since_is_not_claimed_by_accepting_it(ada, pumpworks):
    source = replace(found(pumpworks, "pumpworks.example"), **TICKED)
    new = NewOrganization("Pumpworks", sources=(source,))
    organization = basics.connect(new=new, by=make.actor(ada), at=make.NOON).organization
    for name in ("gmail.com", "new.example"):
        pumpworks.verified_domains.create(name=name)
    told = replace(found(pumpworks, "pumpworks.example"), **TICKED)
    change(ada, organization, told, keep=False)
    assert "gmail.com" not in names_of(organization)
    assert "new.example" in names_of(organization)


def test_public_mail_in_a_directory_can_be_typed_and_ticked_by_itself(ada, fabrikam):
    directory = make.known_directory("Contoso AG", "contoso.directory.example", "gmail.com")
    change(
        ada,
        fabrikam,
        found(directory, "contoso.directory.example"),
        NewSource("gmail.com", **TICKED),
    )
    claim = fabrikam.claims.get(name="gmail.com")
    assert (claim.source.kind, claim.source.covers_subdomains) == ("domain", False)


@pytest.mark.parametrize("name", ["gmail.com", "mail.gmail.com", "mailinator.com"])
def test_public_mail_is_connected_for_the_domain_only(ada, fabrikam, name):
    guests = [make.guest(f"zoe@{name}"), make.guest(f"zoe@team.{name}")]
    change(ada, fabrikam, NewSource(name, covers_subdomains=True, **TICKED))
    assert Source.objects.get(typed_name=name).covers_subdomains is False
    assert [belongs(guest) for guest in guests] == ["Fabrikam", None]


def test_public_mail_stored_with_subdomains_covers_none_all_the_same(ada, fabrikam):
    change(ada, fabrikam, NewSource("gmail.com", **TICKED))
    Source.objects.filter(typed_name="gmail.com").update(covers_subdomains=True)
    assert may_request("zoe@gmail.com", at=make.NOON).claim.name == "gmail.com"
    assert may_request("zoe@team.gmail.com", at=make.NOON).claim is None


def test_a_suffix_is_stored_without_the_subdomains_that_it_cannot_cover(ada, fabrikam):
    change(ada, fabrikam, "github.io")
    assert Source.objects.get(typed_name="github.io").covers_subdomains is False


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gmail.com", "public_mail_needs_administrator"),
        ("eng.fabrikam.example", "overlap_needs_administrator"),
        ("example", "domain"),
    ],
)
def test_a_guest_inviter_connects_neither_public_mail_nor_what_lies_around_anothers_name(
    gil, fabrikam, name, code
):
    if name == "example":
        make.organization("Deep", "a.contoso.example")
        name, code = "contoso.example", "overlap_needs_administrator"
    new = NewOrganization("New", sources=(NewSource(name, public_mail_accepted=True),))
    assert refused(basics.connect, new=new, by=make.actor(gil), at=make.NOON) == (
        code,
        "sources",
    )


def test_a_guest_inviter_takes_no_directory_that_a_deleted_organization_keeps(ada, gil, pumpworks):
    organization = make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    deletion.delete(organization=organization, by=make.actor(ada), at=make.NOON)
    new = NewOrganization(
        "New", sources=(NewSource("new.example", pumpworks.directory_id, "Pumpworks AG"),)
    )
    assert refused(basics.connect, new=new, by=make.actor(gil), at=make.NOON) == (
        "directory_taken",
        "sources",
    )


# Given by exact name (rule 40)


def test_a_name_that_a_deleted_organization_keeps_is_given_by_exact_name(ada, fabrikam):
    contoso = make.organization("Contoso", "contoso.example", "contoso.test")
    deletion.delete(organization=contoso, by=make.actor(ada), at=make.NOON)
    change(ada, fabrikam, "contoso.example")
    assert (names_of(fabrikam), names_of(contoso)) == (
        ["contoso.example", "fabrikam.example"],
        ["contoso.test"],
    )


def test_what_was_given_away_no_longer_finds_the_deleted_organization(ada, fabrikam):
    contoso = make.organization("Contoso", "contoso.example", "contoso.test")
    deletion.delete(organization=contoso, by=make.actor(ada), at=make.NOON)
    change(ada, fabrikam, "contoso.example")
    contoso.refresh_from_db()
    assert contoso.search_entry.text == "contoso\ncontoso.test"


# Taking away


def test_the_last_source_cannot_be_removed(ada, fabrikam):
    assert refused(change, ada, fabrikam, keep=False) == ("no_source", "sources")


def test_a_removed_source_lets_go_of_its_names_and_its_people(ada, fabrikam, bob):
    change(ada, fabrikam, "contoso.example", keep=False)
    assert (names_of(fabrikam), belongs(bob)) == (["contoso.example"], None)
    assert Organization.objects.get(pk=fabrikam.pk).people_count == 0


def test_a_removed_directory_can_be_connected_elsewhere(ada, pumpworks):
    first = make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    change(ada, first, "other.example", keep=False)
    assert "pumpworks.example" in names_of(
        make.by_directory("Second", pumpworks, "pumpworks.example")
    )


def test_a_kept_directory_keeps_its_claims_as_they_were_copied_until_somebody_accepts_others(
    ada, pumpworks
):
    organization = make.by_directory("Pumpworks", pumpworks, "pumpworks.example")
    kept = {
        "directory_id": pumpworks.directory_id,
        "initial_domain": pumpworks.initial_domain,
        "directory": pumpworks,
    }
    directories.keep_directory(
        name="Pumpworks SE",
        verified=["pumpworks.example", "new.example"],
        by=make.actor(ada),
        at=make.NOON,
        **kept,
    )
    change(ada, organization, "more.example")
    assert names_of(organization) == [
        "more.example",
        "pumpworks.directory.example",
        "pumpworks.example",
        "pw-hydraulics.example",
    ]
    pumpworks.refresh_from_db()
    change(ada, organization, found(pumpworks, "pumpworks.example"), keep=False)
    assert names_of(organization) == [
        "new.example",
        "pumpworks.directory.example",
        "pumpworks.example",
    ]
    assert organization.sources.present().get().label == "Pumpworks SE"


# Include subdomains


def test_without_subdomains_a_claim_covers_its_name_alone(ada, fabrikam, bob):
    at_the_name = make.guest("lea@fabrikam.example")
    change(ada, fabrikam, NewSource("fabrikam.example", covers_subdomains=False), keep=False)
    assert (
        belongs(bob),
        belongs(at_the_name),
        Organization.objects.get(pk=fabrikam.pk).people_count,
    ) == (None, "Fabrikam", 1)


def test_a_narrowed_claim_may_be_covered_by_a_wider_one_of_another_organization(ada, fabrikam):
    person = make.guest("lea@x.eng.fabrikam.example")
    engineers = make.organization("Engineers", "eng.fabrikam.example")
    change(ada, engineers, NewSource("eng.fabrikam.example", covers_subdomains=False), keep=False)
    assert belongs(person) == "Fabrikam"


def test_switching_subdomains_on_again_brings_them_back(ada, fabrikam, bob):
    for covers in (False, True):
        change(ada, fabrikam, NewSource("fabrikam.example", covers_subdomains=covers), keep=False)
    assert belongs(bob) == "Fabrikam"


# Shown before, and again when it differs (rule 14)


def impact_by(by, organization, *wanted):
    """What it would do to make these the sources."""
    changes = source_changes(organization, wanted, by=make.actor(by))
    return impact_of(changing_sources(changes), make.NOON)


def seen_of(by, organization, *wanted) -> str:
    """What has to be seen before these become the sources."""
    changes = source_changes(organization, wanted, by=make.actor(by))
    return expected_confirmation(impact_by(by, organization, *wanted), changes.fingerprint)


def test_a_change_is_refused_when_it_has_another_impact_than_was_shown(ada, fabrikam):
    wanted = (*sources_as_chosen(fabrikam), NewSource("contoso.example"))
    seen = seen_of(ada, fabrikam, *wanted)
    make.guest("lea@contoso.example")
    assert refused(change, ada, fabrikam, "contoso.example", seen=seen)[0] == "effect_changed"
    change(ada, fabrikam, "contoso.example", seen=seen_of(ada, fabrikam, *wanted))


def test_a_change_is_refused_when_other_sources_were_shown(ada, fabrikam):
    seen = source_changes(fabrikam, (NewSource("contoso.example"),), by=make.actor(ada)).fingerprint
    assert refused(change, ada, fabrikam, "other.example", seen=seen)[0] == "effect_changed"


def test_what_is_shown_says_who_gains_loses_and_moves(ada, fabrikam, bob):
    make.guest("lea@contoso.example", name="Lea Marti")
    engineers = make.organization("Engineers", "engineers.example")
    wanted = (
        *sources_as_chosen(engineers),
        NewSource("contoso.example"),
        NewSource("eng.fabrikam.example"),
    )
    people = impact_by(ada, engineers, *wanted).people
    assert [(each.name, each.difference.before, each.difference.after) for each in people] == [
        ("Bob Ferreira", "Fabrikam", "Engineers"),
        ("Lea Marti", "", "Engineers"),
    ]


def test_people_who_were_removed_are_not_counted_among_those_it_moves(ada, fabrikam):
    make.guest("lea@contoso.example", state="removed")
    wanted = (*sources_as_chosen(fabrikam), NewSource("contoso.example"))
    assert impact_by(ada, fabrikam, *wanted).people == ()


def test_a_domain_that_stays_narrow_shows_nobody_whom_its_directory_would_bring(ada, pumpworks):
    organization = make.organization("Pumpworks", "pumpworks.example")
    change(ada, organization, NewSource("pumpworks.example", covers_subdomains=False), keep=False)
    make.guest("lea@eu.pumpworks.example")
    wanted = (*sources_as_chosen(organization), found(pumpworks, "pw-hydraulics.example"))
    assert impact_by(ada, organization, *wanted).people == ()


def test_somebody_elses_save_in_between_is_told(ada, uma, fabrikam):
    version = fabrikam.version
    change(uma, fabrikam, "contoso.example")
    assert (
        refused(change, ada, fabrikam, "other.example", version=version)[0] == "changed_meanwhile"
    )


# On record


def test_a_change_leaves_one_event_with_the_sources_before_and_after(ada, fabrikam):
    change(ada, fabrikam, "contoso.example")
    event = AuditEvent.objects.get(activity="Update connected organization")
    assert (
        '"names": ["contoso.example"]' in event.before,
        '"names": ["contoso.example"]' in event.after,
    ) == (False, True)
    assert (event.actor, event.target, event.organization) == ("Ada Okafor", "Fabrikam", "Fabrikam")


def test_saving_what_is_there_already_writes_nothing(ada, fabrikam):
    version, events = fabrikam.version, AuditEvent.objects.count()
    change(ada, fabrikam)
    assert (Organization.objects.get(pk=fabrikam.pk).version, AuditEvent.objects.count()) == (
        version,
        events,
    )


def test_the_organization_is_found_by_what_it_has_now_and_signs_in_so(ada, fabrikam, pumpworks):
    change(ada, fabrikam, found(pumpworks, "pumpworks.example"), keep=False)
    fabrikam.refresh_from_db()
    assert (
        fabrikam.search_entry.text
        == "fabrikam\npumpworks.directory.example\npumpworks.example\npw-hydraulics.example"
    )
    assert fabrikam.sign_in == "directory"


@pytest.mark.parametrize("who", ["gil", "rob"])
def test_who_may_not_change_an_organization_is_refused_on_record(who, request, fabrikam):
    assert (
        refused(change, request.getfixturevalue(who), fabrikam, "contoso.example")[0]
        == "not_permitted"
    )
    assert AuditEvent.objects.get(result="refused").activity == "Update connected organization"


def test_a_deleted_organization_gets_no_source(ada, fabrikam):
    deletion.delete(organization=fabrikam, by=make.actor(ada), at=make.NOON)
    assert refused(change, ada, fabrikam, "contoso.example")[0] == "organization_deleted"

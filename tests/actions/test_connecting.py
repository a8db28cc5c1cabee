"""Connecting an organization: whole or not at all."""

import pytest

from governance.models import AuditEvent, Claim, Draft, Organization, Person
from governance.rules.decision import Refused
from governance.rules.organizations import NewOrganization, NewSource
from tests import make
from tests.confirmed import basics

pytestmark = pytest.mark.django_db


def connect(by, name="Fabrikam", *names, **more):
    sources = tuple(NewSource(typed_name=domain) for domain in names)
    new = NewOrganization(name=name, sources=sources, **more)
    return basics.connect(new=new, by=make.actor(by), at=make.NOON).organization


def test_an_organization_is_created_with_its_claims_and_one_audit_event(ada):
    before = AuditEvent.objects.count()
    organization = connect(ada, "Fabrikam", "fabrikam.example", "fabrikam.test")
    assert sorted(organization.claims.values_list("name", flat=True)) == [
        "fabrikam.example",
        "fabrikam.test",
    ]
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", flat=True))[before:] == [
        "Create connected organization"
    ]


def test_a_name_that_differs_only_in_case_or_spacing_is_taken(ada, fabrikam):
    with pytest.raises(Refused) as refusal:
        connect(ada, "  FABRI KAM".replace(" K", "K"), "other.example")
    assert (refusal.value.code, refusal.value.reasons[0].field) == ("name_taken", "name")


def test_a_refusal_writes_nothing_but_its_own_event(ada, fabrikam):
    events = AuditEvent.objects.count()
    with pytest.raises(Refused):
        connect(ada, "Contoso", "fabrikam.example")
    assert Organization.objects.count() == 1
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.last().result == "refused"


def test_a_taken_domain_says_who_has_it(ada, fabrikam):
    with pytest.raises(Refused) as refusal:
        connect(ada, "Contoso", "fabrikam.example")
    reason = refusal.value.reasons[0]
    assert (reason.code, reason.refers_to.key, reason.refers_to.label) == (
        "claim_taken",
        str(fabrikam.uuid),
        "Fabrikam",
    )


def test_without_a_source_nothing_is_created(ada):
    with pytest.raises(Refused) as refusal:
        connect(ada, "Fabrikam")
    assert refusal.value.code == "no_source"


def test_what_a_guest_inviter_creates_is_proposed(gil):
    assert connect(gil, "Fabrikam", "fabrikam.example", state="configured").state == "proposed"


def test_a_guest_inviter_may_not_claim_beneath_another_organization(gil, fabrikam):
    with pytest.raises(Refused) as refusal:
        connect(gil, "Eng", "eng.fabrikam.example")
    assert refusal.value.code == "overlap_needs_administrator"


def test_a_person_without_a_role_is_refused(rob):
    with pytest.raises(Refused) as refusal:
        connect(rob, "Fabrikam", "fabrikam.example")
    assert refusal.value.code == "not_permitted"


def test_public_mail_needs_a_tick(ada):
    with pytest.raises(Refused) as refusal:
        connect(ada, "Gmail", "gmail.com")
    assert refusal.value.code == "public_mail_needs_tick"


def test_our_own_name_and_all_beneath_are_refused(ada):
    make.own_name("harbourgate.example")
    with pytest.raises(Refused) as refusal:
        connect(ada, "Us", "eu.harbourgate.example")
    assert refusal.value.code == "own_name"


def test_the_same_draft_creates_once(ada):
    draft = Draft.objects.create(author=ada, started_at=make.NOON, saved_at=make.NOON)
    first = connect(ada, "Fabrikam", "fabrikam.example", draft=draft.uuid)
    assert connect(ada, "Fabrikam", "fabrikam.example", draft=draft.uuid) == first


def test_a_directory_claims_all_its_free_names(ada):
    make.organization("Taken", "taken.example")
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "taken.example"
    )
    organization = make.by_directory("Pumpworks", directory, "pumpworks.example")
    assert sorted(organization.claims.values_list("name", flat=True)) == [
        "pumpworks.directory.example",
        "pumpworks.example",
    ]


def test_guests_beneath_a_new_claim_move_to_its_organization(ada, fabrikam, bob):
    assert bob.organization == fabrikam
    engineers = connect(ada, "Fabrikam Engineering", "eng.fabrikam.example")
    assert Person.objects.get(pk=bob.pk).organization == engineers
    assert Organization.objects.get(pk=fabrikam.pk).people_count == 0


def test_external_sponsors_belong_as_if_the_organization_existed(ada):
    bob = make.guest("bob@eng.fabrikam.example")
    organization = connect(ada, "Fabrikam", "fabrikam.example", external_sponsors=(bob.uuid,))
    assert list(organization.sponsorships.values_list("person__email", "kind")) == [
        ("bob@eng.fabrikam.example", "external")
    ]


def test_a_blocked_sponsor_stops_creation_and_is_named(ada, sam):
    Person.objects.filter(pk=sam.pk).update(state="blocked", is_active=False)
    with pytest.raises(Refused) as refusal:
        connect(ada, "Fabrikam", "fabrikam.example", internal_sponsors=(sam.uuid,))
    assert str(refusal.value) == (
        "Sam Adeyemi is blocked and cannot be a sponsor. Unblock Sam Adeyemi or choose someone else"
    )
    assert Claim.objects.count() == 0

"""Demo data: all of it made by the same actions, and gone in one step with nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps

from governance.actions import domain_list, what_if
from governance.actions.access_packages import packages, policies
from governance.actions.access_requests import fulfilment, parking
from governance.actions.organizations import sponsors
from governance.facts.audit_chain import check_chain
from governance.facts.eligibility import may_request
from governance.facts.sample_data import is_demo
from governance.impact import impact_of
from governance.impact.sample_data import removing_demo
from governance.models import (
    AccessRequest,
    AuditEvent,
    Claim,
    Deputy,
    KnownDirectory,
    ListRule,
    Mail,
    Organization,
    OwnName,
    Package,
    Person,
    SearchEntry,
    Source,
)
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.access_requests.transitions import STATES
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo, remove_demo
from tests import make, make_requests
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
KEPT = {"auditevent", "logentry", "session"}


def load():
    load_demo(by=SYSTEM, at=make.NOON)


def remove(by):
    return confirmed(remove_demo, by=make.actor(by), at=make.NOON)


def everything() -> dict[str, list]:
    """All rows of ours, besides the audit log."""
    models = [
        model
        for model in apps.get_app_config("governance").get_models()
        if model._meta.managed and model._meta.model_name not in KEPT
    ]
    return {model._meta.model_name: list(model.objects.order_by("pk").values()) for model in models}


def test_demo_data_shows_organizations_of_every_kind(db):
    load()
    assert is_demo()
    assert set(Organization.objects.values_list("state", flat=True)) == {"configured", "proposed"}
    assert set(Source.objects.values_list("kind", flat=True)) == {"directory", "domain"}
    assert Organization.objects.get(name="Pumpworks Group").people_count == 3


def test_demo_data_is_for_an_empty_portal(fabrikam):
    with pytest.raises(Refused) as refusal:
        load()
    assert (refusal.value.code, KnownDirectory.objects.count(), Organization.objects.count()) == (
        "not_empty",
        0,
        1,
    )


def test_what_was_there_before_is_as_it_was_when_demo_data_is_gone(ada, gil, sam):
    make.own_name("harbourgate.example")
    make.list_rule("blocked.example")
    make.guest("eve@elsewhere.example")
    before = everything()
    load()
    assert everything() != before
    remove(ada)
    assert everything() == before
    assert not is_demo()


def test_what_people_made_meanwhile_stays(ada, sam):
    load()
    mine = make.organization("Fabrikam", "fabrikam.example", by=make.actor(ada))
    make.list_rule("mine.example")
    make.known_directory("Mine", "mine.directory.example")
    bob = make.guest("bob@fabrikam.example")
    remove(ada)
    assert list(Organization.objects.all()) == [mine]
    assert list(Claim.objects.values_list("name", flat=True)) == ["fabrikam.example"]
    assert [
        list(model.objects.values_list("name", flat=True))
        for model in (ListRule, KnownDirectory, Package)
    ] == [["mine.example"], ["Mine"], []]
    assert set(Person.objects.all()) == {ada, sam, bob}


def test_a_guest_of_a_demo_organization_belongs_to_a_wider_claim_or_to_nobody_afterwards(ada):
    load()
    guest = make.guest("lea@eu.pumpworks.example")
    stranger = make.guest("max@norr.example")
    wide = make.organization("Wide", "eu.pumpworks.example", by=make.actor(ada))
    remove(ada)
    assert [Person.objects.get(pk=each.pk).organization for each in (guest, stranger)] == [
        wide,
        None,
    ]


def test_numbers_and_search_of_what_stays_are_true_afterwards(ada):
    load()
    mine = make.organization(
        "Mine", "eu.pumpworks.example", "service.pumpworks.example", by=make.actor(ada)
    )
    demo_member = Person.objects.get(name="Anneke Kuiper")
    sponsors.change_sponsors(
        organization=mine,
        kind="internal",
        people=[demo_member.uuid],
        by=make.actor(ada),
        at=make.NOON,
    )
    assert Organization.objects.get(pk=mine.pk).people_count == 1
    remove(ada)
    mine.refresh_from_db()
    assert (mine.people_count, mine.sponsored_by) == (0, "nobody")
    assert (
        SearchEntry.objects.get(organization=mine).text
        == "mine\neu.pumpworks.example\nservice.pumpworks.example"
    )


def test_removing_leaves_one_event_that_names_what_went(ada):
    load()
    number = remove(ada)
    event = AuditEvent.objects.get(activity="Remove demo data")
    kinds = {kind: len(names) for kind, names in json.loads(event.before).items()}
    assert (
        number,
        event.actor,
        "Brightwater University" in event.before,
        "Rosa Bianchi" in event.before,
    ) == (10, "Ada Okafor", True, True)
    assert set(kinds) == {
        "connected organizations",
        "people",
        "access packages",
        "groups",
        "catalogs",
        "list rules",
        "what-if tests",
        "known directories",
    }
    assert min(kinds.values()) > 0
    assert not check_chain().problems


@pytest.mark.parametrize("touch", ["policy", "test", "rule", "change"])
def test_what_people_made_of_demo_data_stays(ada, touch):
    load()
    package, rule, by = (
        Package.objects.order_by("pk").first(),
        ListRule.objects.get(),
        {"by": make.actor(ada), "at": make.NOON},
    )
    if touch == "policy":
        policies.create_policy(package=package, policy=NewPolicy("Nobody", "nobody"), **by)
    elif touch == "test":
        what_if.save_test(
            name="Mine", email="bob@fabrikam.example", package=package, expects_allowed=False, **by
        )
    elif touch == "rule":
        domain_list.change_rule(rule=rule, effect="block", reason="Mine now", ends_on=None, **by)
    else:
        packages.change_package(
            package=package, name="Mine", description="", is_listed=True, is_open=True, **by
        )
    remove(ada)
    assert (list(Package.objects.all()), list(ListRule.objects.all())) == (
        ([], [rule]) if touch == "rule" else ([package], [])
    )


def test_what_the_audit_log_says_of_demo_data_stays(ada):
    load()
    remove(ada)
    assert (
        AuditEvent.objects.filter(
            activity="Create connected organization", actor="Demo data"
        ).count()
        == 10
    )


def test_whom_removing_lets_in_shuts_out_and_moves_is_as_it_was_told(ada):
    load()
    make.organization("Castings", "eu.norr.example")
    make.organization("Wide", "eu.pumpworks.example")
    addresses = [
        f"max@{domain}"
        for domain in (
            "pumpworks.example",
            "eu.pumpworks.example",
            "norr.example",
            "eu.norr.example",
            "tideline.example",
            "else.example",
        )
    ]
    for address in addresses:
        make.guest(address)
    impact, before = impact_of(removing_demo(), make.NOON), answers(addresses)
    remove(ada)
    after = answers(addresses)
    said = {each.email: each.difference for each in impact.people if each.email in addresses}
    assert {email: (each.before, each.after) for email, each in said.items() if each.moves} == {
        each: (before[each][1] or "", after[each][1] or "")
        for each in addresses
        if before[each][1] != after[each][1]
    }
    assert {email for email, each in said.items() if each.loses} == {
        each for each in addresses if before[each][0] and not after[each][0]
    }


def answers(addresses) -> dict:
    """Whether each address can ask, and the organization it belongs to."""
    told = {address: may_request(address, at=make.NOON) for address in addresses}
    return {
        address: (answer.allowed, answer.claim and answer.claim.organization_name)
        for address, answer in told.items()
    }


def test_what_was_removed_is_not_removed_once_more(ada):
    load()
    remove(ada)
    with pytest.raises(Refused) as refusal:
        remove(ada)
    assert refusal.value.code == "demo_gone"


@pytest.mark.parametrize("who", ["uma", "gil", "rob"])
def test_only_a_global_administrator_removes_it(who, request):
    load()
    with pytest.raises(Refused) as refusal:
        remove(request.getfixturevalue(who))
    assert (refusal.value.code, is_demo()) == ("not_permitted", True)


@pytest.mark.parametrize("name", ["Demo data", "DEMO  DATA", "ｄｅｍｏ data", "System"])
def test_nobody_goes_by_the_name_that_marks_it(name):
    with pytest.raises(Refused) as refusal:
        make.member("eve@harbourgate.example", name=name)
    assert (refusal.value.code, OwnName.objects.count()) == ("name_reserved", 0)


def test_demo_data_has_a_request_in_every_state(db):
    load()
    assert set(AccessRequest.objects.values_list("state", flat=True)) == set(STATES)


def test_demo_data_has_every_kind_of_request(db):
    load()
    assert set(AccessRequest.objects.values_list("kind", flat=True)) == {
        "access",
        "extension",
        "direct",
    }


def test_demo_data_shows_a_proposed_organization_that_a_request_made(db):
    load()
    row = AccessRequest.objects.get(email="mira@kestrel-optics.example")
    assert (row.organization.state, row.organization.created_by) == ("proposed", "Demo data")


def test_demo_data_has_a_deputy_now(db):
    load()
    deputy = Deputy.objects.in_force(make.NOON + timedelta(days=1)).get()
    assert (str(deputy.person), str(deputy.deputy)) == ("Tomas Oyelaran", "Mara Lindqvist")


def test_demo_data_sends_no_mail(db, settings):
    settings.EMAIL_URL = "smtp://localhost:1"
    load()
    assert set(Mail.objects.values_list("state", flat=True)) == {"kept"}


def test_what_can_be_resumed_retried_and_approved_in_the_demo_data_is(db):
    load()
    parked = AccessRequest.objects.get(state="parked")
    assert parking.resume(request=parked, by=SYSTEM, at=make.NOON).state == "pending_approval"
    failed = AccessRequest.objects.get(state="delivery_failed")
    assert fulfilment.retry(request=failed, by=SYSTEM, at=make.NOON).state == "delivering"


def test_a_package_that_a_real_person_requested_stays(ada):
    load()
    package = Package.objects.get(name="Project calendar")
    make.guest("eve@northgate-rail.example")
    make_requests.request(package, "eve@northgate-rail.example")
    remove(ada)
    assert list(Package.objects.all()) == [package]
    assert AccessRequest.objects.get().email == "eve@northgate-rail.example"

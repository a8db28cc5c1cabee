"""Two administrators at the same moment: one wins, the other is told, and nothing is half done or
untrue.
"""

from __future__ import annotations

from functools import partial

import pytest

from governance.actions import directories, domain_list
from governance.actions.organizations import basics, sources, sponsors
from governance.actions.organizations.deletion import delete, release, restore
from governance.actions.people import accounts, invitations
from governance.facts.audit_chain import check_chain
from governance.facts.claims.membership import organization_by_domain
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import (
    AuditEvent,
    Claim,
    KnownDirectory,
    ListRule,
    Organization,
    OwnName,
    Person,
)
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM
from governance.sample_data import demo
from tests import make
from tests.actions import every_action
from tests.actions.every_action import ACTIONS, REMOVALS
from tests.at_once import at_once, needs_rows_that_lock

pytestmark = [pytest.mark.django_db(transaction=True), needs_rows_that_lock]
SOMEBODY = {"by": SYSTEM, "at": make.NOON}
TURNS = 4


@pytest.fixture(autouse=True)
def true_afterwards(transactional_db):
    """Whatever happened:
    the chain holds, every guest is where they belong, every number is right.
    """
    yield
    guests = list(Person.objects.guests())
    belongs = organization_by_domain(guest.domain for guest in guests)
    keys = {organization.pk: str(organization.uuid) for organization in Organization.objects.all()}
    assert {guest.email: keys.get(guest.organization_id) for guest in guests} == {
        guest.email: belongs[guest.domain] for guest in guests
    }
    for organization in Organization.objects.all():
        assert organization.people_count == organization.people.exclude(state="removed").count()
    assert check_chain().is_unbroken


def connect(name: str, *domains: str):
    new = NewOrganization(name, sources=tuple(NewSource(domain) for domain in domains))
    return partial(basics.connect, new=new, **SOMEBODY)


def rename(organization, name: str, **more):
    return partial(
        basics.change_basics,
        organization=organization,
        name=name,
        description="",
        state="configured",
        **SOMEBODY,
        **more,
    )


def give(organization, *domains: str, **more):
    wanted = (*sources_as_chosen(organization), *(NewSource(domain) for domain in domains))
    return partial(
        sources.change_sources, organization=organization, sources=wanted, **SOMEBODY, **more
    )


def names() -> list[str]:
    return sorted(Organization.objects.present().values_list("name", flat=True))


def refusals() -> int:
    return AuditEvent.objects.filter(result="refused").count()


def test_of_two_edits_from_one_version_the_second_is_told(fabrikam):
    assert at_once(*(rename(fabrikam, name, version=1) for name in ("One", "Two"))) == [
        "changed_meanwhile",
        "done",
    ]
    assert (Organization.objects.get().version, refusals()) == (2, 1)


def test_of_two_who_give_one_name_to_two_organizations_one_is_told(db):
    first, second = (
        make.organization("First", "first.example"),
        make.organization("Second", "second.example"),
    )
    assert at_once(rename(first, "Contoso"), rename(second, "CONTOSO")) == ["done", "name_taken"]


def test_of_a_new_and_a_renamed_organization_one_gets_the_name(fabrikam):
    assert at_once(rename(fabrikam, "Contoso"), connect("contoso", "contoso.example")) == [
        "done",
        "name_taken",
    ]
    assert len([name for name in names() if name.lower() == "contoso"]) == 1


def test_of_two_who_connect_one_domain_one_is_told_who_has_it(db):
    for turn in range(TURNS):
        calls = [
            connect(f"{who} {turn}", f"x{turn}.example", f"{who}{turn}.example")
            for who in ("a", "b")
        ]
        assert at_once(*calls) == ["claim_taken", "done"]
    assert Organization.objects.count() == TURNS


def test_of_two_who_give_the_same_domains_to_two_organizations_in_another_order_one_is_told(db):
    first, second = (
        make.organization("First", "first.example"),
        make.organization("Second", "second.example"),
    )
    assert at_once(
        give(first, "x.example", "y.example"), give(second, "y.example", "x.example")
    ) == ["claim_taken", "done"]


def test_of_two_who_connect_one_directory_by_two_of_its_names_one_is_told(db):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )
    calls = [
        partial(make.by_directory, name, directory, typed)
        for name, typed in (("One", "pumpworks.example"), ("Two", "pw.example"))
    ]
    assert at_once(*calls) == ["directory_taken", "done"]


def test_a_deletion_and_an_edit_of_what_was_shown_do_not_both_happen(fabrikam):
    ended = at_once(
        rename(fabrikam, "Other", version=1),
        partial(delete, organization=fabrikam, version=1, **SOMEBODY),
    )
    assert ended in (["done", "organization_deleted"], ["changed_meanwhile", "done"])


def test_of_two_deletions_one_is_told(fabrikam, bob):
    assert at_once(*[partial(delete, organization=fabrikam, **SOMEBODY)] * 2) == [
        "done",
        "organization_deleted",
    ]


def test_a_restored_and_a_new_organization_never_have_one_name(fabrikam):
    delete(organization=fabrikam, **SOMEBODY)
    ended = at_once(
        partial(restore, organization=fabrikam, **SOMEBODY), connect("Fabrikam", "other.example")
    )
    assert (ended, names()) in (
        (["done", "done"], ["Fabrikam", "Fabrikam (restored)"]),
        (["done", "name_taken"], ["Fabrikam"]),
    )


def test_a_restored_and_a_new_organization_never_have_one_domain(fabrikam, bob):
    delete(organization=fabrikam, **SOMEBODY)
    ended = at_once(
        partial(restore, organization=fabrikam, **SOMEBODY), connect("New", "fabrikam.example")
    )
    assert ended in (["done", "nothing_left"], ["claim_taken", "done"])
    assert Claim.objects.present().get().organization.deleted_at is None


def test_of_two_restorations_one_is_told(fabrikam):
    delete(organization=fabrikam, **SOMEBODY)
    assert at_once(*[partial(restore, organization=fabrikam, **SOMEBODY)] * 2) == [
        "done",
        "organization_present",
    ]


def test_a_name_is_released_or_restored_but_not_both(fabrikam, bob):
    delete(organization=fabrikam, **SOMEBODY)
    ended = at_once(
        partial(restore, organization=fabrikam, **SOMEBODY),
        partial(release, organization=fabrikam, names=["fabrikam.example"], **SOMEBODY),
    )
    assert ended in (["done", "organization_present"], ["done", "nothing_left"])


def test_of_two_rules_for_one_name_one_is_told(db):
    for turn in range(TURNS):
        rules = [
            (NewListRule(f"x{turn}.example", "with_subdomains", effect),)
            for effect in ("block", "allow")
        ]
        assert at_once(
            *(partial(domain_list.add_rules, rules=each, **SOMEBODY) for each in rules)
        ) == ["done", "rule_exists"]
    assert ListRule.objects.count() == TURNS


def test_of_two_who_change_or_remove_a_rule_one_is_told(db):
    rule = make.list_rule("norr.example")
    change = partial(
        domain_list.change_rule,
        rule=rule,
        effect="allow",
        reason="",
        ends_on=None,
        version=1,
        **SOMEBODY,
    )
    ended = at_once(change, partial(domain_list.remove_rule, rule=rule, version=1, **SOMEBODY))
    assert ended in (["done", "rule_gone"], ["changed_meanwhile", "done"])


def test_of_two_who_change_the_default_at_once_both_are_done_and_on_record(db):
    assert at_once(*[partial(domain_list.change_default, effect="block", **SOMEBODY)] * 2) == [
        "done",
        "done",
    ]
    assert AuditEvent.objects.count() == 1


def test_a_name_becomes_ours_or_an_organizations(db):
    ended = at_once(
        partial(domain_list.add_own_name, name="x.example", **SOMEBODY),
        connect("X", "eu.x.example"),
    )
    assert ended in (["done", "own_name_claimed"], ["done", "own_name"])
    assert OwnName.objects.count() + Organization.objects.count() == 1


def test_an_own_name_is_added_once_and_removed_once(db):
    assert at_once(*[partial(domain_list.add_own_name, name="ours.example", **SOMEBODY)] * 2) == [
        "done",
        "own_name_known",
    ]
    assert at_once(
        *[partial(domain_list.remove_own_name, own=OwnName.objects.get(), **SOMEBODY)] * 2
    ) == ["done", "own_name_gone"]


def test_of_two_directories_with_one_name_one_is_told(db):
    given = {
        "name": "Pumpworks",
        "initial_domain": "pumpworks.directory.example",
        "verified": ["pumpworks.example"],
        **SOMEBODY,
    }
    ids = [make.uuid4(), make.uuid4()]
    assert at_once(
        *(partial(directories.keep_directory, directory_id=each, **given) for each in ids)
    ) == ["done", "name_known"]
    assert KnownDirectory.objects.count() == 1


def test_a_directory_is_forgotten_once(db):
    directory = make.known_directory("Pumpworks", "pumpworks.directory.example")
    assert at_once(
        *[partial(directories.forget_directory, directory=directory, **SOMEBODY)] * 2
    ) == ["directory_gone", "done"]


def test_two_who_name_one_sponsor_both_have_their_will(fabrikam, sam):
    assert at_once(
        *[
            partial(
                sponsors.change_sponsors,
                organization=fabrikam,
                kind="internal",
                people=[sam.uuid],
                **SOMEBODY,
            )
        ]
        * 2
    ) == ["done", "done"]
    assert fabrikam.sponsorships.count() == 1
    assert at_once(
        *[partial(sponsors.remove_sponsor, organization=fabrikam, person=sam, **SOMEBODY)] * 2
    ) == ["done", "not_a_sponsor"]


def test_a_guest_is_removed_while_the_claims_around_them_change(fabrikam):
    for turn in range(TURNS):
        guest = make.guest(f"g{turn}@eng.fabrikam.example")
        ended = at_once(
            partial(accounts.remove_guest, person=guest, **SOMEBODY),
            connect(
                f"O{turn}", f"o{turn}.example", *(["eng.fabrikam.example"] if not turn else [])
            ),
            give(fabrikam, f"x{turn}.example"),
            partial(
                accounts.change_details, person=guest, name=f"Guest {turn}", unit="", **SOMEBODY
            ),
        )
        assert ended in (["done"] * 4, ["done"] * 3 + ["person_gone"])


def test_a_guest_is_invited_while_their_organization_comes_or_goes(fabrikam):
    for turn in range(TURNS):
        invite = partial(
            invitations.invite_guest, email=f"x@x{turn}.example", name="X", message="", **SOMEBODY
        )
        assert at_once(invite, connect(f"O{turn}", f"x{turn}.example")) == ["done", "done"]
        organization = Organization.objects.get(name=f"O{turn}")
        again = partial(
            invitations.invite_guest, email=f"y@x{turn}.example", name="Y", message="", **SOMEBODY
        )
        taken = partial(
            sources.change_sources,
            organization=organization,
            sources=(NewSource(f"y{turn}.example"),),
            **SOMEBODY,
        )
        assert at_once(again, taken) == ["done", "done"]


def test_a_sponsor_is_named_while_they_are_removed(fabrikam, bob):
    name = partial(
        sponsors.change_sponsors,
        organization=fabrikam,
        kind="external",
        people=[bob.uuid],
        **SOMEBODY,
    )
    ended = at_once(name, partial(accounts.remove_guest, person=bob, **SOMEBODY))
    assert ended in (["done", "done"], ["done", "sponsor_gone"])
    assert fabrikam.sponsorships.count() == 0


def test_demo_data_is_removed_while_somebody_edits_it(ada):
    demo.load_demo(**SOMEBODY)
    organization = Organization.objects.get(name="Pumpworks Group")
    ended = at_once(
        partial(demo.remove_demo, **SOMEBODY),  # a person may be asked to look at the impact again
        rename(organization, "Mine"),
        give(organization, "mine.example"),
    )
    assert [each for each in ended if each not in ("done", "organization_gone")] == []
    assert Organization.objects.count() == 0


# What follows from each of these leaves events of its own.
DO_MORE = {"end_assignment", "give_back", "refuse_organization"}


@pytest.mark.parametrize("name", sorted(REMOVALS))
def test_of_two_who_take_the_same_thing_away_one_does_it_and_the_other_is_refused(name):
    call = getattr(every_action, name)()
    before = AuditEvent.objects.latest("pk").pk if AuditEvent.objects.exists() else 0
    ended = at_once(call, call)
    events = AuditEvent.objects.filter(pk__gt=before).values_list("result", "activity")
    is_own = {ACTIONS[name].activity} if name in DO_MORE else {each[1] for each in events}
    own = [result for result, activity in events if activity in is_own]
    assert ("done" in ended, sorted(own)) == (True, ["done", "refused"])

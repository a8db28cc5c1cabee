"""Every action that has an impact on others saves nothing for a person who has not seen it.

WORLDS has a call with an impact for each of them; the table is compared with the actions' source.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from governance.actions import domain_list, vouching
from governance.actions.access_packages import creation, packages, policies, resources
from governance.actions.batch import run_batch
from governance.actions.confirmation import ConfirmationRequired
from governance.actions.organizations import basics as organizations
from governance.actions.organizations import (
    combined_changes,
    deletion,
    inbox,
    merging,
    sources,
    sponsors,
)
from governance.actions.people import accounts, invitations
from governance.actions.resources import groups
from governance.impact.organizations import deleting
from governance.models import AuditEvent, Organization, OrganizationMerge, Resource, Voucher
from governance.rules.access_packages.new_packages import NewPackage
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.decision import Refused
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import ROLES, SYSTEM
from governance.sample_data.demo import load_demo, remove_demo
from tests import make, make_access, make_vouchers
from tests.actions.every_action import ACTIONS
from tests.confirmed import confirmed
from tests.snapshots import changed, rows_of_everything

pytestmark = pytest.mark.django_db
BLOCK = NewListRule("fabrikam.example", "with_subdomains", "block")


def partner(state: str = "configured") -> Organization:
    """Fabrikam with Bob, who is its only sponsor and can request Drawings."""
    row = make.organization("Fabrikam", "fabrikam.example", state=state)
    make.sponsor(row, make.guest("bob@fabrikam.example", name="Bob Ferreira"))
    make.policy(make.package(), "all_configured")
    return row


def bob(state: str = "active"):
    row = make.guest("bob@fabrikam.example", state=state)
    partner_of_bob = partner_without_people()
    make.sponsor(partner_of_bob, row)
    return row


def partner_without_people() -> Organization:
    row = make.organization()
    make.policy(make.package(), "all_configured")
    return row


def deleted() -> Organization:
    return confirmed(deletion.delete, organization=partner(), **system())


def system() -> dict:
    return {"by": SYSTEM, "at": make.NOON}


def invited():
    make.organization()
    given = {"email": "ann@fabrikam.example", "name": "Ann", "message": ""}
    return invitations.invite_guest(**given, **system())


def demo():
    load_demo(**system())
    return {}


def wanted(organization: Organization, **more) -> dict:
    basics = {"name": "Fabrikam", "description": "", "state": "proposed"}
    return {"organization": organization, **basics, **more}


def several() -> dict:
    row = partner()
    delete = partial(deletion.delete, organization=row, **system())
    return {"steps": [delete], "changes": partial(deleting, row)}


def with_access() -> Resource:
    """A resource of a package that somebody has."""
    partner_without_people()
    row = make.first_package()
    resource = make_access.resource(row, make_access.group())
    make_access.access(row, make.guest("bob@fabrikam.example"))
    return resource


def vouched(state: str) -> Voucher:
    return make_vouchers.voucher(partner(), "lea@freelance.example", state=state)


def merged() -> OrganizationMerge:
    given = {"organization": partner(), "into": make.organization("Contoso", "contoso.example")}
    return confirmed(merging.merge, **given, **system())


WORLDS: dict[str, tuple[Callable, Callable[[], dict]]] = {
    "add_resource": (
        resources.add_resource,
        lambda: {"package": with_access().package, "group": make_access.group("Plant readers")},
    ),
    "approve_voucher": (
        vouching.approve_voucher,
        lambda: {"voucher": vouched("proposed"), "passes_default_block": False},
    ),
    "create_whole_package": (
        creation.create_whole_package,
        lambda: {
            "new": NewPackage(
                "Badge", policy=NewPolicy("All", "all_configured"), **nothing(partner())
            )
        },
    ),
    "give_voucher": (
        vouching.give_voucher,
        lambda: {
            "organization": partner(),
            "email": "lea@freelance.example",
            "last_day": date(2027, 3, 3),
            "reason": "Works for them",
            "passes_default_block": False,
        },
    ),
    "merge": (
        merging.merge,
        lambda: {
            "organization": partner(),
            "into": make.organization("Contoso", "contoso.example", state="proposed"),
        },
    ),
    "refuse_organization": (
        inbox.refuse_organization,
        lambda: {
            "organization": _for_anybody(partner("proposed")),
            "blocks": True,
            "reason": "",
        },
    ),
    "remove_group": (groups.remove_group, lambda: {"group": _with_member().group}),
    "remove_group_member": (
        groups.remove_group_member,
        lambda: {"group": (row := _with_member()).group, "person": row.person},
    ),
    "remove_resource": (resources.remove_resource, lambda: {"row": with_access()}),
    "undo_merge": (merging.undo_merge, lambda: {"row": merged()}),
    "withdraw_voucher": (vouching.withdraw_voucher, lambda: {"voucher": vouched("given")}),
    "add_own_name": (domain_list.add_own_name, lambda: {"name": beneath(partner())}),
    "add_rules": (domain_list.add_rules, lambda: {"rules": (BLOCK,), **nothing(partner())}),
    "block": (accounts.block, lambda: {"person": bob()}),
    "cancel": (invitations.cancel, lambda: {"person": invited()}),
    "change_basics": (organizations.change_basics, lambda: wanted(partner())),
    "change_default": (
        domain_list.change_default,
        lambda: {"effect": "block", **nothing(partner())},
    ),
    "change_organization": (
        combined_changes.change_organization,
        lambda: wanted(partner(), sources=None, sponsors={}),
    ),
    "change_own_name": (
        domain_list.change_own_name,
        lambda: {"own": own_beneath(partner()), "name": "ours.example"},
    ),
    "change_package": (
        packages.change_package,
        lambda: {
            "package": offered(partner()),
            "name": "Drawings",
            "description": "",
            "is_listed": True,
            "is_open": False,
        },
    ),
    "change_policy": (
        policies.change_policy,
        lambda: {"row": policy_for(partner()), "policy": NewPolicy("All", "nobody")},
    ),
    "change_rule": (
        domain_list.change_rule,
        lambda: {"rule": blocked(partner()), "effect": "allow", "reason": "", "ends_on": None},
    ),
    "change_sources": (
        sources.change_sources,
        lambda: {"organization": partner(), "sources": (NewSource("contoso.example"),)},
    ),
    "change_sponsors": (
        sponsors.change_sponsors,
        lambda: {"organization": partner(), "kind": "external", "people": []},
    ),
    "connect": (
        organizations.connect,
        lambda: {
            "new": NewOrganization("New", sources=(NewSource("new.example"),)),
            **nothing(partner()),
        },
    ),
    "create_policy": (
        policies.create_policy,
        lambda: {
            "package": make.package("Badge", **nothing(partner())),
            "policy": NewPolicy("All", "all_configured"),
        },
    ),
    "delete": (deletion.delete, lambda: {"organization": partner()}),
    "release": (
        deletion.release,
        lambda: {"organization": deleted(), "names": ["fabrikam.example"]},
    ),
    "remove_demo": (remove_demo, demo),
    "remove_guest": (accounts.remove_guest, lambda: {"person": bob()}),
    "remove_own_name": (domain_list.remove_own_name, lambda: {"own": own_beneath(partner())}),
    "remove_policy": (policies.remove_policy, lambda: {"row": policy_for(partner())}),
    "remove_rule": (domain_list.remove_rule, lambda: {"rule": blocked(partner())}),
    "remove_sponsor": (
        sponsors.remove_sponsor,
        lambda: {"organization": (row := partner()), "person": row.sponsorships.get().person},
    ),
    "restore": (deletion.restore, lambda: {"organization": deleted()}),
    "run_batch": (run_batch, several),
    "unblock": (accounts.unblock, lambda: {"person": bob(state="blocked")}),
}
every_action = pytest.mark.parametrize("name", sorted(WORLDS))


def _for_anybody(organization: Organization) -> Organization:
    make.policy(make.package("Badge"), "any_outside")
    return organization


def _with_member():
    return make_access.member(make_access.group(), make.guest("bob@fabrikam.example"))


def nothing(_made) -> dict:
    """Return no keywords: what was made is there."""
    return {}


def beneath(_partner) -> str:
    return "eng.fabrikam.example"


def own_beneath(_partner):
    return make.own_name("eng.fabrikam.example")


def offered(_partner):
    return make.first_package()


def policy_for(_partner):
    return make.first_package().policies.get()


def blocked(_partner):
    return make.list_rule("fabrikam.example")


class Somebody:
    """A person with every role at the button of one action."""

    def __init__(self, name: str):
        self.action, given = WORLDS[name]
        person = make.member("ada@harbourgate.example", *ROLES, name="Ada Okafor")
        self.given = {**given(), "by": make.actor(person), "at": make.NOON}

    def press(self, seen: str | None):
        """Do it, having seen that; None: without a word about it."""
        if "new" in self.given:
            return self.action(**self.given | {"new": replace(self.given["new"], seen=seen)})
        return self.action(**self.given, seen=seen)

    def question(self, seen: str | None) -> ConfirmationRequired:
        with pytest.raises(ConfirmationRequired) as question:
            self.press(seen)
        return question.value


def events(since: int) -> list[tuple[str, str]]:
    """Return what is on record after so many events: the result, and the code of a refusal."""
    rows = AuditEvent.objects.order_by("pk").values_list("result", "reason")[since:]
    return [(result, reason.partition(":")[0]) for result, reason in rows]


def requires_confirmation(name: str) -> bool:
    return "require_confirmation(" in inspect.getsource(inspect.unwrap(ACTIONS[name]))


def test_every_action_that_requires_a_confirmation_is_in_the_table():
    assert sorted(WORLDS) == sorted(filter(requires_confirmation, ACTIONS))


def test_every_action_that_takes_what_was_seen_requires_a_confirmation():
    takes = {name for name in ACTIONS if "seen" in inspect.signature(ACTIONS[name]).parameters}
    within_new = {"connect", "create_whole_package"}
    assert sorted(takes | within_new) == sorted(WORLDS)


@every_action
@pytest.mark.parametrize("seen", ["", None], ids=["seen nothing", "said nothing"])
def test_a_person_who_has_not_seen_the_impact_is_shown_it_and_nothing_is_stored(name, seen):
    somebody = Somebody(name)
    before = rows_of_everything()
    question = somebody.question(seen)
    assert (question.code, question.impact.is_empty) == ("confirmation_required", False)
    assert changed(before, rows_of_everything()) == set()


@every_action
def test_a_person_who_has_seen_another_impact_is_refused_on_record_and_nothing_is_stored(name):
    somebody = Somebody(name)
    before, since = rows_of_everything(), AuditEvent.objects.count()
    assert somebody.question("0" * 16).code == "effect_changed"
    assert changed(before, rows_of_everything()) == {"governance_auditevent"}
    assert events(since) == [("refused", "effect_changed")]


@every_action
def test_a_person_who_has_seen_the_impact_saves(name):
    somebody = Somebody(name)
    since = AuditEvent.objects.count()
    somebody.press(somebody.question("").expected)
    assert {result for result, _code in events(since)} == {"done"}


def test_the_system_needs_no_confirmation_unless_it_says_what_it_saw():
    row = partner()
    with pytest.raises(ConfirmationRequired):
        deletion.delete(organization=row, seen="", **system())
    assert deletion.delete(organization=row, **system()).is_deleted


def test_an_impact_on_nobody_is_saved_at_once():
    row = make.organization()
    ada = make.actor(make.member("ada@harbourgate.example", *ROLES))
    given = {"by": ada, "at": make.NOON, "seen": ""}
    assert organizations.change_basics(**wanted(row), **given).state == "proposed"


def test_several_changes_that_were_confirmed_as_a_whole_ask_nothing_more():
    somebody = Somebody("run_batch")
    expected = somebody.question("").expected
    row = Organization.objects.get()
    acting = {"by": somebody.given["by"], "at": make.NOON}
    somebody.given["steps"] = [partial(deletion.delete, organization=row, **acting)]
    somebody.press(expected)
    assert Organization.objects.get().is_deleted


def test_a_confirmation_of_the_whole_ends_with_the_whole():
    somebody = Somebody("run_batch")
    somebody.press(somebody.question("").expected)
    given = {"organization": Organization.objects.get(), "by": somebody.given["by"]}
    with pytest.raises(ConfirmationRequired):
        deletion.restore(**given, at=make.NOON)


def test_sources_that_cannot_be_are_refused_before_anything_is_to_be_confirmed():
    somebody = Somebody("change_organization")
    make.organization("Contoso", "contoso.example")
    somebody.given["sources"] = (NewSource("contoso.example"),)
    with pytest.raises(Refused) as refusal:
        somebody.press("")
    assert refusal.value.code == "claim_taken"

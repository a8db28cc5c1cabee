"""A call of every action, by the action's name: each makes what it needs and returns what is to be
called.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import uuid4

from governance.actions import batch, catalogs, directories, domain_list, vouching, what_if
from governance.actions.access_packages import packages, policies
from governance.actions.access_packages import resources as package_resources
from governance.actions.action import Action
from governance.actions.my_access import codes
from governance.actions.organizations import (
    basics,
    combined_changes,
    deletion,
    inbox,
    merging,
    sources,
    sponsors,
)
from governance.actions.people import accounts, invitations, own_account
from governance.actions.resources import groups, webhooks
from governance.impact import Change
from governance.models import Invitation, KnownDirectory, Mail
from governance.rules.access_packages.questions import Question
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import READER, SYSTEM
from governance.sample_data import demo
from governance.sample_data import fill as fill_actions
from tests import make, make_access, make_vouchers
from tests.confirmed import ACTION_MODULES

ACTING = {"by": SYSTEM, "at": make.NOON}
ACTIONS = {
    name: function
    for module in ACTION_MODULES.values()
    for name, function in vars(module).items()
    if isinstance(function, Action) and function.__module__ == module.__name__
}
# Whoever has the link may; and each of several things asks its own permission.
NEED_NO_PERMISSION = {"prove_code", "redeem", "set_first_password", "run_batch"}
# What each of these takes away cannot be taken away twice.
REMOVALS = {
    "cancel",
    "delete",
    "forget_directory",
    "merge",
    "refuse_organization",
    "undo_merge",
    "release",
    "remove_catalog",
    "remove_demo",
    "remove_group",
    "remove_group_member",
    "remove_guest",
    "remove_own_name",
    "remove_policy",
    "remove_resource",
    "remove_rule",
    "remove_sponsor",
    "remove_test",
    "remove_webhook",
}
TOKEN = "a-token-that-was-mailed"


def call(verb, **given):
    return partial(verb, **ACTING | given)


def _deleted():
    row = make.organization()
    deletion.delete(organization=row, **ACTING)
    return row


def _invited():
    make.organization()
    return invitations.invite_guest(email="ann@fabrikam.example", name="Ann", message="", **ACTING)


def connect():
    return call(
        basics.connect,
        new=NewOrganization("Contoso", sources=(NewSource("contoso.example"),)),
    )


def merge():
    return call(
        merging.merge,
        organization=make.organization(),
        into=make.organization("Contoso", "c.example"),
    )


def undo_merge():
    merged = make.organization("Contoso", "contoso.example")
    row = merging.merge(organization=merged, into=make.organization(), **ACTING)
    return call(merging.undo_merge, row=row)


def refuse_organization():
    row = make.organization(state="proposed")
    return call(inbox.refuse_organization, organization=row, blocks=True, reason="Spam")


def snooze():
    row = make.organization(state="proposed")
    return call(inbox.snooze, organization=row, until=date(2026, 12, 1))


def change_basics():
    return call(
        basics.change_basics,
        organization=make.organization(),
        name="Fabrikam AG",
        description="",
        state="configured",
    )


def change_sources():
    return call(
        sources.change_sources,
        organization=make.organization(),
        sources=(NewSource("fabrikam-labs.example"),),
    )


def change_sponsors():
    return call(
        sponsors.change_sponsors,
        organization=make.organization(),
        kind="internal",
        people=[make.member("sam@harbourgate.example").uuid],
    )


def remove_sponsor():
    row, sam = make.organization(), make.member("sam@harbourgate.example")
    make.sponsor(row, sam)
    return call(sponsors.remove_sponsor, organization=row, person=sam)


def change_organization():
    return call(
        combined_changes.change_organization,
        organization=make.organization(),
        name="Fabrikam AG",
        description="",
        state="configured",
        sources=(NewSource("fabrikam-labs.example"),),
        sponsors={"internal": [make.member("sam@harbourgate.example").uuid]},
    )


def run_batch():
    return call(batch.run_batch, steps=[change_basics()], changes=Change)


def fill():
    return call(fill_actions.fill, organizations=1)


def load_demo():
    return call(demo.load_demo)


def delete():
    return call(deletion.delete, organization=make.organization())


def restore():
    return call(deletion.restore, organization=_deleted())


def release():
    return call(deletion.release, organization=_deleted(), names=["fabrikam.example"])


def remove_demo():
    KnownDirectory.objects.create(
        directory_id=uuid4(), name="Demo", initial_domain="demo.directory.example", is_demo=True
    )
    return call(demo.remove_demo)


def keep_directory():
    return call(
        directories.keep_directory,
        directory_id=uuid4(),
        name="Contoso AG",
        initial_domain="contoso.directory.example",
        verified=["contoso.example"],
    )


def forget_directory():
    return call(
        directories.forget_directory,
        directory=make.known_directory("Contoso AG", "contoso.directory.example"),
    )


def add_rules():
    return call(
        domain_list.add_rules,
        rules=tuple(
            NewListRule(name, "alone", "block") for name in ("norr.example", "other.example")
        ),
    )


def change_rule():
    return call(
        domain_list.change_rule,
        rule=make.list_rule("norr.example"),
        effect="allow",
        reason="",
        ends_on=None,
    )


def remove_rule():
    return call(domain_list.remove_rule, rule=make.list_rule("norr.example"))


def change_default():
    return call(domain_list.change_default, effect="block")


def add_own_name():
    return call(domain_list.add_own_name, name="ours.example")


def change_own_name():
    return call(domain_list.change_own_name, own=make.own_name("ours.example"), name="mine.example")


def remove_own_name():
    return call(domain_list.remove_own_name, own=make.own_name("ours.example"))


def add_member():
    return call(invitations.add_member, email="mia@harbourgate.example", name="Mia", unit="")


def invite_guest():
    make.organization()
    return call(invitations.invite_guest, email="ann@fabrikam.example", name="Ann", message="")


def resend():
    return call(invitations.resend, person=_invited())


def cancel():
    return call(invitations.cancel, person=_invited())


def _with_link(person):
    Invitation.objects.filter(person=person).update(token_hash=invitations.token_hash(TOKEN))
    return {"token": TOKEN, "name": "Ann", "password": make.PASSWORD}


def redeem():
    return call(invitations.redeem, **_with_link(_invited()))


def set_first_password():
    person = invitations.add_member(email="mia@harbourgate.example", name="Mia", unit="", **ACTING)
    return call(invitations.set_first_password, **_with_link(person))


def prove_code():
    token = codes.send_code(email="ann@fabrikam.example", **ACTING)
    return call(codes.prove_code, token=token, code=Mail.objects.latest("id").secret)


def create_first_administrator():
    return call(
        accounts.create_first_administrator,
        email="root@harbourgate.example",
        password=make.PASSWORD,
    )


def change_details():
    return call(
        accounts.change_details,
        person=make.member("rob@harbourgate.example"),
        name="Rob Roy",
        unit="Sales",
    )


def block():
    return call(accounts.block, person=make.member("rob@harbourgate.example"))


def _by_themselves(action, **given):
    rob = make.member("rob@harbourgate.example")
    return call(action, person=rob, by=make.actor(rob), **given)


def change_password():
    return _by_themselves(own_account.change_password, password=make.PASSWORD)


def change_preferences():
    return _by_themselves(own_account.change_preferences, theme="dark", shortcuts=False)


def note_second_factor():
    return _by_themselves(own_account.note_second_factor, method="passkey")


def note_second_factor_gone():
    return _by_themselves(own_account.note_second_factor_gone, method="passkey")


def unblock():
    return call(accounts.unblock, person=make.member("rob@harbourgate.example", state="blocked"))


def remove_guest():
    return call(accounts.remove_guest, person=make.guest("ann@elsewhere.example"))


def change_roles():
    return call(
        accounts.change_roles, person=make.member("rob@harbourgate.example"), roles=[READER]
    )


def create_package():
    return call(
        packages.create_package, name="Drawings", description="", is_listed=True, is_open=True
    )


def change_package():
    return call(
        packages.change_package,
        package=make.package(),
        name="CAD",
        description="",
        is_listed=True,
        is_open=False,
    )


def create_policy():
    return call(
        policies.create_policy,
        package=make.package(),
        policy=NewPolicy("All", "all_configured", (), make.stages(), questions=(Question("Why?"),)),
    )


def change_policy():
    return call(
        policies.change_policy, row=make.policy(make.package()), policy=NewPolicy("All", "nobody")
    )


def remove_policy():
    return call(policies.remove_policy, row=make.policy(make.package()))


def save_test():
    return call(
        what_if.save_test,
        name="Bob",
        email="bob@fabrikam.example",
        package=None,
        expects_allowed=True,
    )


def remove_test():
    return call(what_if.remove_test, test=make.saved_test("bob@fabrikam.example"))


def create_catalog():
    return call(catalogs.create_catalog, name="Engineering", description="", managers=[])


def change_catalog():
    return call(
        catalogs.change_catalog,
        catalog=make_access.catalog(),
        name="Plants",
        description="",
        managers=[],
    )


def remove_catalog():
    return call(catalogs.remove_catalog, catalog=make_access.catalog())


def move_package():
    return call(
        catalogs.move_package, package=make.package(), catalog=make_access.catalog("Plants")
    )


def create_group():
    return call(groups.create_group, name="CAD readers", description="")


def change_group():
    return call(groups.change_group, group=make_access.group(), name="CAD", description="")


def remove_group():
    return call(groups.remove_group, group=make_access.group())


def add_group_member():
    return call(
        groups.add_group_member,
        group=make_access.group(),
        person=make.member("rob@harbourgate.example"),
    )


def remove_group_member():
    group, person = make_access.group(), make.member("rob@harbourgate.example")
    make_access.member(group, person)
    return call(groups.remove_group_member, group=group, person=person)


def create_webhook():
    return call(webhooks.create_webhook, name="Doors", url="https://doors.example/hook")


def change_webhook():
    return call(
        webhooks.change_webhook,
        webhook=make_access.webhook(),
        name="Gates",
        url="https://doors.example/other",
    )


def renew_webhook_secret():
    return call(webhooks.renew_webhook_secret, webhook=make_access.webhook())


def remove_webhook():
    return call(webhooks.remove_webhook, webhook=make_access.webhook())


def add_resource():
    return call(package_resources.add_resource, package=make.package(), group=make_access.group())


def remove_resource():
    row = make_access.resource(make.package(), make_access.group())
    return call(package_resources.remove_resource, row=row)


def give_voucher():
    return call(
        vouching.give_voucher,
        organization=make.organization(),
        email="lea@gmail.com",
        last_day=date(2027, 3, 3),
        reason="Works for them",
        passes_default_block=False,
    )


def propose_voucher():
    organization, kim = make.organization(), make.member("kim@harbourgate.example")
    make.sponsor(organization, kim)
    return call(
        vouching.propose_voucher,
        organization=organization,
        email="lea@gmail.com",
        last_day=date(2027, 3, 3),
        reason="Works for them",
        by=make.actor(kim),
    )


def approve_voucher():
    voucher = make_vouchers.voucher(make.organization(), state="proposed")
    return call(vouching.approve_voucher, voucher=voucher, passes_default_block=False)


def refuse_voucher():
    voucher = make_vouchers.voucher(make.organization(), state="proposed")
    return call(vouching.refuse_voucher, voucher=voucher)


def withdraw_voucher():
    return call(vouching.withdraw_voucher, voucher=make_vouchers.voucher(make.organization()))


def end_voucher():
    voucher = make_vouchers.voucher(make.organization(), last_day=date(2026, 11, 22))
    return call(vouching.end_voucher, voucher=voucher)


def remind_of_voucher_end():
    voucher = make_vouchers.voucher(make.organization(), last_day=date(2026, 11, 25))
    return call(vouching.remind_of_voucher_end, voucher=voucher)

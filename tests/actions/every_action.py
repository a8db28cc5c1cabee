"""A call of every action, by the action's name: each makes what it needs and returns what is to be
called.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from governance.actions import batch, catalogs, directories, domain_list, vouching, what_if
from governance.actions.access_packages import creation, packages, policies
from governance.actions.access_packages import resources as package_resources
from governance.actions.access_requests import (
    assigning,
    decisions,
    deliveries,
    deputies,
    ending,
    expiry,
    fulfilment,
    parking,
    submission,
    together,
    withdrawal,
)
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
from governance.actions.people import accounts, guest_lifecycle, invitations, own_account
from governance.actions.resources import groups, webhooks
from governance.impact import Change
from governance.models import AccessRequest, Delivery, Invitation, KnownDirectory, Mail
from governance.rules.access_packages.new_packages import NewPackage
from governance.rules.access_packages.questions import Question
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import READER, SYSTEM
from governance.sample_data import demo
from governance.sample_data import fill as fill_actions
from tests import make, make_access, make_requests, make_vouchers
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
# Whose own request or access it is, the entry points say by the mailbox that was proved.
NEED_NO_PERMISSION |= {"submit", "resubmit", "withdraw", "give_back", "request_extension"}
# Who decides, the rule says of each request, and who has a deputy, that person.
REFUSED_TO_NOBODY = {
    "approve": "not_an_approver",
    "deny": "not_an_approver",
    "send_back": "not_an_approver",
    "decide_together": "not_an_approver",
    "undo": "nothing_to_undo",
    "add_deputy": "not_yours",
    "end_deputy": "not_yours",
}
# What each of these takes away cannot be taken away twice.
REMOVALS = {
    "cancel",
    "delete",
    "forget_directory",
    "end_assignment",
    "end_deputy",
    "give_back",
    "merge",
    "refuse_organization",
    "undo_merge",
    "release",
    "remove_catalog",
    "remove_after_access",
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


def create_whole_package():
    return call(
        creation.create_whole_package,
        new=NewPackage(
            "Drawings",
            catalog=make_access.catalog().uuid,
            groups=(make_access.group().uuid,),
            webhooks=(make_access.webhook().uuid,),
            policy=NewPolicy("All", "all_configured"),
        ),
    )


def _delivery(**columns):
    """The first of two deliveries, so that its request is not done with it."""
    package = make.package()
    for name in ("First", "Second"):
        make_requests.resource(package, make_requests.group(name))
    make.organization()
    make_requests.access(package)
    Delivery.objects.update(**columns)
    return Delivery.objects.earliest("id")


def settle_delivery():
    return call(
        deliveries.settle_delivery,
        delivery=_delivery(attempts=1),
        attempt=deliveries.Attempt(),
    )


def retry_delivery():
    return call(deliveries.retry_delivery, delivery=_delivery(state="failed"))


def _asked():
    """A request of Bob, and Sam who can decide it."""
    make.organization()
    sam, policy = make.member("sam@harbourgate.example"), make.policy(make.package())
    make_requests.with_stages(policy, make_requests.named_stage(sam))
    return make_requests.request(policy.package), sam


def _deciding(decide, **given):
    row, sam = _asked()
    return call(decide, request=row, by=make.actor(sam), **given)


def _with_access(*, can_extend=False):
    make.organization()
    package = make.package()
    if can_extend:
        make_requests.with_stages(make.policy(package), [], can_extend=True)
    return make_requests.access(package, last_day=make.NOON.date() + timedelta(days=9))


def _in_state(state, **more):
    row, _sam = _asked()
    AccessRequest.objects.filter(pk=row.pk).update(state=state, **more)
    return AccessRequest.objects.get(pk=row.pk)


def approve():
    return _deciding(decisions.approve, reason="Known to us")


def deny():
    return _deciding(decisions.deny, reason="No contract")


def send_back():
    return _deciding(decisions.send_back, reason="Which project?")


def undo():
    row, sam = _asked()
    make_requests.approve(row, sam)
    return call(decisions.undo, request=row, by=make.actor(sam))


def decide_together():
    row, sam = _asked()
    return call(
        together.decide_together,
        requests=[row],
        outcome="approve",
        reason="Known to us",
        by=make.actor(sam),
    )


def submit():
    make.organization()
    policy = make.policy(make.package())
    new = submission.NewRequest("bob@fabrikam.example", "Falcon")
    return call(submission.submit, package=policy.package, new=new)


def resubmit():
    row, sam = _asked()
    decisions.send_back(request=row, reason="Which?", by=make.actor(sam), at=make.NOON)
    return call(submission.resubmit, request=row, mailbox=row.mailbox, reason="Falcon")


def withdraw():
    row, _sam = _asked()
    return call(withdrawal.withdraw, request=row, mailbox=row.mailbox)


def cancel_request():
    return call(withdrawal.cancel_request, request=_asked()[0], reason="Asked to")


def expire():
    return call(expiry.expire, request=_in_state("pending_approval", due_at=make.NOON))


def escalate():
    return call(expiry.escalate, request=_asked()[0])


def remind():
    return call(expiry.remind, request=_asked()[0])


def end_expired():
    return call(expiry.end_expired, assignment=_with_access())


def remind_of_end():
    return call(expiry.remind_of_end, assignment=_with_access())


def end_assignment():
    return call(ending.end_assignment, assignment=_with_access(), reason="Left")


def give_back():
    row = _with_access()
    return call(ending.give_back, assignment=row, mailbox=row.mailbox)


def start():
    return call(fulfilment.start, request=_in_state("approved", deliver_at=make.NOON))


def retry():
    return call(fulfilment.retry, request=_in_state("delivery_failed"))


def resume():
    return call(parking.resume, request=_in_state("parked", parked_in="approved"))


def assign():
    make.organization()
    return call(
        assigning.assign,
        package=make.package(),
        email="bob@fabrikam.example",
        reason="Starts today",
        last_day=None,
    )


def request_extension():
    row = _with_access(can_extend=True)
    return call(
        assigning.request_extension,
        assignment=row,
        mailbox=row.mailbox,
        reason="Not done yet",
        ends_at=None,
    )


def _away():
    sam, uma = make.member("sam@harbourgate.example"), make.member("uma@harbourgate.example")
    day = make.NOON.date() + timedelta(days=9)
    return {"person": sam, "deputy": uma, "last_day": day, "by": make.actor(sam)}


def add_deputy():
    return call(deputies.add_deputy, **_away())


def end_deputy():
    given = _away()
    row = deputies.add_deputy(**ACTING | given)
    return call(deputies.end_deputy, row=row, by=given["by"])


def change_guest_lifecycle():
    return call(guest_lifecycle.change_guest_lifecycle, blocks_at_end=False, removes_after=None)


def remove_after_access():
    ann = make.guest("ann@elsewhere.example")
    ann.came_by_request, ann.remove_at = True, make.NOON
    ann.save()
    return call(guest_lifecycle.remove_after_access, person=ann)


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

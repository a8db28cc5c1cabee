"""Every page x method x role x object: who gets in, who is refused, with what answer.

A new path without a row here fails.

The portal's own pages first; those of the admin site and of django-allauth stand in
test_matrix_of_others.py.
"""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.actions.organizations import deletion, merging
from governance.actions.people import invitations
from governance.models import AccessRequest, AuditEvent, Draft, PackageDraft
from governance.rules.roles import READER, ROLES_BY_PERMISSION, SYSTEM
from governance.urls import urlpatterns
from tests import make, make_access, make_requests, make_vouchers
from tests.confirmed import confirmed
from tests.views.cells import METHODS, OTHER_METHODS, status_of

EVERYONE, NOBODY, PUBLIC = "everyone signed in", "no method", "public"
VISITORS = "everyone with a proved address"  # objects there are nobody's but their owner's

# Page: who may GET, who may POST.
# A permission of rules/roles.py, EVERYONE, PUBLIC, or NOBODY where the method does not exist.
ROWS = {
    "overview": (EVERYONE, NOBODY),
    "help": (EVERYONE, NOBODY),
    "help_page": (EVERYONE, NOBODY),
    "first_steps_hide": (NOBODY, "change_package"),
    "search": ("view_organization", NOBODY),
    "organization_list": ("view_organization", NOBODY),
    "organization_export": ("view_organization", NOBODY),
    "organization_detail": ("view_organization", NOBODY),
    "organization_directories": ("view_organization", NOBODY),
    "organization_sponsors": ("view_organization", NOBODY),
    "organization_people": ("view_organization", NOBODY),
    "organization_access": ("view_organization", NOBODY),
    "organization_vouchers": ("view_organization", NOBODY),
    "voucher_give": ("give_voucher", "give_voucher"),
    "voucher_propose": (EVERYONE, EVERYONE),
    "voucher_approve": ("give_voucher", "give_voucher"),
    "voucher_refuse": ("give_voucher", "give_voucher"),
    "voucher_withdraw": ("give_voucher", "give_voucher"),
    "organization_activity": ("view_auditevent", NOBODY),
    "organization_edit_basics": ("change_organization", "change_organization"),
    "organization_edit_sources": ("change_organization", "change_organization"),
    "organization_edit_sponsors": ("change_organization", "change_organization"),
    "organization_remove_sponsor": ("change_organization", "change_organization"),
    "organization_delete": ("delete_organization", "delete_organization"),
    "organization_restore": ("delete_organization", "delete_organization"),
    "organization_release": (NOBODY, "delete_organization"),
    "organization_inbox": ("change_organization", NOBODY),
    "organization_merge": ("change_organization", "change_organization"),
    "organization_refuse": ("delete_organization", "delete_organization"),
    "organization_snooze": ("change_organization", "change_organization"),
    "organization_undo_merge": ("change_organization", "change_organization"),
    "organization_add": ("add_organization", NOBODY),
    "organization_add_step": ("add_organization", "add_organization"),
    "organization_pane_directories": ("add_organization", "add_organization"),
    "organization_pane_sponsors": ("add_organization", "add_organization"),
    "draft_discard": ("add_organization", "add_organization"),
    "drafts_discard": ("add_organization", "add_organization"),
    "domain_list": ("view_listrule", NOBODY),
    "domain_list_add": ("change_list", "change_list"),
    "domain_list_rule": ("change_list", "change_list"),
    "domain_list_remove": ("change_list", "change_list"),
    "domain_list_default": ("change_list", "change_list"),
    "own_names": ("view_listrule", NOBODY),
    "own_name_add": (NOBODY, "change_ownname"),
    "own_name_remove": (NOBODY, "change_ownname"),
    "person_list": ("view_person", NOBODY),
    "person_detail": ("view_person", NOBODY),
    "person_add": ("add_member", "add_member"),
    "person_invite": ("invite_guest", "invite_guest"),
    "person_block": ("block_guest", "block_guest"),
    "person_unblock": ("block_guest", "block_guest"),
    "person_remove": ("block_guest", "block_guest"),
    "person_roles": ("grant_role", "grant_role"),
    "invitation_resend": (NOBODY, "invite_guest"),
    "invitation_cancel": ("invite_guest", "invite_guest"),
    "invitation_accept": (PUBLIC, PUBLIC),
    "account": (EVERYONE, EVERYONE),
    "theme": (NOBODY, EVERYONE),
    "mail_list": ("view_mail", NOBODY),
    "mail_detail": ("view_mail", NOBODY),
    "settings_guests": ("change_settings", "change_settings"),
    "demo_remove": ("change_settings", "change_settings"),
    "audit_log": ("view_auditevent", NOBODY),
    "audit_export": ("view_auditevent", NOBODY),
    "audit_event": ("view_auditevent", NOBODY),
    "catalog_list": ("view_package", NOBODY),
    "catalog_add": ("change_package", "change_package"),
    "catalog_detail": ("view_package", NOBODY),
    "catalog_edit": ("change_package", "change_package"),
    "catalog_remove": ("change_package", "change_package"),
    "group_list": ("view_package", NOBODY),
    "group_export": ("view_package", NOBODY),
    "group_add": ("change_package", "change_package"),
    "group_detail": ("view_package", NOBODY),
    "group_member_export": ("view_package", NOBODY),
    "group_edit": ("change_package", "change_package"),
    "group_remove": ("change_package", "change_package"),
    "group_member_add": ("change_package", "change_package"),
    "group_member_remove": ("change_package", "change_package"),
    "webhook_list": ("view_package", NOBODY),
    "webhook_add": ("change_package", "change_package"),
    "webhook_detail": ("view_package", NOBODY),
    "webhook_edit": ("change_package", "change_package"),
    "webhook_secret": ("change_package", "change_package"),
    "webhook_remove": ("change_package", "change_package"),
    "package_list": ("view_package", NOBODY),
    "package_resources": ("view_package", NOBODY),
    "package_resource_add": ("change_package", "change_package"),
    "package_policies": ("view_package", NOBODY),
    "package_people": ("view_package", NOBODY),
    "package_requests": ("view_package", NOBODY),
    "package_activity": ("view_auditevent", NOBODY),
    "package_move": ("change_package", "change_package"),
    "resource_remove": ("change_package", "change_package"),
    "package_add": ("change_package", NOBODY),
    "package_add_step": ("change_package", "change_package"),
    "package_detail": ("view_package", NOBODY),
    "package_edit": ("change_package", "change_package"),
    "policy_add": ("change_package", "change_package"),
    "policy_edit": ("change_package", "change_package"),
    "policy_remove": ("change_package", "change_package"),
    "approval_list": (EVERYONE, NOBODY),
    "approval_count": (EVERYONE, NOBODY),
    "approval_review": (EVERYONE, EVERYONE),
    "approval": (EVERYONE, EVERYONE),
    "approval_undo": (NOBODY, EVERYONE),
    "deputy": (EVERYONE, EVERYONE),
    "deputy_end": (NOBODY, EVERYONE),
    "my_access": (PUBLIC, PUBLIC),
    "my_access_code": (PUBLIC, PUBLIC),
    "my_access_send_again": (NOBODY, PUBLIC),
    "my_access_sign_out": (NOBODY, PUBLIC),
    "request_list": ("view_accessrequest", NOBODY),
    "request_export": ("view_accessrequest", NOBODY),
    "request_detail": ("view_accessrequest", NOBODY),
    "request_cancel": ("change_assignment", "change_assignment"),
    "request_resume": (NOBODY, "change_assignment"),
    "request_retry": (NOBODY, "change_assignment"),
    "assignment_list": ("view_accessrequest", NOBODY),
    "assignment_export": ("view_accessrequest", NOBODY),
    "assign": ("change_assignment", "change_assignment"),
    "assignment_detail": ("view_accessrequest", NOBODY),
    "assignment_end": ("change_assignment", "change_assignment"),
    "my_access_request_package": (VISITORS, VISITORS),
    "my_access_requests": (VISITORS, NOBODY),
    "my_access_request": (VISITORS, VISITORS),
    "my_access_withdraw": (VISITORS, VISITORS),
    "my_access_access": (VISITORS, NOBODY),
    "my_access_extend": (VISITORS, VISITORS),
    "my_access_give_back": (VISITORS, VISITORS),
    "what_if": ("use_what_if", NOBODY),
    "what_if_save": (NOBODY, "use_what_if"),
    "what_if_remove": (NOBODY, "use_what_if"),
    "overlap_map": ("use_what_if", NOBODY),
}
# What a page answers to those who may when nothing is filled in,
# by GET and by POST, where it is not 200 and (no such method).
ANSWERS = {
    "organization_add": (302, 405),
    "first_steps_hide": (405, 303),
    "organization_remove_sponsor": (200, 200),
    "organization_edit_basics": (200, 422),
    "organization_edit_sources": (200, 303),
    "organization_edit_sponsors": (200, 200),
    "organization_delete": (200, 422),
    "organization_restore": (200, 200),
    "organization_release": (405, 422),
    "organization_merge": (200, 422),
    "organization_refuse": (200, 422),
    "organization_snooze": (200, 422),
    "organization_undo_merge": (200, 200),
    "voucher_give": (200, 422),
    "voucher_propose": (404, 404),  # of no organization
    "voucher_approve": (200, 200),
    "voucher_refuse": (200, 303),
    "voucher_withdraw": (200, 409),
    "draft_discard": (200, 303),
    "drafts_discard": (200, 303),
    "organization_pane_directories": (200, 200),
    "organization_pane_sponsors": (200, 200),
    "organization_add_step": (200, 422),
    "domain_list_add": (200, 422),
    "domain_list_default": (200, 422),
    "own_name_add": (405, 422),
    "own_name_remove": (405, 303),
    "domain_list_rule": (200, 422),
    "domain_list_remove": (200, 409),
    "person_add": (200, 422),
    "person_invite": (200, 422),
    "person_block": (200, 200),
    "person_unblock": (200, 409),
    "person_remove": (200, 303),
    "person_roles": (200, 303),
    "invitation_resend": (405, 303),
    "invitation_cancel": (200, 200),
    "invitation_accept": (410, 410),
    "account": (200, 422),
    "theme": (405, 303),
    "settings_guests": (200, 303),
    "demo_remove": (200, 409),
    "catalog_add": (200, 422),
    "catalog_edit": (200, 422),
    "catalog_remove": (200, 303),
    "group_add": (200, 422),
    "group_edit": (200, 422),
    "group_remove": (200, 200),
    "group_member_add": (200, 422),
    "group_member_remove": (200, 200),
    "webhook_add": (200, 422),
    "webhook_edit": (200, 422),
    "webhook_secret": (200, 409),
    "webhook_remove": (200, 303),
    "package_add": (302, 405),
    "package_add_step": (200, 422),
    "package_resource_add": (200, 422),
    "package_move": (200, 422),
    "resource_remove": (200, 303),
    "package_edit": (200, 422),
    "policy_add": (200, 422),
    "policy_edit": (200, 422),
    "policy_remove": (200, 200),
    # what somebody else is asked is not there; test_matrix_of_approvals.py has those who are asked
    "approval_review": (422, 422),
    "approval": (404, 404),
    "approval_undo": (405, 404),
    "deputy": (200, 422),
    "deputy_end": (405, 404),
    "my_access": (200, 422),
    "my_access_code": (303, 303),
    "my_access_send_again": (405, 303),
    "my_access_sign_out": (405, 303),
    "request_cancel": (200, 422),
    "request_resume": (405, 303),
    "request_retry": (405, 303),
    "assign": (200, 422),
    "assignment_detail": (303, 405),
    "assignment_end": (200, 422),
    "my_access_request_package": (404, 404),
    "my_access_request": (404, 404),
    "my_access_withdraw": (404, 404),
    "my_access_extend": (404, 404),
    "my_access_give_back": (404, 404),
    "what_if_save": (405, 303),
    "what_if_remove": (405, 303),
}
PAGES = {pattern.name: pattern for pattern in urlpatterns}
NAMING = sorted(
    name for name, pattern in PAGES.items() if {"key", "number"} & set(pattern.pattern.converters)
)
OF_A_DRAFT = sorted(
    name for name, pattern in PAGES.items() if "draft" in pattern.pattern.converters
)
WHO = ["ada", "uma", "gil", "rea", "rob", "bob", "nobody"]


@pytest.fixture
def person(request, ada, uma, gil, rob, bob):
    """Whom the test is about: a role each, none, a guest, a stranger."""
    cast = {
        "ada": ada,
        "uma": uma,
        "gil": gil,
        "rea": make.member("rea@harbourgate.example", READER),
        "rob": rob,
        "bob": bob,
        "nobody": None,
    }
    return cast[request.param]


@pytest.fixture
def objects(fabrikam, bob, sam, ada):
    """One object of every kind that paths name."""
    gone = make.organization("Gone", "gone.example")
    deletion.delete(organization=gone, by=SYSTEM, at=make.NOON)
    ann = invitations.invite_guest(
        email="ann@fabrikam.example", name="Ann", message="", by=SYSTEM, at=make.NOON
    )
    make.sponsor(fabrikam, sam)
    package = make.package()
    policy, test = make.policy(package), make.saved_test("a@b.example")
    group = make_access.group()
    make_access.member(group, sam)
    resource = make_access.resource(package, make_access.group("In a package"))
    assignment = make_requests.access(make.package("Held"), "held@fabrikam.example")
    northwind = make.organization("Northwind", "northwind.example")
    merged = confirmed(
        merging.merge, organization=northwind, into=fabrikam, by=SYSTEM, at=timezone.now()
    )
    own, rule, mail = make.own_name("ours.example"), make.list_rule("norr.example"), make.mail()
    return {
        "organization_restore": {"key": gone.uuid},
        "organization_release": {"key": gone.uuid},
        "organization_undo_merge": {"key": merged.uuid},
        "organization": {"key": fabrikam.uuid, "person": sam.uuid},
        "voucher_give": {"key": fabrikam.uuid},
        "voucher": {"key": make_vouchers.voucher(fabrikam, state="proposed").uuid},
        "person": {"key": bob.uuid},
        "invitation_accept": {"token": "no-such-token"},
        "invitation": {"key": ann.uuid},
        "package": {"key": package.uuid},
        "resource_remove": {"key": resource.uuid},
        "catalog": {"key": make_access.catalog().uuid},
        "group": {"key": group.uuid, "person": sam.uuid},
        "webhook": {"key": make_access.webhook().uuid},
        "policy_add": {"key": package.uuid},
        "policy": {"key": policy.uuid},
        "request": {"key": assignment.request.uuid},
        "assignment_end": {"key": assignment.uuid},
        "approval": {"key": _asked(policy, sam).uuid},
        "deputy_end": {"key": make_requests.deputy(sam, make.member("dora@x.example")).uuid},
        "my_access": {"key": uuid4()},
        "assignment_detail": {"key": assignment.uuid},
        "what_if_remove": {"key": test.uuid},
        "domain_list": {"key": rule.uuid},
        "own_name_remove": {"number": own.pk},
        "mail": {"number": mail.pk},
        "audit_event": {"number": AuditEvent.objects.first().pk},
    }


def _asked(policy, approver) -> AccessRequest:
    """A request that waits for somebody who is none of those whom the tests are about."""
    make_requests.with_stages(policy, make_requests.named_stage(approver))
    return make_requests.request(policy.package, "zoe@fabrikam.example", at=timezone.now())


def path_of(name: str, objects: dict, **other) -> str:
    """The page's path; a draft's is new, and so belongs to whoever asks."""
    kwargs = next((values for kind, values in objects.items() if name.startswith(kind)), {})
    known = {
        "name": "roles",
        "step": "basics",
        "kind": "internal",
        "draft": uuid4(),
        **kwargs,
        **other,
    }
    return reverse(
        name, kwargs={argument: known[argument] for argument in PAGES[name].pattern.converters}
    )


def expected(name: str, method: str, person) -> int:
    """The one status that the row allows."""
    on_get, on_post = ROWS[name]
    rule = on_post if method == "post" else on_get
    if person is None and PUBLIC not in ROWS[name]:
        return 302
    if rule == NOBODY:
        return 405
    return ANSWERS.get(name, (200, 405))[method == "post"] if _may(rule, person) else 403


def _may(rule, person) -> bool:
    return (
        rule in (EVERYONE, PUBLIC, VISITORS)
        or rule in ROLES_BY_PERMISSION
        and bool(person.role_names & ROLES_BY_PERMISSION[rule])
    )


def test_every_page_has_a_row_and_every_row_a_page():
    assert set(PAGES) == set(ROWS)


def test_every_row_that_can_be_posted_to_says_what_it_answers():
    posted = {name for name, (_on_get, on_post) in ROWS.items() if on_post != NOBODY}
    assert posted - set(ANSWERS) == set()


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_each_role_gets_in_where_the_row_says_and_nowhere_else(person, objects):
    wrong = {}
    for name in PAGES:
        path = path_of(name, objects)
        for method in METHODS:
            status = status_of(method, path, person)
            if status != expected(name, method, person):
                wrong[name, method] = (status, expected(name, method, person))
    assert wrong == {}


def test_no_other_method_does_anything(objects):
    cells = [(name, "put") for name in PAGES] + [("overview", method) for method in OTHER_METHODS]
    answers = {
        (name, method): status_of(method, path_of(name, objects), None) for name, method in cells
    }
    assert {cell: status for cell, status in answers.items() if status != 405} == {}


@pytest.mark.parametrize("person", ["ada"], indirect=True)
def test_head_is_a_get_without_a_body(person, objects):
    wrong = {}
    for name in PAGES:
        if (status := status_of("head", path_of(name, objects), person)) != expected(
            name, "get", person
        ):
            wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_what_is_not_there_is_not_found_by_those_who_may_and_hidden_from_others(person, objects):
    wrong = {}
    for name in NAMING:
        path = path_of(name, objects, key=uuid4(), number=999_999)
        for method in ("get", "post"):
            wanted = {200: 404, 303: 404, 409: 404, 422: 404}.get(
                expected(name, method, person), expected(name, method, person)
            )
            if (status := status_of(method, path, person)) != wanted:
                wrong[name, method] = (status, wanted)
    assert wrong == {}


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_somebody_elses_draft_is_not_there(person, objects):
    author = make.member("other@harbourgate.example", "Global administrator")
    wrong = {}
    for name in OF_A_DRAFT:
        model = PackageDraft if name.startswith("package") else Draft
        draft = model.objects.create(author=author, started_at=make.NOON, saved_at=make.NOON)
        for method in ("get", "post"):
            wanted = {200: 404, 303: 404, 422: 404}.get(
                expected(name, method, person), expected(name, method, person)
            )
            if (
                status := status_of(method, path_of(name, objects, draft=draft.uuid), person)
            ) != wanted:
                wrong[name, method] = (status, wanted)
        assert model.objects.filter(pk=draft.pk).exists()
    assert wrong == {}

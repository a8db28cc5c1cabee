"""Every page x method x role: who gets in, who is refused, and nobody is forgotten. A new path without a row here fails."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from governance.models import AuditEvent, Draft, Package, Policy, SavedTest
from governance.rules.roles import READER, ROLES_BY_PERMISSION
from governance.urls import urlpatterns
from tests import make

EVERYONE, NOBODY, PUBLIC = "everyone signed in", "no method", "public"

# Page: who may GET, who may POST. A permission of rules/roles.py, EVERYONE, PUBLIC, or NOBODY where the method does not exist.
ROWS = {
    "overview": (EVERYONE, NOBODY),
    "search": ("view_organization", NOBODY),
    "organization_list": ("view_organization", NOBODY),
    "organization_export": ("view_organization", NOBODY),
    "organization_detail": ("view_organization", NOBODY),
    "organization_directories": ("view_organization", NOBODY),
    "organization_sponsors": ("view_organization", NOBODY),
    "organization_access": ("view_organization", NOBODY),
    "organization_activity": ("view_auditevent", NOBODY),
    "organization_edit_basics": ("change_organization", "change_organization"),
    "organization_edit_sources": ("change_organization", "change_organization"),
    "organization_edit_sponsors": ("change_organization", "change_organization"),
    "organization_remove_sponsor": (NOBODY, "change_organization"),
    "organization_delete": ("delete_organization", "delete_organization"),
    "organization_restore": ("delete_organization", "delete_organization"),
    "organization_release": (NOBODY, "delete_organization"),
    "organization_add": ("add_organization", NOBODY),
    "organization_add_step": ("add_organization", "add_organization"),
    "organization_pane_directories": ("add_organization", "add_organization"),
    "organization_pane_sponsors": ("add_organization", "add_organization"),
    "draft_discard": (NOBODY, "add_organization"),
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
    "person_unblock": (NOBODY, "block_guest"),
    "person_remove": (NOBODY, "block_guest"),
    "person_roles": ("grant_role", "grant_role"),
    "invitation_resend": (NOBODY, "invite_guest"),
    "invitation_cancel": (NOBODY, "invite_guest"),
    "invitation_accept": (PUBLIC, PUBLIC),
    "account": (EVERYONE, EVERYONE),
    "theme": (NOBODY, EVERYONE),
    "mail_list": ("view_mail", NOBODY),
    "mail_detail": ("view_mail", NOBODY),
    "demo_remove": (NOBODY, "change_settings"),
    "audit_log": ("view_auditevent", NOBODY),
    "audit_export": ("view_auditevent", NOBODY),
    "audit_event": ("view_auditevent", NOBODY),
    "package_list": ("view_package", NOBODY),
    "package_add": ("change_package", "change_package"),
    "package_detail": ("view_package", NOBODY),
    "package_edit": ("change_package", "change_package"),
    "policy_add": ("change_package", "change_package"),
    "policy_edit": ("change_package", "change_package"),
    "policy_remove": ("change_package", "change_package"),
    "what_if": ("use_what_if", NOBODY),
    "what_if_save": (NOBODY, "use_what_if"),
    "what_if_remove": (NOBODY, "use_what_if"),
    "overlap_map": ("use_what_if", NOBODY),
}
PAGES = {pattern.name: pattern for pattern in urlpatterns}


@pytest.fixture
def people(ada, uma, gil, rob, bob):
    return {"ada": ada, "uma": uma, "gil": gil, "rea": make.member("rea@harbourgate.example", READER), "rob": rob, "bob": bob, "nobody": None}


@pytest.fixture
def objects(fabrikam, bob, ada):
    """One object of every kind that paths name."""
    AuditEvent.objects.first()
    package = Package.objects.create(name="Drawings", name_key="drawings", created_at=make.NOON, changed_at=make.NOON)
    policy = Policy.objects.create(package=package, name="All", scope="all_configured", created_at=make.NOON, changed_at=make.NOON)
    test = SavedTest.objects.create(name="t", email="a@b.example", expects_allowed=True, added_at=make.NOON, added_by="x")
    own, rule, mail = make.own_name("ours.example"), make.list_rule("norr.example"), make.mail()
    return {
        "organization": {"key": fabrikam.uuid}, "person": {"key": bob.uuid}, "invitation": {"key": bob.uuid}, "package": {"key": package.uuid},
        "policy": {"key": policy.uuid}, "policy_add": {"key": package.uuid}, "what_if_remove": {"key": test.uuid},
        "domain_list": {"key": rule.uuid}, "own_name_remove": {"number": own.pk}, "mail": {"number": mail.pk},
        "audit_event": {"number": AuditEvent.objects.first().pk}, "invitation_accept": {"token": "no-such-token"},
    }  # fmt: skip


def path_of(name, objects, person) -> str:
    """The page's path, with own drafts for whoever asks."""
    kwargs = dict(objects.get(name) or next((values for kind, values in objects.items() if name.startswith(kind)), {}))
    known = {"step": "basics", "kind": "internal", "draft": uuid4(), "person": objects["person"]["key"], **kwargs}
    wanted = PAGES[name].pattern.converters
    return reverse(name, kwargs={argument: known[argument] for argument in wanted})


def test_every_page_has_a_row_and_every_row_a_page():
    assert set(PAGES) == {name for name in ROWS if name in PAGES}
    assert set(PAGES) - set(ROWS) == set()


def expected(rule, other, person) -> set[int]:
    if rule == NOBODY:
        return {405} if person is not None and _may(other, person) else {405, 403} if person is not None else {302, 405}
    if rule == PUBLIC:
        return {410}
    if person is None:
        return {302}
    return {200, 204, 303, 302, 404, 409, 422} if _may(rule, person) else {403}


def _may(rule, person) -> bool:
    return rule in (EVERYONE, PUBLIC) or rule in ROLES_BY_PERMISSION and bool(person.role_names & ROLES_BY_PERMISSION[rule])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ROWS) & set(PAGES)))
def test_each_role_gets_in_where_the_row_says_and_nowhere_else(name, people, objects):
    on_get, on_post = ROWS[name]
    wrong = []
    for who, person in people.items():
        for method, rule, other in (("get", on_get, on_post), ("post", on_post, on_get)):
            status = _status(method, path_of(name, objects, person), person)
            if status not in expected(rule, other, person):
                wrong.append((who, method, status))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["organization_add_step", "organization_pane_directories", "organization_pane_sponsors"])
def test_somebody_elses_draft_is_not_there(name, ada, uma):
    draft = Draft.objects.create(author=uma, started_at=make.NOON, saved_at=make.NOON)
    kwargs = {"draft": draft.uuid, **({"step": "basics"} if name == "organization_add_step" else {})}
    kwargs |= {"kind": "internal"} if name == "organization_pane_sponsors" else {}
    assert [_status(method, reverse(name, kwargs=kwargs), ada) for method in ("get", "post")] == [404, 404]


def _status(method: str, path: str, person) -> int:
    """One request, undone afterwards."""
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if person:
            client.force_login(person, backend="governance.models.sign_in.RoleBackend")
        status = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    return status

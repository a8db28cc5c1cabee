"""The admin site as a whole: for whom it opens, what is only read, and that nothing changes rows
but actions.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.urls import reverse

from governance.admin import site
from governance.admin.roles import WORDS
from governance.models import AuditEvent, Draft, ListRule, Package, SavedTest
from governance.rules.roles import ROLES_BY_PERMISSION
from tests import make, make_access, request_states

WRITABLE = {
    "organization",
    "person",
    "knowndirectory",
    "listrule",
    "ownname",
    "package",
    "policy",
    "catalog",
    "accessgroup",
    "webhook",
    "resource",
}
READ_ONLY = {
    "auditevent",
    "claim",
    "draft",
    "mail",
    "invitation",
    "savedtest",
    "listdefault",
    "group",
    "accessrequest",
    "approvaldecision",
    "assignment",
    "delivery",
}
INSIDE_OTHERS = {
    "source",
    "sponsorship",
    "verifieddomain",
    "policyorganization",
    "searchentry",
    "catalogmanager",
    "groupmember",
}
# Rows that the portal's own pages show, each where it belongs.
ON_PAGES_OF_THE_PORTAL = {
    "deputy",
    "guestlifecycle",
    "namedapprover",
    "organizationmerge",
    "packagedraft",
    "requestevent",
    "signincode",
    "toldapprover",
    "voucher",
}
REGISTERED = sorted(WRITABLE | READ_ONLY)


def admin_of(name):
    return next(admin for model, admin in site._registry.items() if model._meta.model_name == name)


def url(name, page, *arguments):
    label = "auth" if name == "group" else "governance"
    return reverse(f"admin:{label}_{name}_{page}", args=arguments)


@pytest.fixture
def rows(ada, fabrikam, bob):
    """A row of every kind that the admin site shows."""
    package = Package.objects.create(
        name="Drawings", name_key="drawings", created_at=make.NOON, changed_at=make.NOON
    )
    return {
        "organization": fabrikam,
        "person": bob,
        "knowndirectory": make.known_directory("Contoso AG", "contoso.directory.example"),
        "listrule": make.list_rule("norr.example"),
        "ownname": make.own_name("ours.example"),
        "package": package,
        "policy": package.policies.create(
            name="p", scope="nobody", created_at=make.NOON, changed_at=make.NOON
        ),
        "catalog": make_access.catalog(),
        "accessgroup": make_access.group(),
        "webhook": make_access.webhook(),
        "resource": make_access.resource(package, make_access.group("In a package")),
        "auditevent": AuditEvent.objects.first(),
        "claim": fabrikam.claims.get(),
        "draft": Draft.objects.create(
            author=ada,
            answers={"basics": {"name": "Secret plan"}},
            started_at=make.NOON,
            saved_at=make.NOON,
        ),
        "mail": make.mail("x@y.example", secret="the secret"),
        "invitation": bob.invitations.create(
            purpose="guest",
            token_hash="0" * 64,
            created_at=make.NOON,
            created_by="x",
            expires_at=make.NOON,
        ),
        "savedtest": SavedTest.objects.create(
            name="t", email="a@b.example", expects_allowed=True, added_at=make.NOON, added_by="x"
        ),
        "listdefault": make.list_default("allow"),
        "group": Group.objects.first(),
        **rows_of_access(ada),
    }


def rows_of_access(approver):
    """Somebody's request that was approved, and what it led to."""
    package = request_states.package(approver, "Ledgers")
    row = request_states.in_state("delivered", package, approver)
    assignment = row.assignments.get()
    return {
        "accessrequest": row,
        "approvaldecision": row.decisions.get(),
        "assignment": assignment,
        "delivery": assignment.deliveries.get(),
    }


def test_every_model_is_shown_or_stands_on_the_page_of_another():
    ours = {model._meta.model_name for model in apps.get_app_config("governance").get_models()} - {
        "portal",
        "workerheartbeat",
    }
    assert {model._meta.model_name for model in site._registry} == WRITABLE | READ_ONLY
    shown = WRITABLE | READ_ONLY | INSIDE_OTHERS | ON_PAGES_OF_THE_PORTAL
    assert ours == shown - {"group"}


def test_every_list_is_on_the_start_page_in_the_portals_words(signed_in, ada):
    groups = signed_in(ada).get("/admin/").context["groups"]
    assert {title: [entry["name"] for entry in entries] for title, entries in groups} == {
        "Partners": ["Connected organizations", "Domain claims", "Known directories"],
        "Domains": [
            "Allow and deny list rules",
            "Allow and deny list default",
            "Your domains",
        ],
        "People": ["People", "Invitations", "Roles"],
        "Access": [
            "Access packages",
            "Policies",
            "Requests",
            "Decisions",
            "Assignments",
            "Deliveries",
            "Catalogs",
            "Groups",
            "Webhooks",
            "Resources of packages",
            "Saved what-if tests",
        ],
        "Records": ["Audit events", "Mail", "Drafts"],
    }


def test_a_user_administrator_is_not_offered_what_only_a_global_one_reads(signed_in, uma):
    groups = signed_in(uma).get("/admin/").context["groups"]
    assert dict(groups)["Records"][-1]["name"] == "Audit events"


def test_who_may_enter_finds_it_in_the_portals_menu(signed_in, ada, uma, gil, rob):
    offered = [
        'href="/admin/"' in page
        for page in (
            signed_in(person).get("/account/").content.decode() for person in (ada, uma, gil, rob)
        )
    ]
    assert offered == [True, True, False, False]


def test_every_page_leads_back_to_the_portal(signed_in, ada, rows):
    pages = ["/admin/", url("person", "changelist"), url("policy", "add")]
    led = [">Back to the portal</a>" in signed_in(ada).get(page).content.decode() for page in pages]
    assert led == [True, True, True]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_theme_is_on_the_page_when_it_arrives(signed_in, ada, theme):
    ada.theme = theme
    ada.save()
    page = signed_in(ada).get("/admin/").content.decode()
    assert f'<html lang="en" data-bs-theme="{theme}">' in page


def test_a_list_of_nothing_says_what_to_do(signed_in, ada):
    page = signed_in(ada).get(url("package", "changelist")).content.decode()
    assert "No access packages yet" in page
    assert "Add the first package that people can request." in page


def test_a_search_that_finds_nothing_can_be_cleared(signed_in, ada, rows):
    page = signed_in(ada).get(url("person", "changelist") + "?q=zzz").content.decode()
    assert ("No people match" in page, "Clear search and filters" in page) == (True, True)


def test_a_filter_is_kept_by_a_search(signed_in, ada, rows):
    page = signed_in(ada).get(url("person", "changelist") + "?kind__exact=guest&q=bob&o=1")
    text = page.content.decode()
    assert '<input type="hidden" name="o" value="1">' in text
    assert '<option value="guest" selected>' in text


def test_one_start_page_lists_everything(signed_in, ada):
    assert signed_in(ada).get("/admin/governance/")["Location"] == "/admin/"


@pytest.mark.parametrize("name", REGISTERED)
def test_every_page_opens_for_a_global_administrator(signed_in, ada, rows, name):
    client, row = signed_in(ada), rows[name]
    pages = [
        url(name, "changelist"),
        url(name, "changelist") + "?q=norr",
        url(name, "change", row.pk),
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


@pytest.mark.parametrize(
    ("button", "place"),
    [
        ("_save", "/admin/governance/listrule/"),
        ("_addanother", "/admin/governance/listrule/add/"),
        ("_continue", "/admin/governance/listrule/{}/change/"),
    ],
)
def test_saving_says_so_and_leads_on(desk, db, button, place):
    answer = desk.add(ListRule, name="norr.example", effect="allow", **{button: "Save"})
    assert answer.url == place.format(ListRule.objects.get().pk)
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["Allow norr.example added."]


def test_deleting_says_so(desk, rows):
    told = [
        [str(message) for message in get_messages(answer.wsgi_request)]
        for answer in (desk.delete(rows["ownname"]), desk.delete_all(rows["listrule"]))
    ]
    assert told == [["ours.example deleted."], ["Deleted 1 allow and deny list rule."]]


def test_every_permission_has_words_for_the_page_of_a_role():
    assert set(WORDS) == set(ROLES_BY_PERMISSION)


def test_a_row_that_is_gone_leads_to_its_list_and_says_so(signed_in, ada):
    answer = signed_in(ada).get(url("organization", "change", 999))
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert (answer.url, told) == (
        "/admin/governance/organization/",
        ["There is no such connected organization. Someone may have deleted it."],
    )


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_a_record_is_neither_added_changed_nor_deleted(signed_in, ada, rows, name):
    client, row = signed_in(ada), rows[name]
    before = type(row).objects.filter(pk=row.pk).values().get()
    posted = [
        client.post(page, {"name": "x"}).status_code
        for page in (url(name, "add"), url(name, "change", row.pk), url(name, "delete", row.pk))
    ]
    client.post(
        url(name, "changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert (posted, type(row).objects.filter(pk=row.pk).values().get()) == ([403, 403, 403], before)
    assert client.get(url(name, "history", row.pk)).status_code == 404


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_history_shows_our_events_and_opens(signed_in, ada, rows, name):
    assert signed_in(ada).get(url(name, "history", rows[name].pk)).status_code == 200


def test_a_drafts_answers_and_a_mails_body_are_not_shown(signed_in, ada, rows):
    client = signed_in(ada)
    assert "the secret" not in client.get(url("mail", "change", rows["mail"].pk)).content.decode()
    assert (
        "Secret plan" not in client.get(url("draft", "change", rows["draft"].pk)).content.decode()
    )


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/governance/",
        "/admin/governance/organization/",
        "/admin/governance/organization/add/",
        "/admin/login/",
    ],
)
def test_who_does_not_administer_is_told_the_role(signed_in, gil, rob, bob, path):
    for person in (gil, rob, bob):
        answer = signed_in(person).get(path)
        assert (answer.status_code, "User administrator" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    "path",
    [
        "governance/organization/?state__exact=%00",
        "governance/person/?kind__exact=a%00b",
        "governance/listrule/?%00=x",
        "governance/package/?q=%00",
        "autocomplete/?app_label=governance&model_name=policy&field_name=package&term=%00",
    ],
)
def test_a_nul_in_a_query_is_answered_by_our_page(signed_in, ada, path):
    answer = signed_in(ada).get(f"/admin/{path}")
    assert (answer.status_code, [template.name for template in answer.templates][:1]) == (
        400,
        ["400.html"],
    )


def test_strangers_sign_in_at_the_one_door_and_come_back(client, db):
    assert (
        client.get("/admin/governance/organization/?q=x")["Location"]
        == "/accounts/login/?next=%2Fadmin%2Fgovernance%2Forganization%2F%3Fq%3Dx"
    )
    assert (
        client.get("/admin/login/?next=//evil.example")["Location"]
        == "/accounts/login/?next=/admin/"
    )


def test_signing_in_again_leads_on(signed_in, ada):
    assert signed_in(ada).get("/admin/login/?next=//evil.example")["Location"] == "/admin/"


def test_the_password_is_changed_where_everybody_does(signed_in, ada):
    assert [
        signed_in(ada).get(f"/admin/password_change/{page}")["Location"] for page in ("", "done/")
    ] == ["/accounts/password/change/"] * 2


def test_signing_out_leads_to_the_sign_in_page(signed_in, ada):
    client = signed_in(ada)
    assert client.post("/admin/logout/")["Location"] == "/accounts/login/"
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("name", REGISTERED)
@pytest.mark.parametrize("way", ["save_model", "delete_model", "delete_queryset"])
def test_djangos_own_ways_to_write_are_closed(name, way):
    with pytest.raises(NotImplementedError):
        getattr(admin_of(name), way)(None, None)


def test_djangos_own_log_stays_empty(desk, rows):
    desk.add(type(rows["ownname"]), name="mine.example")
    desk.change(rows["ownname"], name="theirs.example")
    desk.delete(rows["listrule"])
    assert not LogEntry.objects.exists()


def test_a_refused_attempt_by_somebody_without_the_role_is_on_record(signed_in, gil):
    signed_in(gil).post("/admin/governance/organization/add/", {"name": "x"})
    event = AuditEvent.objects.get()
    told = (event.activity, event.target, event.actor, event.result)
    assert told == ("Use a page", "/admin/governance/organization/add/", "Gil Marchetti", "refused")

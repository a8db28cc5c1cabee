"""The admin site as a whole: for whom it opens, what is only read, and that nothing changes rows but actions."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from governance.admin import site
from governance.models import AuditEvent, Draft, Package, SavedTest
from tests import make

WRITABLE = {"organization", "person", "knowndirectory", "listrule", "ownname", "package", "policy"}
READ_ONLY = {
    "auditevent",
    "claim",
    "draft",
    "mail",
    "invitation",
    "savedtest",
    "listdefault",
    "group",
}
INSIDE_OTHERS = {"source", "sponsorship", "verifieddomain", "policyorganization", "searchentry"}
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
    }


def test_every_model_is_shown_or_stands_on_the_page_of_another():
    ours = {model._meta.model_name for model in apps.get_app_config("governance").get_models()} - {
        "portal"
    }
    assert {model._meta.model_name for model in site._registry} == WRITABLE | READ_ONLY
    assert ours == (WRITABLE | READ_ONLY | INSIDE_OTHERS) - {"group"}


@pytest.mark.parametrize("name", REGISTERED)
def test_every_page_opens_for_a_global_administrator(signed_in, ada, rows, name):
    client, row = signed_in(ada), rows[name]
    pages = [
        url(name, "changelist"),
        url(name, "changelist") + "?q=norr",
        url(name, "change", row.pk),
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


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
        == "/accounts/login/?next=/admin/governance/organization/%3Fq%3Dx"
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


def test_signing_out_leads_to_the_one_door(signed_in, ada):
    client = signed_in(ada)
    assert client.post("/admin/logout/")["Location"] == "/accounts/login/"
    assert client.get("/admin/").status_code == 302


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

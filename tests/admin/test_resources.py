"""Catalogs, groups, webhooks and resources on the admin site: through the same actions."""

from __future__ import annotations

import pytest

from governance.models import AccessGroup, AuditEvent, Catalog, Resource, Webhook
from tests import make, make_access

from .conftest import controls, problems

pytestmark = pytest.mark.django_db


def last_activity() -> str:
    return AuditEvent.objects.latest("pk").activity


def test_a_catalog_is_added_and_changed_with_its_managers(desk, sam):
    desk.add(Catalog, name="Plants", description="", catalog_managers=[sam.pk])
    catalog = Catalog.objects.get()
    assert (list(catalog.managers.all()), last_activity()) == (
        [sam],
        "Create access package catalog",
    )
    desk.change(catalog, name="Sites", catalog_managers=[])
    catalog.refresh_from_db()
    assert (catalog.name, catalog.managers.count(), last_activity()) == (
        "Sites",
        0,
        "Update access package catalog",
    )


def test_a_group_is_added_and_changed(desk):
    desk.add(AccessGroup, name="Readers", description="")
    desk.change(AccessGroup.objects.get(), name="Writers")
    assert (AccessGroup.objects.get().name, last_activity()) == ("Writers", "Update group")


def test_a_name_that_is_taken_is_refused_at_its_field(desk):
    make_access.group("Readers")
    answer = desk.add(AccessGroup, name="READERS", description="Kept")
    assert problems(answer) == {"name": ["Another group is called Readers"]}
    assert controls(answer)["description"] == "Kept"


def test_a_group_is_deleted_after_who_loses_it_was_shown(desk, bob):
    group = make_access.group()
    make_access.member(group, bob)
    page = desk.read(group, "delete").content.decode()
    assert "Bob Ferreira (bob@eng.fabrikam.example) loses access to the group CAD readers." in page
    desk.delete(group)
    assert (AccessGroup.objects.count(), last_activity()) == (0, "Delete group")


def test_a_secret_is_on_no_page(desk):
    webhook = make_access.webhook()
    pages = [desk.read(webhook), desk.read(Webhook, "changelist"), desk.read(webhook, "history")]
    assert [webhook.secret in page.content.decode() for page in pages] == [False] * 3


def test_changing_a_webhook_keeps_its_secret(desk):
    webhook = make_access.webhook()
    desk.change(webhook, url="https://other.example/")
    after = Webhook.objects.get()
    assert (after.url, after.secret) == ("https://other.example/", webhook.secret)


def test_a_secret_that_is_sent_changes_nothing(desk):
    webhook = make_access.webhook()
    desk.change(webhook, name="Gates", secret="mine", masked_secret="mine")
    after = Webhook.objects.get()
    assert (after.name, after.secret) == ("Gates", webhook.secret)


def test_a_wrong_address_is_refused_at_its_field(desk):
    answer = desk.change(make_access.webhook(), url="http://doors.example")
    assert problems(answer) == {"url": ["Enter an address that begins with https://"]}


def test_a_resource_is_taken_out_after_who_loses_it_was_shown(desk, bob):
    package = make.package()
    resource = make_access.resource(package, make_access.group())
    make_access.access(package, bob)
    page = desk.read(resource, "delete").content.decode()
    assert "Bob Ferreira (bob@eng.fabrikam.example) loses access to the group CAD readers." in page
    desk.delete(resource)
    assert (Resource.objects.get().removed_at is not None, last_activity()) == (
        True,
        "Remove resource from access package",
    )

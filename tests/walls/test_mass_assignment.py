"""A form changes what its page asks for and nothing else, whatever other names are sent along."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models, transaction

from governance.models import (
    AuditEvent,
    Draft,
    ListRule,
    Mail,
    Organization,
    Package,
    Person,
    Policy,
    SavedTest,
)
from tests.admin.conftest import Desk, controls
from tests.admin.test_site import WRITABLE, rows, url  # noqa: F401
from tests.views.test_matrix import objects, path_of  # noqa: F401

# ruff: noqa: F811 (fixtures that take others)
_TOLD_BY_TIME_OR_CHANCE = {
    "hash",
    "previous_hash",
    "canonical",
    "token_hash",
    "body",
    "html",
    "secret",
    "request_id",
    "target_key",
    "organization_key",
    "password",
}
ROWS_OF = (Organization, Person, ListRule, Package, Policy, SavedTest, AuditEvent, Draft, Mail)


def every_field() -> dict[str, str]:
    """A value for each name that any model has, which would be noticed."""
    given = {}
    for model in apps.get_app_config("governance").get_models():
        for field in model._meta.get_fields():
            given[field.name] = _hostile(field)
            given[f"{field.name}_id"] = "1"
    return given | {
        "groups": "1",
        "roles": "Global administrator",
        "user_permissions": "1",
        "is_staff": "on",
        "by": "Eve",
        "actor": "Eve",
        "next": "",
        "pk": "1",
    }


def _hostile(field) -> str:
    kinds = (
        (models.BooleanField, "on"),
        (models.IntegerField, "999"),
        (models.DateTimeField, "2001-01-01T00:00"),
        (models.DateField, "2001-01-01"),
        (models.ForeignKey, "1"),
    )
    return next(
        (value for kind, value in kinds if isinstance(field, kind)),
        "removed" if field.name == "state" else "hacked",
    )


def world() -> dict[str, list]:
    """All rows, without what differs each time: keys become places, times are left out."""
    return {
        model.__name__: [_plain(row) for row in model.objects.order_by("pk")] for model in ROWS_OF
    }


def _plain(row) -> dict:
    fields = (
        field
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(field, models.UUIDField | models.DateTimeField)
    )
    return {
        field.name: str(getattr(row, field.name))
        for field in fields
        if field.name not in _TOLD_BY_TIME_OR_CHANCE
    }


def outcome(post, form: dict) -> tuple[int, dict]:
    """What a form does, undone afterwards."""
    with transaction.atomic():
        status = post(form).status_code
        after = world()
        transaction.set_rollback(True)
    return status, after


FORMS = {
    "organization_edit_basics": {
        "name": "Fabrikam AG",
        "description": "New",
        "state": "configured",
        "version": "1",
    },
    "person_invite": {
        "email": "zoe@fabrikam.example",
        "name": "Zoe",
        "message": "Hello",
        "send": "1",
    },
    "person_add": {"email": "mia@harbourgate.example", "name": "Mia", "unit": "Sales"},
    "domain_list_add": {
        "names": "other.example",
        "effect": "block",
        "breadth": "alone",
        "reason": "r",
        "ends_on": "",
    },
    "domain_list_rule": {"effect": "allow", "reason": "New", "ends_on": "", "version": "1"},
    "own_name_add": {"name": "mine.example"},
    "package_edit": {
        "name": "Renamed",
        "description": "d",
        "is_listed": "on",
        "is_open": "on",
        "version": "1",
    },
    "policy_add": {
        "name": "New policy",
        "scope": "nobody",
        "approval": "none",
        "stages": "0",
        "questions": "0",
        "needs_reason": "on",
        "requester_chooses": "on",
        "lasts_hours": "",
        "last_day": "",
        "extension": "none",
        "ends": "days",
        "is_open": "on",
        "lasts_days": "30",
        "save": "1",
    },
    "policy_edit": {
        "name": "Renamed",
        "scope": "nobody",
        "approval": "none",
        "stages": "0",
        "questions": "0",
        "needs_reason": "on",
        "requester_chooses": "on",
        "lasts_hours": "",
        "last_day": "",
        "extension": "none",
        "ends": "days",
        "is_open": "on",
        "lasts_days": "30",
        "save": "1",
        "version": "1",
    },
    "organization_add_step": {"name": "Contoso", "description": "New"},
    "account": {"theme": "dark", "shortcuts": "on"},
    "theme": {"theme": "dark"},
    "what_if_save": {
        "name": "A test",
        "email": "bob@fabrikam.example",
        "package": "",
        "expects": "allowed",
    },
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_page_of_the_portal_takes_only_its_own_fields(signed_in, ada, objects, name):
    client, path = signed_in(ada), path_of(name, objects)
    form = FORMS[name] | (
        _confirmed(client, path, FORMS[name])
        if name.startswith(("domain_list", "policy_edit"))
        else {}
    )
    before, more = (
        world(),
        {
            field: value
            for field, value in every_field().items()
            if field not in _fields_of(client, path) | set(form)
        },
    )
    alone, together = (
        outcome(lambda data: client.post(path, data), data) for data in (form, more | form)
    )
    assert together == alone
    assert alone[1] != before, "the form itself does nothing, so nothing was tried"


def _confirmed(client, path: str, form: dict) -> dict:
    """What the second press sends after the page showed what the first would do."""
    page = client.post(path, form)
    return {"save": "1", "seen": controls(page).get("seen") or page.context["shown"].seen}


def _fields_of(client, path: str) -> set[str]:
    """What the page itself asks for."""
    page = client.get(path)
    return set(controls(page)) if page.status_code == 200 else set()


# What the portal's own pages add alone.
ADDED_ELSEWHERE = {("resource", "add"), ("webhook", "add")}
PAGES_OF_THE_ADMIN_SITE = sorted(
    {(model, deed) for model in WRITABLE for deed in ("add", "change")} - ADDED_ELSEWHERE
)


@pytest.mark.parametrize(("model", "deed"), PAGES_OF_THE_ADMIN_SITE)
def test_a_page_of_the_admin_site_takes_only_its_own_fields(signed_in, ada, rows, model, deed):
    desk, path = (
        Desk(signed_in(ada)),
        url(model, deed, *([rows[model].pk] if deed == "change" else [])),
    )
    page = desk.client.get(path)
    form = controls(page) | ADDED[model] if deed == "add" else controls(page)
    asked = {
        name
        for fieldset in page.context["adminform"]
        for line in fieldset
        for field in line
        for name in [getattr(field.field, "name", "")]
    } | set(form)
    more = {field: value for field, value in every_field().items() if field not in asked}
    alone, together = (
        outcome(lambda data: desk.client.post(path, data), data) for data in (form, more | form)
    )
    assert together == alone


ADDED = {
    "organization": {
        "name": "Contoso",
        "sources-TOTAL_FORMS": "1",
        "sources-0-typed_name": "contoso.example",
        "sources-0-covers_subdomains": "on",
    },
    "person": {"kind": "guest", "email": "zoe@fabrikam.example", "name": "Zoe"},
    "knowndirectory": {"name": "New AG", "initial_domain": "new.directory.example"},
    "listrule": {"name": "other.example", "breadth": "alone", "effect": "allow"},
    "ownname": {"name": "mine.example"},
    "package": {"name": "New package"},
    "catalog": {"name": "New catalog"},
    "accessgroup": {"name": "New group"},
    "policy": {"package": "1", "name": "New policy", "scope": "nobody", "ends": "never"},
}


def test_the_names_sent_along_are_those_that_would_matter():
    assert {
        "is_superuser",
        "state",
        "created_by",
        "version",
        "organization",
        "deleted_at",
        "is_active",
        "password",
    } <= set(every_field())

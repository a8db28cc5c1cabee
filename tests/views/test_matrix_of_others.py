"""The same for the pages that libraries bring: every page of the admin site and of django-allauth x
method x role.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from governance.rules.roles import ROLES_BY_PERMISSION
from tests import make
from tests.admin.test_site import READ_ONLY, WRITABLE, rows, url  # noqa: F401
from tests.views.cells import METHODS, OTHER_METHODS, status_of
from tests.views.test_matrix import WHO, person  # noqa: F401

# ruff: noqa: F811 (the fixtures of the other matrix)

# Page of django-allauth:
# what a stranger and somebody signed in get, by GET and by POST with nothing filled in.
SHUT = (404, 404, 404, 404)
FOR_SIGNED_IN = (302, 302)
ALLAUTH = {
    "account_login": (200, 200, 302, 302),
    "account_logout": (302, 302, 200, 302),
    "account_inactive": (200, 405, 200, 405),
    "account_signup": (200, 200, 302, 302),  # says that nobody signs up
    "account_reauthenticate": (*FOR_SIGNED_IN, 200, 200),
    "account_email": SHUT,
    "account_email_verification_sent": SHUT,
    "account_confirm_email": SHUT,
    "account_confirm_login_code": SHUT,
    "account_change_password": (*FOR_SIGNED_IN, 200, 200),
    "account_set_password": (*FOR_SIGNED_IN, 302, 302),  # whoever has a password changes it
    "account_reset_password": (200, 200, 200, 200),
    "account_reset_password_done": (200, 405, 200, 405),
    "account_reset_password_from_key": (200, 200, 200, 200),  # says that the link is over
    "account_reset_password_from_key_done": (200, 405, 200, 405),
    "mfa_index": (*FOR_SIGNED_IN, 200, 405),
    "mfa_authenticate": (302, 302, 302, 302),
    "mfa_reauthenticate": (*FOR_SIGNED_IN, 302, 302),
    "mfa_activate_totp": (*FOR_SIGNED_IN, 302, 302),
    "mfa_deactivate_totp": (*FOR_SIGNED_IN, 404, 404),
    "mfa_view_recovery_codes": (*FOR_SIGNED_IN, 404, 405),
    "mfa_generate_recovery_codes": (*FOR_SIGNED_IN, 302, 302),
    "mfa_download_recovery_codes": (*FOR_SIGNED_IN, 404, 404),
    "mfa_list_webauthn": (*FOR_SIGNED_IN, 200, 405),
    "mfa_add_webauthn": (*FOR_SIGNED_IN, 302, 302),
    "mfa_reauthenticate_webauthn": (*FOR_SIGNED_IN, 302, 302),
    "mfa_remove_webauthn": (*FOR_SIGNED_IN, 302, 302),
    "mfa_edit_webauthn": (*FOR_SIGNED_IN, 302, 302),
    "mfa_login_webauthn": (302, 302, 302, 302),
}
ARGUMENTS = {
    "account_confirm_email": ["x"],
    "account_reset_password_from_key": ["1", "x-y"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
}
DOORS = {"live", "ready"}

# Pages of the admin site that belong to no model: what those who administer get, by GET and by
# POST.
OF_THE_SITE = {
    "index": (200, 200),
    "login": (302, 302),
    "logout": (405, 302),
    "password_change": (302, 302),
    "password_change_done": (302, 302),
    "autocomplete": (403, 405),
    "jsi18n": (200, 405),
    "app_list": (302, 302),  # one start page lists everything
}
OF_THE_SITE_ARGUMENTS = {"app_list": ["governance"]}
SHUT_PATHS = ("/admin/r/1/1/", "/accounts/login/code/")
PERMISSIONS = {  # to view, add, change, delete; None: nobody
    "organization": (
        "view_organization",
        "add_organization",
        "change_organization",
        "delete_organization",
    ),
    "person": ("view_person", "invite_guest", "block_guest", "block_guest"),
    "knowndirectory": (
        "view_organization",
        "change_knowndirectory",
        "change_knowndirectory",
        "change_knowndirectory",
    ),
    "listrule": ("view_listrule", "change_list", "change_list", "change_list"),
    "ownname": ("view_listrule", "change_ownname", "change_ownname", "change_ownname"),
    "package": ("view_package", "change_package", "change_package", None),
    "policy": ("view_policy", "change_package", "change_package", "change_package"),
    "catalog": ("view_package", "change_package", "change_package", "change_package"),
    "accessgroup": ("view_package", "change_package", "change_package", "change_package"),
    "webhook": ("view_package", None, "change_package", "change_package"),
    "resource": ("view_package", None, None, "change_package"),
    "accessrequest": ("view_accessrequest", None, None, None),
    "approvaldecision": ("view_accessrequest", None, None, None),
    "assignment": ("view_accessrequest", None, None, None),
    "delivery": ("view_accessrequest", None, None, None),
    "auditevent": ("view_auditevent", None, None, None),
    "claim": ("view_organization", None, None, None),
    "draft": ("change_settings", None, None, None),
    "mail": ("view_mail", None, None, None),
    "invitation": ("view_person", None, None, None),
    "savedtest": ("use_what_if", None, None, None),
    "listdefault": ("view_listrule", None, None, None),
    "group": ("view_person", None, None, None),
}
# Page of a model: the permission asked for by GET and by POST (place in the row above),
# and what those who may get.
OF_A_MODEL = {
    "changelist": (0, 0, 200, 200),
    "add": (1, 1, 200, 200),
    "change": (0, 2, 200, 200),
    "delete": (3, 3, 200, 302),
    "history": (0, 0, 200, 200),
}


def names() -> set[str]:
    """Names of all pages that are not the portal's own."""
    resolver = get_resolver()
    ours = {pattern.name for group in resolver.url_patterns[:1] for pattern in group.url_patterns}
    return {name for name in resolver.reverse_dict if isinstance(name, str)} - ours


def admin_names() -> set[str]:
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    return {name for name in resolver.reverse_dict if isinstance(name, str)}


def test_every_page_of_a_library_has_a_row():
    assert names() == set(ALLAUTH) | DOORS
    of_models = {
        f"{'auth' if model == 'group' else 'governance'}_{model}_{page}"
        for model in PERMISSIONS
        for page in OF_A_MODEL
    }
    assert admin_names() == set(OF_THE_SITE) | of_models | {"view_on_site"}


def test_every_model_of_the_admin_site_has_a_row():
    assert set(PERMISSIONS) == WRITABLE | READ_ONLY


def wrong_cells(person, cells) -> dict:
    """Cells (name, path, status by GET, status by POST) that answer something else."""
    wrong = {}
    for name, path, on_get, on_post in cells:
        for method in METHODS:
            wanted = on_post if method == "post" else on_get
            if (status := status_of(method, path, person)) != wanted:
                wrong[name, method] = (status, wanted)
    return wrong


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_pages_of_allauth(person):
    if person:
        person.set_password(make.PASSWORD)
        person.save(update_fields=["password"])
    place = 2 if person else 0
    cells = [
        (name, reverse(name, args=ARGUMENTS.get(name)), *answers[place : place + 2])
        for name, answers in ALLAUTH.items()
    ]
    assert wrong_cells(person, cells) == {}


def _administers(person, permission: str | None) -> bool:
    return permission is not None and bool(person.role_names & ROLES_BY_PERMISSION[permission])


def _answer(person, permission: str | None, status: int) -> int:
    if person is None:
        return 302
    return (
        status
        if _administers(person, "change_organization") and _administers(person, permission)
        else 403
    )


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_pages_of_the_admin_site(person, db):
    cells = [
        (
            name,
            reverse(f"admin:{name}", args=OF_THE_SITE_ARGUMENTS.get(name)),
            *(_answer(person, "change_organization", status) for status in answers),
        )
        for name, answers in OF_THE_SITE.items()
    ]
    assert wrong_cells(person, cells) == {}


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_pages_of_the_admin_sites_models(person, rows):
    cells = []
    for model, permissions in PERMISSIONS.items():
        for page, (on_get, on_post, got, posted) in OF_A_MODEL.items():
            if page == "history" and model in READ_ONLY:
                got = posted = 404
            path = url(
                model, page, *([rows[model].pk] if page in ("change", "delete", "history") else [])
            )
            cells.append(
                (
                    (model, page),
                    path,
                    _answer(person, permissions[on_get], got),
                    _answer(person, permissions[on_post], posted),
                )
            )
    assert wrong_cells(person, cells) == {}


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_pages_that_nobody_has_a_use_for_are_shut(person, db):
    assert wrong_cells(person, [(path, path, 404, 404) for path in SHUT_PATHS]) == {}


@pytest.mark.parametrize(
    ("method", "status"),
    [("get", 200), ("head", 200), ("post", 405), *((method, 405) for method in OTHER_METHODS)],
)
def test_health_is_read_by_anybody(method, status, db):
    assert [status_of(method, path, None) for path in ("/livez", "/readyz")] == [status] * 2


def test_no_other_method_does_anything_anywhere(db):
    paths = [reverse(name, args=ARGUMENTS.get(name)) for name in ALLAUTH] + [
        "/admin/",
        "/admin/governance/organization/",
        "/admin/governance/organization/1/delete/",
    ]
    answers = {
        (path, method): status_of(method, path, None)
        for path in paths
        for method in ("put", "delete")
    }
    assert {cell: status for cell, status in answers.items() if status != 405} == {}

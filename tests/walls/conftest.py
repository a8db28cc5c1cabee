"""A portal with something of everything, and the paths of all its pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.admin.test_site import REGISTERED, rows, url  # noqa: F401
from tests.views.test_matrix import NOBODY, PAGES, ROWS, objects, path_of, person  # noqa: F401
from tests.views.test_matrix_of_others import ALLAUTH, ARGUMENTS

# ruff: noqa: F811 (fixtures that take others)
QUERIES = (
    "/search/?q=fab",
    "/connected-organizations/?q=fab&sort=-people",
    "/people/?q=a&kind=guest",
    "/what-if/?email=bob@eng.fabrikam.example",
)


@pytest.fixture(params=["of the portal", "of others"])
def read(request) -> list[str]:
    """Paths of every page that can be read: the portal's own, and those that libraries bring."""
    if request.param == "of the portal":
        objects = request.getfixturevalue("objects")
        return [
            *(
                path_of(name, objects)
                for name, (on_get, _on_post) in ROWS.items()
                if on_get != NOBODY
            ),
            *QUERIES,
            "/livez",
            "/readyz",
            "/nothing-here/",
        ]
    theirs = [reverse(name, args=ARGUMENTS.get(name)) for name in ALLAUTH]
    return [
        *theirs,
        "/admin/",
        "/admin/governance/",
        *_of_models(request.getfixturevalue("rows"), ("changelist", "change", "delete", "history")),
    ]


@pytest.fixture(params=["of the portal", "of others"])
def written(request) -> list[str]:
    """Paths of every page that can be posted to."""
    if request.param == "of the portal":
        objects = request.getfixturevalue("objects")
        return [
            path_of(name, objects) for name, (_on_get, on_post) in ROWS.items() if on_post != NOBODY
        ]
    theirs = [
        reverse(name, args=ARGUMENTS.get(name))
        for name, answers in ALLAUTH.items()
        if 404 not in answers and answers[3] != 405
    ]
    return [
        *theirs,
        "/admin/logout/",
        *_of_models(request.getfixturevalue("rows"), ("changelist", "add", "change", "delete")),
    ]


def _of_models(rows, pages) -> list[str]:
    return [
        url(model, page, *([rows[model].pk] if page in ("change", "delete", "history") else []))
        for model in REGISTERED
        for page in pages
    ]

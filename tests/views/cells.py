"""One cell of a matrix: one request by one person, undone afterwards."""

from __future__ import annotations

from django.db import transaction
from django.test import Client

METHODS = ("get", "post")
OTHER_METHODS = ("put", "patch", "delete", "options", "trace")
FORM = {"csrfmiddlewaretoken": "as every form has"}


def status_of(method: str, path: str, person) -> int:
    """The status that the person (None: a stranger) gets, with a form in which nothing is filled
    in.
    """
    client = Client()
    if person:
        client.cookies["sessionid"] = _session_of(person)
    with transaction.atomic():
        status = getattr(client, method)(path, FORM if method == "post" else None).status_code
        transaction.set_rollback(True)
    return status


def _session_of(person) -> str:
    """The key of a session that the person has, begun once."""
    if "session_of_cells" not in person.__dict__:
        client = Client()
        client.force_login(person, backend="governance.models.sign_in.RoleBackend")
        person.session_of_cells = client.cookies["sessionid"].value
    return person.session_of_cells

"""Builders for My Access: browsers whose address was proved by a code."""

from __future__ import annotations

import re

from django.test import Client

from governance.models import Mail

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")


def code_in_mail(email: str) -> str:
    """The code in the latest mail to the address; "" where it has none."""
    found = CODE.search(Mail.objects.filter(to=email).latest("id").body)
    return found[0] if found else ""


def ask_for_code(email: str, client: Client | None = None, **more) -> Client:
    """A browser that has requested a code."""
    client = client or Client()
    client.post("/my-access/", {"email": email, **more})
    return client


def visitor(email: str, client: Client | None = None, **more) -> Client:
    """A browser in which the address was proved by a code."""
    client = ask_for_code(email, client, **more)
    client.post("/my-access/code/", {"code": code_in_mail(email)})
    return client

"""Pages of the admin site as a browser would use them: read the form, change some of it, send all
of it.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests import make


class _Controls(HTMLParser):
    """What a browser would send of the page's main form."""

    def __init__(self):
        super().__init__()
        self.values, self.inside, self.name, self.selected, self.text = {}, False, "", [], None
        self.in_main = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.in_main = self.in_main or tag == "main"
        if tag == "form":
            self.inside = self.in_main and given.get("method") == "post"
        if not self.inside:
            return
        if tag == "input" and given.get("type") not in ("submit",) and given.get("name"):
            self._input(given)
        elif tag == "select":
            self.name, self.selected = given["name"], []
        elif tag == "option" and "selected" in given:
            self.selected.append(given.get("value", ""))
        elif tag == "textarea":
            self.name, self.text = given["name"], ""

    def _input(self, given):
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                ticked = [*self.values.get(given["name"], []), given.get("value", "on")]
                self.values[given["name"]] = ticked
        else:
            self.values[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "select" and self.inside:
            self.values[self.name] = self.selected
        elif tag == "textarea" and self.text is not None:
            self.values[self.name], self.text = self.text.removeprefix("\n"), None
        elif tag == "form":
            self.inside = False


def controls(response) -> dict:
    """The names and values of the form's controls, as they would be sent."""
    parser = _Controls()
    parser.feed(response.content.decode())
    parser.values.pop("csrfmiddlewaretoken", None)
    return parser.values


def problems(response) -> dict:
    """Sentences of refusal by field; rows beneath the form under their inline's prefix."""
    context = response.context
    found = {field: list(texts) for field, texts in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        rows = [
            text
            for form in inline.formset.forms
            for texts in form.errors.values()
            for text in texts
        ]
        if texts := [*inline.formset.non_form_errors(), *rows]:
            found[inline.formset.prefix] = texts
    return found


class Desk:
    """Somebody at the admin site."""

    def __init__(self, client):
        self.client = client

    def read(self, row_or_model, page="change"):
        name, arguments = _page(row_or_model, page)
        return self.client.get(reverse(name, args=arguments))

    def add(self, model, **typed):
        return self._send(*_page(model, "add"), typed)

    def change(self, row, **typed):
        return self._send(*_page(row, "change"), typed)

    def again(self, response):
        """Press the button of the page that came back once more."""
        return self.client.post(response.request["PATH_INFO"], controls(response))

    def delete(self, row, **typed):
        return self._send(*_page(row, "delete"), typed)

    def delete_all(self, *rows):
        """The bulk action: ask, then confirm."""
        path = reverse(_page(type(rows[0]), "changelist")[0])
        asked = self.client.post(
            path, {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
        )
        return self.client.post(
            path, {**controls(asked), "_selected_action": [row.pk for row in rows]}
        )

    def _send(self, name, arguments, typed):
        path = reverse(name, args=arguments)
        return self.client.post(path, {**controls(self.client.get(path)), **typed})


def _page(row_or_model, page):
    model = row_or_model if isinstance(row_or_model, type) else type(row_or_model)
    arguments = [] if row_or_model is model else [row_or_model.pk]
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", arguments


@pytest.fixture
def desk_of(signed_in):
    return lambda person: Desk(signed_in(person))


@pytest.fixture
def desk(desk_of, ada):
    return desk_of(ada)


@pytest.fixture
def desk_with_password(ada):
    """Ada signed in with a password, which is asked for again."""
    ada.set_password(make.PASSWORD)
    ada.save()
    client = Client()
    client.post("/accounts/login/", {"login": ada.email, "password": make.PASSWORD})
    return Desk(client)


@pytest.fixture
def confirm():
    """Give the password where the answer leads to, and answer what comes of it."""
    return lambda desk, asked: desk.client.post(asked.url, {"password": make.PASSWORD})

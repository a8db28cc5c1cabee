"""One address in every spelling that people type: every entry point answers alike."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import Mail, Person, SavedTest
from governance.queries.connecting.sponsor_choices import sponsor_choices_of
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
STORED = "uwe@xn--bcher-kva.example"
SPELLINGS = [
    STORED,
    "uwe@bücher.example",
    "UWE@BÜCHER.EXAMPLE",
    "Uwe@XN--BCHER-KVA.example",
    "uwe@bu\u0308cher.example",
    "uwe@bücher．example",
    "uwe@bücher.example.",
    " uwe@bücher.example\t",
    "\u00a0uwe@bücher.example\u3000",
    "\u2003\u202fuwe@bücher.example\u2028\x85",
]
UNKNOWN = [spelling.replace("uwe", "max").replace("Uwe", "Max") for spelling in SPELLINGS]


@pytest.fixture
def uwe(db):
    make.organization("Bücher", "xn--bcher-kva.example")
    return make.guest(STORED, name="Uwe Sommer", password=make.PASSWORD)


@pytest.fixture
def signed_in_ada(signed_in, ada):
    return signed_in(ada)


def links() -> list[tuple[str, bool]]:
    """To whom mails went, and whether they have a link to set a new password."""
    return [(mail.to, bool(mail.secret)) for mail in Mail.objects.order_by("pk")]


@pytest.mark.parametrize("typed", SPELLINGS)
class TestSigningIn:
    def test_an_account_signs_in(self, client, uwe, typed):
        answer = client.post(LOGIN, {"login": typed, "password": make.PASSWORD})
        assert (answer.status_code, client.get("/account/").status_code) == (302, 200)

    def test_the_password_is_reset_by_a_mail_to_the_stored_address(self, client, uwe, typed):
        assert client.post(RESET, {"email": typed}).status_code == 302
        assert links() == [(STORED, True)]

    def test_the_backend_finds_the_account_without_the_form(self, uwe, typed):
        assert authenticate(None, email=typed, password=make.PASSWORD) == uwe

    def test_the_natural_key_of_a_person_is_any_spelling(self, uwe, typed):
        assert Person.objects.get_by_natural_key(typed) == uwe


@pytest.mark.parametrize(("known", "unknown"), zip(SPELLINGS, UNKNOWN, strict=True))
class TestAnsweringAlike:
    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
        self, client, uwe, known, unknown
    ):
        answers = [
            client.post(LOGIN, {"login": typed, "password": "a guess at it"})
            for typed in (known, unknown)
        ]
        assert [(a.status_code, a.context["form"].errors["__all__"]) for a in answers] == [
            (answers[0].status_code, ["The email address or the password is not correct"])
        ] * 2

    def test_a_reset_for_a_known_and_an_unknown_address_answers_alike_and_costs_the_same(
        self, client, uwe, known, unknown
    ):
        def ask(typed: str) -> tuple:
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(RESET, {"email": typed})
            return answer.status_code, answer.url, len(asked)

        ask("first@partner.example")
        assert ask(known) == ask(unknown)


@pytest.mark.parametrize("path", [LOGIN, RESET])
def test_what_no_account_can_have_is_refused_at_the_field_and_kept(client, uwe, path):
    name = "login" if path == LOGIN else "email"
    page = client.post(path, {name: "uwe@@bücher.example", "password": "x"})
    assert page.context["form"].errors[name] == ["An email address has exactly one @"]
    assert "uwe@@bücher.example" in page.content.decode()


@pytest.mark.parametrize("typed", SPELLINGS)
class TestEveryEntryPoint:
    def test_the_decide_command(self, uwe, typed):
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("decide", typed, "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert (told["organization"], told["steps"][0]["passed"]) == ("Bücher", True)

    def test_what_if(self, signed_in_ada, uwe, typed):
        page = signed_in_ada.get("/what-if/", {"email": typed})
        assert page.context["answer"].claim.organization_name == "Bücher"

    def test_a_saved_test(self, signed_in_ada, uwe, typed):
        signed_in_ada.post("/what-if/tests/", {"email": typed, "expects": "allowed", "name": "T"})
        assert SavedTest.objects.get().email == STORED

    def test_an_invitation(self, signed_in_ada, typed):
        signed_in_ada.post("/people/invite/", {"email": typed, "name": "Uwe", "message": ""})
        assert Person.objects.get(kind="guest").email == STORED

    def test_the_first_administrator(self, monkeypatch, typed):
        monkeypatch.setattr(settings, "ADMIN_EMAIL", typed)
        monkeypatch.setattr(settings, "ADMIN_PASSWORD", make.PASSWORD)
        monkeypatch.setattr(settings, "DEMO", False)
        call_command("set_up", stdout=StringIO())
        assert Person.objects.get().email == STORED

    def test_the_list_of_people(self, signed_in_ada, uwe, typed):
        page = signed_in_ada.get("/people/", {"q": typed})
        assert [person.email for person in page.context["page"].people.rows] == [STORED]

    def test_the_search_over_everything(self, signed_in_ada, uwe, typed):
        page = signed_in_ada.get("/search/", {"q": typed})
        assert [person.email for person in page.context["found"].people.rows] == [STORED]

    def test_the_search_for_sponsors(self, uwe, typed):
        found = sponsor_choices_of(uwe.organization, "external", typed, (), at=make.NOON)
        assert [choice.person for choice in found] == [uwe]

    def test_the_search_of_the_admin_site(self, signed_in_ada, uwe, typed):
        page = signed_in_ada.get("/admin/governance/person/", {"q": typed})
        assert [person.email for person in page.context["cl"].result_list] == [STORED]

    def test_adding_a_guest_on_the_admin_site(self, signed_in_ada, typed):
        given = {"kind": "guest", "email": typed, "name": "Uwe", "unit": ""}
        signed_in_ada.post("/admin/governance/person/add/", given)
        assert Person.objects.get(kind="guest").email == STORED


@pytest.mark.parametrize("typed", ["bücher.example", "\u3000BÜCHER.example\u00a0"])
def test_a_domain_finds_its_people_in_every_spelling(signed_in_ada, uwe, typed):
    found = sponsor_choices_of(uwe.organization, "external", typed, (), at=make.NOON)
    pages = (
        signed_in_ada.get("/people/", {"q": typed}).context["page"].people.rows,
        signed_in_ada.get("/search/", {"q": typed}).context["found"].people.rows,
        signed_in_ada.get("/admin/governance/person/", {"q": typed}).context["cl"].result_list,
        [choice.person for choice in found],
    )
    assert [[person.email for person in people] for people in pages] == [[STORED]] * 4

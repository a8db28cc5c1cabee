"""Whatever is typed: a clear message at the field, everything typed kept, nothing written, never a
500.
"""

from __future__ import annotations

from html import unescape
from uuid import uuid4

import pytest

from governance.models import AuditEvent, Claim, Draft, ListRule, Organization, OwnName
from tests import make

from .reading import markup_of

pytestmark = pytest.mark.django_db

NAMES = {
    "empty": ("", "Enter a name"),
    "blank": (" \t ", "Enter a name"),
    "too long": ("a" * 201, "Name must be 200 characters or fewer (now 201)"),
    "control": ("Con\x07toso", "Name has a character that cannot be seen (U+0007). Remove it"),
    "NUL": ("Con\0toso", "cannot be seen"),
    "format": (
        "Con\u200btoso",
        "Name has a character that cannot be seen (zero width space). Remove it",
    ),
    "bidi": (
        "Con\u202etoso",
        "Name has a character that cannot be seen (right-to-left override). Remove it",
    ),
    "private use": (
        "Con\ue000toso",
        "Name has a character that cannot be seen (U+E000). Remove it",
    ),
    "punctuation": ("?!...", "Name must have at least one letter or digit"),
    "ligatures": ("\ufdfa" * 100, "Name is too long once its ligatures are written out"),
    "other case": ("FABRIKAM labs", "Another connected organization is called Fabrikam Labs"),
    "other spacing": (
        "  Fabrikam \u00a0 Labs ",
        "Another connected organization is called Fabrikam Labs",
    ),
    "other width": ("Ｆabrikam Labs", "Another connected organization is called Fabrikam Labs"),
}
NO_NAMES = {
    "spaces": ("con toso.example", "A domain cannot contain spaces"),
    "IPv4": ("10.0.0.1", "A domain cannot be an IP address"),
    "IPv6": ("[2001:db8::1]", "A domain cannot be an IP address"),
    "number": ("contoso.42", "A domain cannot end in a number."),
    "two dots": (
        "contoso..example",
        "A domain cannot have two dots in a row or begin with a dot",
    ),
    "label over 63": (
        f"{'a' * 64}.example",
        "Each part of a domain can have at most 63 characters",
    ),
    "name over 253": (".".join(["a" * 60] * 5), "A domain can have at most 253 characters"),
    "endless": ("a." * 5000 + "example", "A domain can have at most 253 characters"),
    "control": ("con\x07toso.example", "has characters that a domain cannot have"),
    "NUL": ("con\0toso.example", ""),
    "bidi": ("con\u202etoso.example", "has characters that a domain cannot have"),
    "markup": ("<b>contoso</b>.example", "Enter the whole domain"),
}
MORE_THAN_A_NAME = {
    "scheme": "https://contoso.example",
    "path": "contoso.example/about",
    "user part": "lea@contoso.example",
    "port": "contoso.example:443",
}
SEARCHED = {
    case: (typed, "Search for contoso.example instead?") for case, typed in MORE_THAN_A_NAME.items()
}
NAMED = {
    case: (typed, "Enter only the domain: contoso.example")
    for case, typed in MORE_THAN_A_NAME.items()
} | {"several": ("contoso.example, fabrikam.example", "Enter one domain at a time")}
SINGLE = {"single label": ("contoso", "Enter the whole domain, such as partner.example")}
FORMS_OF_ONE_NAME = {
    "trailing dot": ("contoso.example.", "contoso.example"),
    "upper case": ("ConToso.EXAMPLE", "contoso.example"),
    "full width": ("ｃｏｎｔｏｓｏ．ｅｘａｍｐｌｅ", "contoso.example"),
    "Unicode": ("Bücher.example", "xn--bcher-kva.example"),
    "A-label": ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    "spaces around": ("  contoso.example\t", "contoso.example"),
}


def each(cases: dict):
    return pytest.mark.parametrize(("typed", "said"), cases.values(), ids=cases)


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def labs(db):
    return make.organization("Fabrikam Labs", "fabrikam.example")


@pytest.fixture
def other(db):
    return make.organization("Other", "other.example")


@pytest.fixture
def unwritten(labs, other):
    """Among names that are taken, listed and ours: fails the test when it wrote anything but drafts
    and refusals.
    """
    make.own_name("ours.example")
    make.list_rule("listed.example")
    before = written()
    yield
    assert written() == before


def written() -> list:
    rows = [
        list(model.objects.order_by("pk").values())
        for model in (Organization, Claim, ListRule, OwnName)
    ]
    return [*rows, AuditEvent.objects.filter(result="done").count()]


def page_of(response) -> str:
    """What a reader sees, whose apostrophes and quotes are not escaped."""
    return unescape(markup_of(response))


# Names of organizations


@pytest.mark.usefixtures("unwritten")
class TestBasics:
    answers = {"description": "Contract HV-2291", "state": "proposed"}

    @each(NAMES)
    def test_the_wizard_says_what_is_wrong_with_a_name(self, client, typed, said):
        path = f"/connected-organizations/add/{uuid4()}/basics/"
        response = client.post(path, self.answers | {"name": typed})
        self.require_refused(response, typed, said)
        assert "Contract HV-2291" in page_of(client.get(path))

    @each(NAMES)
    def test_the_edit_page_says_what_is_wrong_with_a_name(self, client, other, typed, said):
        response = client.post(
            f"/connected-organizations/{other.uuid}/edit/basics/",
            self.answers | {"name": typed, "version": 1},
        )
        self.require_refused(response, typed, said)

    @staticmethod
    def require_refused(response, typed: str, said: str):
        errors = " ".join(response.context["form"].errors["name"])
        assert (response.status_code, said in errors) == (422, True), errors
        page = page_of(response)
        assert ("Contract HV-2291" in page, 'value="proposed"' in page) == (True, True)
        assert response.context["form"]["name"].value().replace("\0", "\x01") == typed.replace(
            "\0", "\x01"
        )
        assert ('href="#id_name"' in page, "<title>Error: " in page) == (True, True)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("d" * 501, "Description must be 500 characters or fewer (now 501)"),
            ("a\u202eb", "Description has a character that cannot be seen"),
        ],
        ids=["too long", "bidi"],
    )
    def test_a_description_is_short_and_readable(self, client, typed, said):
        response = client.post(
            f"/connected-organizations/add/{uuid4()}/basics/",
            {"name": "Contoso", "description": typed, "state": "configured"},
        )
        assert (
            response.status_code,
            said in response.context["form"].errors["description"][0],
        ) == (422, True)
        assert typed in page_of(response)

    def test_a_state_that_does_not_exist_is_refused_on_its_step_on_review_and_by_create(
        self, client
    ):
        draft = uuid4()
        step = f"/connected-organizations/add/{draft}"
        assert (
            "state"
            in client.post(f"{step}/basics/", {"name": "Contoso", "state": "nonsense"})
            .context["form"]
            .errors
        )
        client.post(f"{step}/directories/select/", {"add": "contoso.example"})
        client.post(f"{step}/directories/select/", {"select": "1"})
        review = client.get(f"{step}/review/")
        assert [problem["text"] for problem in review.context["problems"]] == [
            "Choose Configured or Proposed"
        ]
        created = client.post(
            f"{step}/review/", {"seen": review.context["review"].preview.fingerprint}
        )
        assert created.status_code == 422


# Domain names, in the pane


def pane(draft=None) -> str:
    return f"/connected-organizations/add/{draft or uuid4()}/directories/select/"


@pytest.mark.usefixtures("unwritten")
class TestPane:
    @each(NO_NAMES | SEARCHED | SINGLE)
    def test_what_is_no_whole_name_is_said_at_the_field_and_kept(self, client, typed, said):
        response = client.get(pane(), {"domain": typed})
        assert (response.status_code, response.context["found"].kind) == (200, "not_a_name")
        assert said in response.context["found"].reason.text
        assert response.context["found"].reason.text.strip() in page_of(response)
        assert response.context["form"].initial["domain"] == typed

    @each(NO_NAMES | SEARCHED | SINGLE)
    def test_what_is_no_whole_name_is_not_added(self, client, typed, said):
        response = client.post(pane(), {"add": typed})
        assert (response.status_code, Draft.objects.count()) == (422, 0)
        assert said in page_of(response)

    @each(FORMS_OF_ONE_NAME)
    def test_every_form_of_a_name_is_that_name(self, client, typed, said):
        assert client.get(pane(), {"domain": typed}).context["found"].name == said
        client.post(pane(), {"add": typed})
        assert Draft.objects.get().pane["sources"][0]["typed_name"] == said

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("co.uk", "co.uk is a public suffix"),
            ("onmicrosoft.com", "Many organizations share onmicrosoft.com"),
            ("ours.example", "ours.example is one of your domains"),
            (
                "eu.ours.example",
                "eu.ours.example is a subdomain of ours.example, which is one of your domains",
            ),
            ("fabrikam.example", "fabrikam.example already belongs to Fabrikam Labs"),
            ("FABRIKAM.example.", "already belongs to Fabrikam Labs"),
        ],
    )
    def test_what_nobody_may_claim_is_said_and_not_added(self, client, typed, said):
        assert said in page_of(client.get(pane(), {"domain": typed}))
        assert (client.post(pane(), {"add": typed}).status_code, Draft.objects.count()) == (422, 0)

    def test_a_name_of_another_organization_leads_there(self, client, labs):
        assert f'href="/connected-organizations/{labs.uuid}/"' in page_of(
            client.get(pane(), {"domain": "fabrikam.example"})
        )

    @pytest.mark.parametrize("typed", ["example.fabrikam.example", "a.b.fabrikam.example"])
    def test_a_name_beneath_anothers_says_whose_and_needs_an_administrator(
        self, client, signed_in, gil, typed
    ):
        assert "It overlaps with fabrikam.example of" in page_of(
            client.get(pane(), {"domain": typed})
        )
        refused = signed_in(gil).post(pane(), {"add": typed})
        assert (
            refused.status_code,
            "Only a Global administrator or User administrator can connect it" in page_of(refused),
        ) == (422, True)

    def test_a_private_suffix_is_said_to_cover_itself_alone(self, client):
        assert "Subdomains are not included, because anyone can register one." in page_of(
            client.get(pane(), {"domain": "github.io"})
        )

    def test_public_mail_needs_its_tick(self, client):
        response = client.post(pane(), {"add": "gmail.com"})
        assert (
            response.status_code,
            "Confirm that you understand that anyone can get such an address" in page_of(response),
        ) == (422, True)


def test_a_directory_of_another_organization_is_not_added_by_another_of_its_names(client):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example"
    )
    make.by_directory("Pumpworks", directory, "pumpworks.example")
    directory.verified_domains.create(name="new.example")
    response = client.post(pane(), {"add": "new.example"})
    assert (
        response.status_code,
        "This directory already belongs to Pumpworks" in page_of(response),
    ) == (422, True)
    assert client.post(pane(), {"add": "new.example", "domain_only": "1"}).status_code == 303


# Domain names, on the allow and deny list and among our own


@pytest.mark.usefixtures("unwritten")
class TestList:
    answers = {
        "effect": "block",
        "breadth": "with_subdomains",
        "reason": "Under review",
        "ends_on": "2027-01-31",
    }

    @each(NO_NAMES)
    def test_a_line_that_is_no_name_is_said_and_everything_kept(self, client, typed, said):
        response = client.post(
            "/allow-deny-list/add/", self.answers | {"names": f"fine.example\n{typed}"}
        )
        errors = " ".join(response.context["form"].errors["names"])
        assert (response.status_code, said in errors) == (422, True), errors
        assert all(
            kept in page_of(response) for kept in ("fine.example", "Under review", "2027-01-31")
        )

    @pytest.mark.parametrize(
        ("more", "field", "said"),
        [
            ({"names": ""}, "names", "Enter a domain"),
            ({"names": " \n "}, "names", "Enter a domain"),
            ({"names": "# nothing but\n;a comment,\n,;"}, "names", "Enter a domain"),
            (
                {"names": "com", "breadth": "alone"},
                "names",
                "com: Nobody has an email address at com itself. Make the rule include subdomains",
            ),
            (
                {"names": "\n".join(f"n{n}.example" for n in range(1001))},
                "names",
                "Paste at most 1,000 domains at once",
            ),
            ({"effect": "nonsense"}, "effect", "nonsense is not one of the available choices"),
            ({"breadth": ""}, "breadth", "required"),
            ({"reason": "x" * 501}, "reason", "Reason must be 500 characters or fewer (now 501)"),
            ({"reason": "a\u202eb"}, "reason", "Reason has a character that cannot be seen"),
            ({"ends_on": "31.31.2027"}, "ends_on", "Enter a valid date"),
            (
                {"ends_on": "2020-01-01"},
                "ends_on",
                "Enter today or a later day",
            ),
            (
                {"ends_on": "0001-01-01"},
                "ends_on",
                "Enter today or a later day",
            ),
        ],
        ids=[
            "nothing",
            "blank lines",
            "comments",
            "no address",
            "too many",
            "effect",
            "covers",
            "long reason",
            "bidi reason",
            "no date",
            "a day long over",
            "the first day",
        ],
    )
    def test_each_field_says_what_is_wrong_with_it(self, client, more, field, said):
        response = client.post(
            "/allow-deny-list/add/", self.answers | {"names": "fine.example", "save": "1"} | more
        )
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
        assert said in " ".join(response.context["form"].errors[field])

    @each(FORMS_OF_ONE_NAME)
    def test_every_form_of_a_name_is_read_as_that_name(self, client, typed, said):
        response = client.post("/allow-deny-list/add/", self.answers | {"names": typed})
        assert (response.status_code, [line.name for line in response.context["paste"].lines]) == (
            200,
            [said],
        )

    def test_the_end_of_the_calendar_is_a_day(self, client):
        assert (
            client.post(
                "/allow-deny-list/add/",
                self.answers | {"names": "fine.example", "ends_on": "9999-12-31"},
            ).status_code
            == 200
        )

    @each(
        NO_NAMES
        | NAMED
        | SINGLE
        | {"nothing": ("", "Enter a domain"), "blank": ("  ", "Enter a domain")}
    )
    def test_what_is_no_name_is_no_own_name(self, client, typed, said):
        response = client.post("/allow-deny-list/own-names/add/", {"name": typed})
        assert (
            response.status_code,
            said in " ".join(response.context["form"].errors["name"]),
        ) == (422, True)
        assert response.context["form"]["name"].value() == typed

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("fabrikam.example", "fabrikam.example belongs to Fabrikam Labs"),
            ("co.uk", "Many organizations share co.uk"),
            ("gmail.com", "cannot be one of your domains"),
        ],
    )
    def test_what_is_not_ours_is_no_own_name(self, client, typed, said):
        response = client.post("/allow-deny-list/own-names/add/", {"name": typed})
        assert (response.status_code, said in response.context["form"].errors["name"][0]) == (
            422,
            True,
        )


# Whatever is in an address bar


@pytest.mark.parametrize(
    "path",
    [
        "/connected-organizations/add/{draft}/basics/?name=%00%ff",
        "/connected-organizations/add/{draft}/directories/select/?domain=%00%ff",
        "/connected-organizations/add/{draft}/sponsors/internal/?search=%00&person=x",
        "/connected-organizations/add/{draft}/review/?address=%00%ff@%00",
        "/connected-organizations/{key}/edit/sponsors/external/?search=a%00b",
        "/allow-deny-list/?q=%00%ff&effect=%00&cursor=%00",
        "/allow-deny-list/add/?names=%00%ff",
        "/connected-organizations/?q=%00%ff",
    ],
)
def test_unreadable_queries_are_answered(client, labs, path):
    assert client.get(path.format(draft=uuid4(), key=labs.uuid)).status_code == 200


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("edit/basics/", {"name": "a\0b", "description": "\0", "state": "\0", "version": "\0"}),
        ("edit/directories/", {"remove": "\0", "version": "1"}),
        ("edit/directories/", {"save": "1", "subdomains": "\0", "version": "99999999999999999999"}),
        ("edit/sponsors/internal/", {"select": "1", "person": ["\0", "nonsense"]}),
        ("delete/", {"name": "\0", "seen": "\0"}),
    ],
    ids=["basics", "remove", "subdomains", "sponsors", "delete"],
)
def test_unreadable_forms_are_answered(client, labs, path, given):
    make.guest("lea@fabrikam.example")
    assert client.post(f"/connected-organizations/{labs.uuid}/{path}", given).status_code in (
        200,
        302,
        303,
        409,
        422,
    )


def test_unreadable_names_are_not_released(client, labs):
    Organization.objects.update(deleted_at=make.NOON)
    assert client.post(
        f"/connected-organizations/{labs.uuid}/release/", {"name": ["a\0b"]}
    ).status_code in (200, 409, 422)
    assert client.post(
        f"/connected-organizations/{labs.uuid}/release/", {"name": ["a\0b"], "seen": "x"}
    ).status_code in (409, 422)

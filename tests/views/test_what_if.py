"""The what-if checker: the answer, every step of it, and a sentence that says what to change to get
the other answer.
"""

from datetime import date
from uuid import uuid4

import pytest

from governance.actions.organizations.deletion import delete
from governance.facts.eligibility import may_request
from governance.models import AuditEvent, Package, SavedTest, Source
from governance.queries.what_if import saved_test_results
from governance.rules.roles import READER, SYSTEM
from tests import make

from .reading import markup_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def partners(fabrikam):
    """A partner for each kind of answer, and Badge for all configured organizations."""
    make.policy(make.package("Badge"), "all_configured")
    contoso = make.organization("Contoso", "contoso.example", state="proposed")
    make.organization("Fabrikam Labs", "labs.fabrikam.example")
    make.organization("Tailspin", "tailspin.example")
    delete(organization=make.organization("Adatum", "adatum.example"), by=SYSTEM, at=make.NOON)
    narrow = make.organization("Litware", "litware.example")
    Source.objects.filter(organization=narrow).update(covers_subdomains=False)
    make.list_rule("northwind.example")
    make.list_rule("docs.northwind.example", "allow")
    make.list_rule("tailspin.example", "block", ends_on=date(2026, 11, 22))
    make.list_rule("eng.tailspin.example", "block", "alone")
    make.own_name("harbourgate.example")
    return contoso


CASES = {
    "allowed": (
        "bob@fabrikam.example",
        "Can request, needs approval",
        "bob@fabrikam.example can request Badge under the policy “All_configured”. "
        "The request needs approval. An internal sponsor decides within 14 days;"
        " if no sponsor can decide, another approver does. Access has no end date. "
        "To stop requests from fabrikam.example, block it on the allow and deny list. "
        "To stop all requests under this policy, close it.",
    ),
    "proposed": (
        "lea@contoso.example",
        "Cannot request",
        "Contoso is proposed and is waiting for a decision. "
        "The policy “All_configured” is for all configured connected "
        "organizations only. Configure Contoso, or add it to a policy of Badge.",
    ),
    "blocked parent": (
        "x@northwind.example",
        "Cannot request",
        "The rule “northwind.example, including subdomains” on the allow "
        "and deny list blocks northwind.example. "
        "To allow it, change that rule to Allow, or add an allow rule for this domain only.",
    ),
    "allowed child of a blocked parent, connected to nobody": (
        "x@docs.northwind.example",
        "Cannot request",
        (
            "No connected organization covers docs.northwind.example. Connect the organization"
            " that owns it, or add the domain to that organization if it is already connected."
            " If only this person works for a connected organization, vouch for this one address on"
            " the organization's page."
        ),
    ),
    "expired rule": (
        "x@tailspin.example",
        "Can request, needs approval",
        "x@tailspin.example can request Badge under the policy “All_configured”. "
        "The request needs approval. An internal sponsor decides within 14 days;"
        " if no sponsor can decide, another approver does. Access has no end date. "
        "To stop requests from tailspin.example, block it on the allow and deny list. "
        "To stop all requests under this policy, close it.",
    ),
    "a rule for one name alone": (
        "x@eng.tailspin.example",
        "Cannot request",
        "The rule “eng.tailspin.example, this domain only” on the allow "
        "and deny list blocks eng.tailspin.example. "
        "To allow it, change that rule to Allow.",
    ),
    "deleted organization": (
        "x@adatum.example",
        "Cannot request",
        (
            "Adatum was deleted, and adatum.example is still reserved for it."
            " Restore the organization, release the domain, or add it to another organization."
        ),
    ),
    "subdomains switched off": (
        "x@eng.litware.example",
        "Cannot request",
        "No connected organization covers eng.litware.example. "
        "Litware has litware.example, but not its subdomains. "
        "Include the subdomains, or connect eng.litware.example.",
    ),
    "look-alike": (
        "bob@fabr1kam.example",
        "Cannot request",
        "No connected organization covers fabr1kam.example. "
        "It looks like the known domain fabrikam.example and may be an imitation. "
        "Contact the person at fabrikam.example instead.",
    ),
    "public mail": (
        "bob@gmail.com",
        "Cannot request",
        "No connected organization covers gmail.com. "
        "Anyone can get an address there, so connecting it would let anyone in. "
        "Ask the person for the email address that their organization gave them."
        " If they work for a connected organization without one, vouch for this one address on the"
        " organization's page.",
    ),
    "no organization": (
        "x@woodgrove.example",
        "Cannot request",
        (
            "No connected organization covers woodgrove.example. Connect the organization"
            " that owns it, or add the domain to that organization if it is already connected."
            " If only this person works for a connected organization, vouch for this one address on"
            " the organization's page."
        ),
    ),
    "own name": (
        "x@eng.harbourgate.example",
        "Cannot request",
        "eng.harbourgate.example is a subdomain of harbourgate.example, "
        "which is one of your domains. "
        "Its people are members. Add this person as a member.",
    ),
    "no whole address": (
        "bob@fabrikam",
        "Cannot request",
        "Enter an email address, such as name@partner.example",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_tells_what_to_change(case, partners, client):
    email, title, sentence = CASES[case]
    page = client.get(
        "/what-if/",
        {"email": email, "package": str(Package.objects.get().uuid), "at": "2026-11-23T12:00"},
        follow=True,  # to the URL with the moment's offset
    )
    assert page.context["answer"].deciding.text == sentence
    assert f"<h2>{title}</h2>" in markup_of(page)


def test_what_would_stop_it_after_that_is_counted_beside_the_sentence(partners, client):
    package = str(Package.objects.get().uuid)
    pages = [
        client.get("/what-if/", {"email": email, "package": package}).content.decode()
        for email in ("x@northwind.example", "x@woodgrove.example")
    ]
    assert ["1 more step below would also stop the request." in page for page in pages] == [
        True,
        False,
    ]


def test_a_shadowed_claim_is_told_where_the_longer_one_decides(partners, client):
    steps = (
        client.get("/what-if/", {"email": "x@a.labs.fabrikam.example"}).context["answer"].reasons
    )
    text = next(step.text for step in steps if step.code == "organization_deleted")
    assert text == (
        "a.labs.fabrikam.example belongs to Fabrikam Labs through labs.fabrikam.example, "
        "including subdomains. "
        "labs.fabrikam.example is longer than fabrikam.example of Fabrikam, so it decides."
    )


def test_every_step_stands_on_the_page_with_its_code_and_links_to_what_decided(partners, client):
    page = client.get("/what-if/", {"email": "x@northwind.example", "codes": "1"}).content.decode()
    assert [
        code in page
        for code in ("address_malformed", "own_name", "person_blocked", "domain_blocked")
    ] == [True] * 4
    assert "Open northwind.example, including subdomains" in page


def test_each_package_says_which_policy_decides(partners, client):
    found = client.get("/what-if/", {"email": "bob@fabrikam.example"}).context["found"]
    assert [(each.package.name, each.why) for each in found.packages if each.answer.allowed] == [
        (
            "Badge",
            (
                "The policy “All_configured” decides"
                " because it is for all configured connected organizations."
            ),
        )
    ]


def test_codes_are_shown_only_on_request(partners, client):
    page = client.get("/what-if/", {"email": "x@northwind.example"}).content.decode()
    assert [code for code in ("address_malformed", "domain_blocked") if code in page] == []


def test_a_domain_is_asked_for_anybody_there(partners, client):
    page = client.get("/what-if/", {"email": "Fabrikam.example"})
    assert (page.context["found"].address, page.context["answer"].code) == (
        "somebody@fabrikam.example",
        "allowed",
    )


def test_a_moment_can_be_asked(partners, client):
    before, after = (
        client.get(
            "/what-if/", {"email": "x@tailspin.example", "at": f"2026-11-{day}T12:00:00+00:00"}
        )
        .context["answer"]
        .code
        for day in (22, 23)
    )
    assert (before, after) == ("domain_blocked", "allowed")


def test_what_they_would_see_are_the_listed_packages_that_they_can_ask_for(partners, client):
    make.policy(make.package("Hidden", is_listed=False), "all_configured")
    make.policy(make.package("Closed", is_open=False), "all_configured")
    found = client.get("/what-if/", {"email": "bob@fabrikam.example"}).context["found"]
    assert [grant.package.name for grant in found.would_see] == ["Badge"]


@pytest.mark.parametrize(
    "asked",
    [
        {"package": "nonsense"},
        {"package": str(uuid4())},
        {"at": "yesterday"},
        {"at": "99999-01-01T00:00"},
        {"email": "a\0b@c.example"},
    ],
)
def test_a_question_that_cannot_be_read_is_said_at_its_field(asked, client):
    page = client.get("/what-if/", {"email": "bob@fabrikam.example"} | asked)
    assert (page.status_code, list(page.context["form"].errors), page.context["answer"]) == (
        200,
        list(asked),
        None,
    )


def test_a_reader_may_ask_and_a_guest_inviter_may_not(signed_in, gil):
    reader = make.member("rea@harbourgate.example", READER)
    assert [
        signed_in(person).get("/what-if/?email=a@b.example").status_code for person in (reader, gil)
    ] == [200, 403]


class TestSavedTests:
    def save(self, client, **more):
        given = {
            "email": "bob@fabrikam.example",
            "package": "",
            "expects": "allowed",
            "name": "Bob",
        } | more
        return client.post("/what-if/tests/", given)

    def test_it_is_kept_with_its_package_and_holds(self, partners, client):
        self.save(client, package=str(Package.objects.get().uuid))
        test = SavedTest.objects.get()
        results = client.get("/what-if/").context["tests"]
        assert (test.package.name, test.expects_allowed, [result.holds for result in results]) == (
            "Badge",
            True,
            [True],
        )

    def test_it_says_when_its_answer_changed(self, partners, client, fabrikam):
        self.save(client)
        make.list_rule("fabrikam.example")
        assert [result.holds for result in client.get("/what-if/").context["tests"]] == [False]

    def test_what_is_no_address_is_not_kept_and_the_reason_is_told(self, partners, client):
        page = client.get(self.save(client, email="nonsense").url)
        assert "such as name@partner.example" in page.content.decode()
        assert SavedTest.objects.count() == 0

    def test_it_can_be_removed(self, partners, client):
        self.save(client)
        client.post(f"/what-if/tests/{SavedTest.objects.get().uuid}/remove/")
        assert SavedTest.objects.count() == 0

    def test_of_somebody_else_a_reader_removes_none_and_an_administrator_any(
        self, uma, partners, client, signed_in
    ):
        self.save(client)
        path = f"/what-if/tests/{SavedTest.objects.get().uuid}/remove/"
        reader = signed_in(make.member("rae@harbourgate.example", READER))
        shown = reader.get(reader.post(path).url).content.decode()
        kept = SavedTest.objects.count()
        signed_in(uma).post(path)
        event = AuditEvent.objects.latest("pk")
        assert (
            "saved this test. Only they or an administrator can remove it" in shown,
            kept,
            SavedTest.objects.count(),
        ) == (True, 1, 0)
        assert (event.activity, event.before) == (
            "Remove what-if test",
            '{"e-mail": "bob@fabrikam.example", "expects": "allowed"}',
        )

    def test_of_a_namesake_nobody_removes_one(self, partners, client, signed_in):
        one, other = (
            signed_in(make.member(f"rae{number}@harbourgate.example", READER, name="Rae Quist"))
            for number in (1, 2)
        )
        self.save(one)
        path = f"/what-if/tests/{SavedTest.objects.get().uuid}/remove/"
        counts = [(client.post(path), SavedTest.objects.count())[1] for client in (other, one)]
        assert counts == [1, 0]

    def test_a_package_that_is_gone_is_not_taken_for_any(self, partners, client):
        self.save(client, package=str(uuid4()))
        assert SavedTest.objects.count() == 0


@pytest.mark.parametrize("way", ["blocked", "claimed and blocked", "deleted"])
def test_a_blocked_or_deleted_look_alike_is_not_offered_as_the_genuine_domain(client, way):
    if way != "blocked":
        acrne = make.organization("Acrne", "acrne-tools.example")
    if way == "deleted":
        delete(organization=acrne, by=SYSTEM, at=make.NOON)
    else:
        make.list_rule("acrne-tools.example")
    page = client.get("/what-if/", {"email": "bob@acme-tools.example"})
    assert page.context["answer"].deciding.text == (
        "No connected organization covers acme-tools.example."
        " Connect the organization that owns it,"
        " or add the domain to that organization if it is already connected."
        " If only this person works for a connected organization, vouch for this one address on"
        " the organization's page."
    )
    assert "acrne-tools.example" not in page.content.decode()


# Asked without a package


def test_somebody_of_no_organization_can_request_what_any_outside_person_can(client):
    make.policy(make.package("Visitor network"), "any_outside")
    make.package("Drawings")
    page = client.get("/what-if/", {"email": "someone@nowhere.example"})
    answer, found = page.context["answer"], page.context["found"]
    assert (answer.allowed, answer.approval_needed) == (True, True)
    assert [grant.package.name for grant in found.would_see] == ["Visitor network"]
    assert [(each.package.name, each.answer.allowed) for each in found.packages] == [
        ("Visitor network", True),
        ("Drawings", False),
    ]


def test_a_hidden_package_can_be_requested_and_is_not_seen(client):
    make.policy(make.package("Hidden one", is_listed=False), "any_outside")
    page = client.get("/what-if/", {"email": "someone@nowhere.example"})
    assert (page.context["answer"].allowed, page.context["found"].would_see) == (True, ())


@pytest.mark.parametrize("number", [1, 20])
def test_all_saved_tests_are_asked_by_two_statements(db, number, django_assert_num_queries):
    package = make.package("Badge")
    make.policy(package, "all_configured")
    make.organization("Fabrikam", "fabrikam.example")
    for place in range(number):
        make.saved_test(f"bob{place}@eng{place}.fabrikam.example", package if place % 2 else None)
    with django_assert_num_queries(2):
        assert [result.holds for result in saved_test_results(make.NOON)] == [True] * number


def test_a_saved_test_is_answered_as_the_decision_answers(db, ada):
    package = make.package("Badge")
    make.policy(package, "any_outside")
    make.own_name("harbourgate.example")
    make.list_rule("blocked.example")
    make.guest("zoe+x@partner.example", state="blocked")
    emails = (ada.email, "x@blocked.example", "zoe@partner.example", "someone@nowhere.example")
    tests = [make.saved_test(email, each) for email in emails for each in (package, None)]
    asked = {result.test.pk: result.answer for result in saved_test_results(make.NOON)}
    for test in tests:
        key = str(test.package.uuid) if test.package else ""
        assert asked[test.pk] == may_request(test.email, key, at=make.NOON)

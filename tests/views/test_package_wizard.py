"""The wizard Add access package: what is typed is kept, nothing is written before Create."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from governance.models import AuditEvent, Package, PackageDraft, Policy, Resource
from tests import make, make_access

pytestmark = pytest.mark.django_db
BASICS = {"name": "Drawings", "description": "CAD", "is_listed": "on", "is_open": "on"}


def policy_form(**more) -> dict:
    return make.policy_form("Initial policy", ends="days", lasts_days="30") | more


@pytest.fixture
def wizard(signed_in, ada):
    return Wizard(signed_in(ada))


class Wizard:
    """Somebody in a browser, in one draft."""

    def __init__(self, client, draft=None):
        self.client, self.draft = client, draft or uuid4()

    def path(self, step: str) -> str:
        return f"/access-packages/add/{self.draft}/{step}/"

    def read(self, step: str, query: str = ""):
        return self.client.get(f"{self.path(step)}{query}")

    def send(self, step: str, **typed):
        return self.client.post(self.path(step), typed)

    def fill_in(self, *resources: str, **basics):
        self.send("basics", **BASICS | {"catalog": "general"} | basics)
        self.send("resources", resource=list(resources))
        self.send("policy", **policy_form())

    def create(self, seen: str | None = None):
        return self.send("review", seen=self.seen() if seen is None else seen)

    def seen(self) -> str:
        page = self.read("review").content.decode()
        return re.search(r'name="seen" value="([^"]*)"', page).group(1)


def events_since(number: int) -> list[str]:
    rows = AuditEvent.objects.filter(pk__gt=number).order_by("pk")
    return list(rows.values_list("activity", flat=True))


def test_the_wizard_begins_with_a_draft_of_its_own_and_writes_nothing(wizard):
    answer = wizard.client.get("/access-packages/add/?catalog=general")
    assert (answer.status_code, answer["Location"].endswith("/basics/?catalog=general")) == (
        302,
        True,
    )
    wizard.read("basics")
    assert PackageDraft.objects.count() == 0


def test_a_package_is_created_with_its_resources_and_its_policy(wizard, fabrikam, bob):
    group, webhook = make_access.group(), make_access.webhook()
    catalog = make_access.catalog()
    since = AuditEvent.objects.latest("pk").pk
    chosen = (f"group:{group.uuid}", f"webhook:{webhook.uuid}")
    wizard.fill_in(*chosen, catalog=str(catalog.uuid))
    answer = wizard.create()
    package = Package.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/access-packages/{package.uuid}/")
    assert (package.name, package.catalog, package.policies.get().scope) == (
        "Drawings",
        catalog,
        "all_configured",
    )
    assert {str(row) for row in package.resources.all()} == {group.name, webhook.name}
    assert events_since(since) == [
        "Create access package",
        "Add resource to access package",
        "Add resource to access package",
        "Create access package assignment policy",
    ]


def test_nothing_is_written_before_create(wizard, fabrikam):
    since = AuditEvent.objects.latest("pk").pk
    wizard.fill_in(f"group:{make_access.group().uuid}")
    wizard.read("review")
    assert (Package.objects.count(), Policy.objects.count(), Resource.objects.count()) == (0, 0, 0)
    assert events_since(since) == ["Add group"]


def test_review_says_who_could_request_it_then(wizard, fabrikam, bob):
    wizard.fill_in()
    page = wizard.read("review").content.decode()
    assert "Bob Ferreira can request Drawings with approval." in page


def test_a_second_create_answers_the_same_package(wizard):
    wizard.fill_in()
    seen = wizard.seen()
    first, second = wizard.create(seen), wizard.create(seen)
    assert (first["Location"], second.status_code, Package.objects.count()) == (
        second["Location"],
        303,
        1,
    )


def test_a_draft_that_was_created_leads_to_its_package(wizard):
    wizard.fill_in()
    wizard.create()
    assert wizard.read("basics")["Location"] == f"/access-packages/{Package.objects.get().uuid}/"


def test_create_makes_what_review_showed_and_nothing_else(wizard):
    wizard.fill_in()
    seen = wizard.seen()
    wizard.send("basics", **BASICS | {"catalog": "general", "name": "Other"})
    answer = wizard.create(seen)
    assert (answer.status_code, Package.objects.count()) == (409, 0)


def test_create_without_a_review_is_stopped(wizard):
    wizard.fill_in()
    assert (wizard.create("").status_code, Package.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "x" * 201}, "Name must be 200 characters or fewer (now 201)"),
        ({"name": "TAKEN"}, "Another access package is called Taken"),
        ({"name": "a\u202eb"}, "Name has a character that cannot be seen"),
        ({"description": "x" * 501}, "Description must be 500 characters or fewer (now 501)"),
        ({"catalog": str(uuid4())}, "This catalog has been removed. Choose another one"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_is_kept(wizard, typed, sentence):
    make.package("Taken")
    answer = wizard.send("basics", **BASICS | {"catalog": "general"} | typed)
    kept = PackageDraft.objects.get().answers["basics"]
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert {name: [value] for name, value in typed.items()}.items() <= kept.items()


def test_every_problem_stands_on_review_with_its_step(wizard):
    wizard.send("basics", name="", catalog="general")
    page = wizard.read("review").content.decode()
    assert (page.count("Enter a name"), wizard.create("").status_code) == (2, 422)


def test_what_is_ticked_stays_ticked_after_a_search(wizard):
    first, second = make_access.group("First"), make_access.group("Second")
    answer = wizard.send("resources", resource=f"group:{first.uuid}", find="1", search="second")
    choices = wizard.client.get(answer["Location"]).context["choices"]
    assert [(each.name, each.is_chosen) for each in choices] == [
        ("First", True),
        ("Second", False),
    ]
    assert second.name == "Second"


def test_every_group_and_webhook_is_offered_before_a_search(wizard):
    make_access.group("First"), make_access.webhook("Second")
    choices = wizard.read("resources").context["choices"]
    assert [(each.name, each.is_chosen) for each in choices] == [
        ("First", False),
        ("Second", False),
    ]


def test_a_group_that_was_just_added_is_ticked(wizard):
    answer = wizard.send("resources", goto="new-group")
    added = wizard.client.post(answer["Location"], {"name": "New group", "description": ""})
    choices = wizard.client.get(added["Location"]).context["choices"]
    assert [(each.name, each.is_chosen) for each in choices] == [("New group", True)]


def test_a_resource_that_was_removed_meanwhile_is_said_on_review(wizard):
    group = make_access.group()
    wizard.fill_in(f"group:{group.uuid}")
    seen = wizard.seen()
    group.delete()
    answer = wizard.create(seen)
    assert (answer.status_code, Package.objects.count()) == (422, 0)
    assert "A resource that you chose has been removed. Choose again" in answer.content.decode()


def test_a_name_that_was_taken_meanwhile_is_said_on_review(wizard):
    wizard.fill_in()
    seen = wizard.seen()
    make.package("Drawings")
    answer = wizard.create(seen)
    assert (answer.status_code, Package.objects.count()) == (422, 1)
    assert "Another access package is called Drawings" in answer.content.decode()


def test_two_tabs_never_mix(signed_in, ada):
    client = signed_in(ada)
    one, two = Wizard(client), Wizard(client)
    one.fill_in(name="One")
    two.fill_in(name="Two")
    one.create()
    two.create()
    assert set(Package.objects.values_list("name", flat=True)) == {"One", "Two"}


def test_an_unknown_step_is_not_there(wizard):
    assert wizard.read("nonsense").status_code == 404

"""The pages of access packages, catalogs, groups and webhooks: what they say and what they cost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.actions.resources.webhooks import create_webhook
from governance.models import AuditEvent, GroupMember, Resource
from governance.rules.roles import SYSTEM
from tests import make, make_access
from tests.views.reading import markup_of

pytestmark = pytest.mark.django_db
SESSION_AND_USER, BUDGET = 2, 5
DAY = timedelta(days=1)


@pytest.fixture
def world(fabrikam, bob, sam):
    """A package with a group and a webhook, which Bob has, in a catalog that Sam manages."""
    now = timezone.now()
    package = make.package("Drawings", catalog=make_access.catalog("Plants", sam))
    make.policy(package, "named", fabrikam)
    group, webhook = make_access.group(), make_access.webhook()
    rows = [make_access.resource(package, each) for each in (group, webhook)]
    given = make_access.access(package, bob, starts_at=now - DAY, ends_at=now + DAY)
    GroupMember.objects.create(
        group=group, person=bob, assignment=given, added_at=now - DAY, added_by="System"
    )
    make_access.delivery(given, rows[1])
    return {"package": package, "group": group, "webhook": webhook, "row": rows[0]}


def paths(world) -> dict[str, str]:
    package = f"/access-packages/{world['package'].uuid}/"
    group, webhook = f"/groups/{world['group'].uuid}/", f"/webhooks/{world['webhook'].uuid}/"
    draft = f"/access-packages/add/{uuid4()}/"
    return {
        "list": "/access-packages/",
        "list of a catalog": f"/access-packages/?q=draw&catalog={world['package'].catalog.uuid}",
        "overview": package,
        **{
            tab: f"{package}{tab}/"
            for tab in ("resources", "policies", "people", "requests", "activity")
        },
        "people found": f"{package}people/?q=bob",
        "requests in a state": f"{package}requests/?state=delivered",
        "add resource": f"{package}resources/add/",
        "move": f"{package}move/",
        "catalogs": "/catalogs/",
        "catalog": f"/catalogs/{world['package'].catalog.uuid}/",
        "edit catalog": f"/catalogs/{world['package'].catalog.uuid}/edit/",
        "groups": "/groups/",
        "group": group,
        "group found": f"{group}?q=bob",
        "add member": f"{group}members/add/?q=bob",
        "webhooks": "/webhooks/",
        "webhook": webhook,
        **{step: f"{draft}{step}/" for step in ("basics", "resources of a draft", "policy")},
    } | {"resources of a draft": f"{draft}resources/"}


def costs(client, world) -> dict[str, int]:
    numbers = {}
    for name, path in paths(world).items():
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200, path
        numbers[name] = len(captured) - SESSION_AND_USER
    return numbers


def many(world, number: int) -> None:
    """Much more of everything."""
    now = timezone.now()
    for each in range(number):
        person = make.guest(f"p{each}@fabrikam.example")
        given = make_access.access(world["package"], person, starts_at=now - DAY)
        GroupMember.objects.create(
            group=world["group"],
            person=person,
            assignment=given,
            added_at=now,
            added_by="System",
        )
        make_access.delivery(given, Resource.objects.get(webhook=world["webhook"]))
        make_access.group(f"Group {each}")
        make_access.webhook(f"Webhook {each}")
        make_access.catalog(f"Catalog {each}")
        make.package(f"Package {each}", catalog=world["package"].catalog)


def test_a_page_costs_five_statements_at_most_however_much_there_is(signed_in, ada, world):
    before = costs(signed_in(ada), world)
    many(world, 30)
    after = costs(signed_in(ada), world)
    assert {name: cost for name, cost in after.items() if cost > BUDGET} == {}
    assert after == before


def test_the_list_counts_people_with_access_now_and_requests_that_wait(signed_in, ada, world, eve):
    now = timezone.now()
    package = world["package"]
    make_access.access(package, eve, starts_at=now - DAY, ends_at=now)
    rows = signed_in(ada).get("/access-packages/").context["shown"].rows
    (row,) = [(str(each.people), str(each.resources), str(each.policies)) for each in rows]
    assert row == ("1", "2", "1")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Drawings", "Other"]),
        ("?q=draw", ["Drawings"]),
        ("?catalog=general", ["Other"]),
        ("?catalog=nonsense", ["Drawings", "Other"]),
        ("?q=zzz", []),
    ],
)
def test_the_list_is_searched_and_filtered_by_catalog(signed_in, ada, world, query, names):
    make.package("Other")
    rows = signed_in(ada).get(f"/access-packages/{query}").context["shown"].rows
    assert [row.package.name for row in rows] == names


def test_the_request_link_is_absolute_and_copyable(signed_in, ada, world, settings):
    page = signed_in(ada).get(f"/access-packages/{world['package'].uuid}/").content.decode()
    link = f"{settings.ORIGIN}/my-access/request/{world['package'].uuid}/"
    assert f'data-copy="{link}"' in page


def test_a_request_that_nobody_answered_in_time_is_shown_as_expired(signed_in, ada, world):
    request = world["package"].access_requests.get()
    request.state, request.due_at = "pending_approval", timezone.now() - DAY
    request.save()
    client, path = signed_in(ada), f"/access-packages/{world['package'].uuid}/requests/"
    states = [
        [row.label for row in client.get(f"{path}{query}").context["page"].rows]
        for query in ("", "?state=expired", "?state=pending_approval")
    ]
    assert states == [["Expired"], ["Expired"], []]


def test_access_that_is_over_is_not_among_the_people(signed_in, ada, world, eve):
    make_access.access(
        world["package"], eve, starts_at=timezone.now() - DAY, ends_at=timezone.now()
    )
    page = signed_in(ada).get(f"/access-packages/{world['package'].uuid}/people/")
    assert [str(row.person) for row in page.context["page"].rows] == ["Bob Ferreira"]


def test_adding_a_resource_shows_who_gets_access_and_is_done_on_the_second_press(
    signed_in, ada, world
):
    group, client = make_access.group("New"), signed_in(ada)
    path = f"/access-packages/{world['package'].uuid}/resources/add/"
    asked = client.post(path, {"resource": f"group:{group.uuid}"})
    text = "Bob Ferreira (bob@eng.fabrikam.example) gets access to the group New."
    assert (asked.status_code, text in asked.content.decode(), group.resources.count()) == (
        200,
        True,
        0,
    )
    seen = asked.context["shown"].seen
    done = client.post(path, {"resource": f"group:{group.uuid}", "seen": seen})
    assert (done.status_code, group.resources.count()) == (303, 1)


@pytest.mark.parametrize(
    "chosen", ["", "group:", "group:nonsense", f"webhook:{UUID(int=7)}", "x:y"]
)
def test_what_is_no_resource_adds_nothing(signed_in, ada, world, chosen):
    path = f"/access-packages/{world['package'].uuid}/resources/add/"
    answer = signed_in(ada).post(path, {"resource": chosen})
    assert (answer.status_code, world["package"].resources.count()) == (422, 2)


def test_removing_a_resource_shows_who_loses_access_first(signed_in, ada, world):
    client, path = signed_in(ada), f"/resources/{world['row'].uuid}/remove/"
    text = "Bob Ferreira (bob@eng.fabrikam.example) loses access to the group CAD readers."
    asked = client.get(path)
    assert text in asked.content.decode()
    done = client.post(path, {"seen": asked.context["shown"].seen})
    assert (done.status_code, client.get(path).status_code) == (303, 404)


def test_the_secret_of_a_webhook_is_on_one_page_alone(signed_in, ada):
    client = signed_in(ada)
    made = client.post("/webhooks/add/", {"name": "Doors", "url": "https://doors.example/"})
    secret = made.context["secret"]
    key = made.context["webhook"].uuid
    others = [f"/webhooks/{key}/{page}" for page in ("", "edit/", "secret/")] + ["/webhooks/"]
    found = [secret in client.get(path).content.decode() for path in others]
    assert (secret in made.content.decode(), made["Cache-Control"], found) == (
        True,
        "no-store",
        [False] * 4,
    )


def test_a_reload_of_the_page_with_a_new_secret_makes_no_other(signed_in, ada):
    webhook = create_webhook(
        name="Doors", url="https://doors.example/", by=SYSTEM, at=make.NOON
    ).webhook
    client, path = signed_in(ada), f"/webhooks/{webhook.uuid}/secret/"
    version = client.get(path).context["version"]
    first, second = (client.post(path, {"version": version}) for _ in range(2))
    webhook.refresh_from_db()
    assert (first.context["secret"], second.status_code) == (webhook.secret, 409)


@pytest.mark.parametrize("page", ["groups", "webhooks"])
def test_a_wrong_form_says_so_at_its_field_and_keeps_what_was_typed(signed_in, ada, page):
    typed = {"name": "", "description": "Kept", "url": "https://kept.example/"}
    answer = signed_in(ada).post(f"/{page}/add/", typed)
    text = answer.content.decode()
    assert (answer.status_code, "Enter a name" in text) == (422, True)
    assert ("Kept" if page == "groups" else "https://kept.example/") in text


def test_members_are_exported_with_what_puts_them_in_the_group(signed_in, ada, world):
    answer = signed_in(ada).get(f"/groups/{world['group'].uuid}/export/")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert (len(lines), '"Bob Ferreira","bob@eng.fabrikam.example","Fabrikam"' in lines[1]) == (
        2,
        True,
    )
    assert '"Drawings"' in lines[1]


def test_groups_are_exported_as_they_are_listed(signed_in, ada, world):
    answer = signed_in(ada).get("/groups/export/?q=cad")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[1].startswith('"CAD readers","","1","1",')


def test_somebody_is_added_by_hand_and_removed_again(signed_in, ada, world, eve):
    client, path = signed_in(ada), f"/groups/{world['group'].uuid}/"
    client.post(f"{path}members/add/?q=eve", {"person": eve.uuid})
    remove = f"{path}members/{eve.uuid}/remove/"
    seen = client.get(remove).context["shown"].seen
    done = client.post(remove, {"seen": seen})
    activities = AuditEvent.objects.order_by("-pk").values_list("activity", flat=True)[:2]
    assert (done.status_code, list(activities)) == (
        303,
        ["Remove member from group", "Add member to group"],
    )


def test_managers_are_found_and_kept_while_others_are_looked_for(signed_in, ada, rob):
    client = signed_in(ada)
    typed = {"name": "Plants", "description": "", "manager": rob.uuid, "search": "ada"}
    found = client.post("/catalogs/add/", typed | {"find": "1"})
    chosen = [(str(each["person"]), each["is_chosen"]) for each in found.context["choices"]]
    assert (found.status_code, chosen) == (200, [("Rob Lindholm", True), ("Ada Okafor", False)])


class TestManagers:
    """Who manages a catalog, on the pages: Sam, who has no role."""

    def test_sees_and_changes_the_packages_of_the_catalog(self, signed_in, sam, world):
        package, client = world["package"], signed_in(sam)
        tabs = ("", "resources/", "policies/", "people/", "requests/", "activity/", "edit/")
        pages = (*tabs, "resources/add/", "policies/add/", "move/")
        statuses = {
            page: client.get(f"/access-packages/{package.uuid}/{page}").status_code
            for page in pages
        }
        assert statuses == dict.fromkeys(pages, 200)

    def test_sees_nothing_of_other_packages(self, signed_in, sam, world):
        package, client = make.package("Other"), signed_in(sam)
        pages = ("", "resources/", "people/", "requests/", "activity/", "edit/", "policies/add/")
        statuses = {
            page: client.get(f"/access-packages/{package.uuid}/{page}").status_code
            for page in pages
        }
        assert statuses == dict.fromkeys(pages, 403)

    def test_sees_their_packages_alone_in_the_list(self, signed_in, sam, world):
        make.package("Other")
        page = signed_in(sam).get("/access-packages/")
        assert [row.package.name for row in page.context["shown"].rows] == ["Drawings"]

    def test_finds_the_list_in_the_menu_and_no_other_page_of_administrators(
        self, signed_in, sam, rob, world
    ):
        menus = [
            [
                label
                for label in ("Access packages", "Catalogs", "Groups", "Webhooks")
                if f"{label}</a>" in markup_of(signed_in(person).get("/account/"))
            ]
            for person in (sam, rob)
        ]
        assert menus == [["Access packages"], []]

    def test_who_manages_nothing_sees_no_list(self, signed_in, rob, world):
        assert signed_in(rob).get("/access-packages/").status_code == 403

    def test_adds_packages_in_their_catalog_and_is_offered_no_other(self, signed_in, sam, world):
        make_access.catalog("Others")
        page = signed_in(sam).get(f"/access-packages/add/{uuid4()}/basics/")
        names = [name for _value, name in page.context["form"].fields["catalog"].choices]
        assert names == ["Plants"]

    def test_is_offered_the_resources_of_the_catalog_alone(self, signed_in, sam, world):
        second = make.package("Second", catalog=world["package"].catalog)
        make_access.group("Not theirs")
        page = signed_in(sam).get(f"/access-packages/{second.uuid}/resources/add/")
        choices = page.context["choices"]
        assert ([str(each) for each in choices.groups], len(choices.webhooks)) == (
            ["CAD readers"],
            1,
        )

    def test_sees_no_group_no_webhook_and_no_catalog(self, signed_in, sam, world):
        client = signed_in(sam)
        catalog = world["package"].catalog
        pages = (
            f"/groups/{world['group'].uuid}/",
            f"/webhooks/{world['webhook'].uuid}/",
            f"/catalogs/{catalog.uuid}/",
            f"/catalogs/{catalog.uuid}/edit/",
        )
        assert [client.get(page).status_code for page in pages] == [403] * 4

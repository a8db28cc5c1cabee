"""What `make bench` asks of a portal: every kind of page, the decision, and what they are compared
with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from bench_world import World
from django.utils import timezone

from governance.facts.eligibility import may_request
from governance.models import Organization
from governance.queries.organizations.filters import SORTS, VIEWS

LIST, ADD, ADMIN = (
    "/connected-organizations/",
    "/connected-organizations/add/",
    "/admin/governance/organization/",
)


@dataclass(frozen=True)
class Task:
    """Something to measure: `run` does it once in the world that is entered and answers the page,
    if it is one.
    """

    group: str
    name: str
    run: Callable[[World], object]


def tasks() -> Iterator[Task]:
    """All of them; the first are what the others are compared with."""
    yield Task(FLOOR, PRIMARY_KEY, lambda world: Organization.objects.get(pk=world.partner.pk))
    yield Task(FLOOR, CONSTANT, _page("/help/"))
    yield Task(FLOOR, ADMIN_LIST, _page(ADMIN))
    yield Task(FLOOR, ADMIN_SEARCH, _page(ADMIN, q="marine"))
    yield from _decisions()
    yield from _lists()
    yield from _searches()
    yield from _details()
    yield from _other_pages()
    yield from _wizard()


FLOOR, DECISION, LISTS, SEARCHES = "Compared with", "Decision", "List", "Search in the list"
PRIMARY_KEY, CONSTANT, ADMIN_LIST, ADMIN_SEARCH = (
    "one SELECT by primary key",
    "a page that asks for no partner",
    "Django admin's list",
    "Django admin's search",
)


def _page(path: str, **asked) -> Callable[[World], object]:
    return lambda world: world.client.get(path, asked)


def _decisions():
    for name, address, package in (
        ("an address that is covered, for a package", "guest0@{}", True),
        ("beneath by five labels", "x@a.b.c.d.e.{}", True),
        ("nobody's domain", "x@nobody.example", True),
        ("for anything at all", "guest0@{}", False),
    ):
        yield Task(DECISION, name, partial(_decide, address, package))


def _decide(address: str, package: bool, world: World) -> None:
    may_request(
        address.format(world.domain), str(world.package.uuid) if package else "", at=timezone.now()
    )


def _lists():
    for sort in SORTS:
        yield Task(LISTS, f"by {sort}, first page", _page(LIST, sort=sort))
        for place in ("middle", "last"):
            yield Task(
                LISTS,
                f"by {sort}, {place} page",
                lambda world, s=sort, p=place: world.client.get(
                    LIST, {"sort": s, "cursor": world.cursor(s, p)}
                ),
            )
    for view in list(VIEWS)[1:]:
        yield Task(LISTS, f"view {view}", _page(LIST, view=view))
    for asked in (
        {"sign_in": "directory"},
        {"sponsors": "none"},
        {"sponsors": "external"},
        {"view": "proposed", "sign_in": "passcode", "sort": "name"},
    ):
        yield Task(
            LISTS,
            ", ".join(f"{name} {value}" for name, value in asked.items()),
            _page(LIST, **asked),
        )
    yield Task(
        LISTS,
        "by package",
        lambda world: world.client.get(LIST, {"package": str(world.package.uuid)}),
    )


def _searches():
    for name, text in (
        ("part of a name, many hits", "marine"),
        ("part of a name, few hits", "fjord works group 99"),
        ("one letter", "m"),
        ("no match", "zzzzqq"),
    ):
        yield Task(SEARCHES, name, _page(LIST, q=text))
    yield Task(SEARCHES, "many hits, by name", _page(LIST, q="marine", sort="name"))
    yield Task(SEARCHES, "many hits, of the proposed", _page(LIST, q="marine", view="proposed"))
    yield Task(
        SEARCHES,
        "part of a domain",
        lambda world: world.client.get(LIST, {"q": world.domain[2:-4]}),
    )
    yield Task(
        SEARCHES,
        "a whole address",
        lambda world: world.client.get(LIST, {"q": f"x@dept.{world.domain}"}),
    )
    yield Task(
        SEARCHES,
        "the same in the header",
        lambda world: world.client.get("/search/", {"q": f"x@dept.{world.domain}"}),
    )
    yield Task(SEARCHES, "many hits in the header", _page("/search/", q="marine"))


def _details():
    for tab in ("", "directories/", "sponsors/", "access/", "activity/", "delete/"):
        yield Task(
            "One organization",
            tab.rstrip("/") or "overview",
            lambda world, t=tab: world.client.get(f"{LIST}{world.partner.uuid}/{t}"),
        )


def _other_pages():
    for name, path, asked in (
        ("overview", "/", {}),
        ("account, a form with the time zones of the world", "/account/", {}),
        ("people", "/people/", {}),
        ("people, part of a name", "/people/", {"q": "guest 5000"}),
        ("people, guests", "/people/", {"kind": "guest"}),
        ("audit log", "/audit-log/", {}),
        ("audit log, by actor", "/audit-log/", {"actor": "system"}),
        ("allow and deny list", "/allow-deny-list/", {}),
        ("allow and deny list, part of a name", "/allow-deny-list/", {"q": "marine"}),
        ("access packages", "/access-packages/", {}),
        ("overlap map", "/what-if/overlaps/", {}),
    ):
        yield Task("Other pages", name, _page(path, **asked))
    yield Task(
        "Other pages",
        "what-if checker",
        lambda world: world.client.get(
            "/what-if/", {"email": f"guest0@{world.domain}", "package": str(world.package.uuid)}
        ),
    )
    yield Task(
        "Other pages",
        "effect of a new rule",
        lambda world: world.client.post("/allow-deny-list/add/", _rule(f"new.{world.domain}")),
    )
    yield Task(
        "Other pages",
        "effect of a rule on all of .test",
        lambda world: world.client.post("/allow-deny-list/add/", _rule("test")),
    )


def _rule(name: str) -> dict:
    return {
        "names": name,
        "breadth": "with_subdomains",
        "effect": "block",
        "reason": "",
        "preview": "1",
    }


def _wizard():
    yield Task("Wizard", "nine requests and the create", create_by_wizard)
    for step in ("basics", "directories", "sponsors", "review"):
        yield Task("Wizard", f"step {step}", partial(_step, step))


def create_by_wizard(world: World) -> None:
    """As a browser does it: Basics, the pane with one domain, Sponsors, Review, Create."""
    key = uuid4()
    draft, client = f"{ADD}{key}/", world.client
    client.get(ADD)
    client.post(
        f"{draft}basics/", {"name": f"Measured {key}", "description": "", "state": "configured"}
    )
    client.get(f"{draft}directories/")
    client.get(f"{draft}directories/select/", {"domain": f"measured-{key}.example"})
    client.post(f"{draft}directories/select/", {"add": f"measured-{key}.example"})
    client.post(f"{draft}directories/select/", {"select": "1"})
    client.post(f"{draft}sponsors/", {})
    review = client.get(f"{draft}review/").content.decode()
    created = client.post(
        f"{draft}review/", {"seen": re.search(r'name="seen" value="([^"]*)"', review)[1]}
    )
    assert created.status_code == 303, created.status_code


def _step(step: str, world: World):
    return world.client.get(f"{_draft(world)}{step}/")


def _draft(world: World) -> str:
    """A filled draft, the same for every repetition."""
    if not hasattr(world, "draft"):
        world.draft = f"{ADD}{uuid4()}/"
        world.client.post(
            f"{world.draft}basics/",
            {"name": f"Draft {world.draft}", "description": "", "state": "configured"},
        )
        world.client.post(f"{world.draft}directories/select/", {"add": "measured.example"})
        world.client.post(f"{world.draft}directories/select/", {"select": "1"})
    return world.draft

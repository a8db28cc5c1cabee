"""The wizard: every step at any time, every answer kept, and Create that does just what Review
showed.
"""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions import drafts
from governance.actions.people import accounts as people
from governance.models import AuditEvent, Draft, Organization
from governance.rules.organizations import NewSource
from tests import make

from .reading import page_of

pytestmark = pytest.mark.django_db
STEPS = ("basics", "directories", "sponsors", "review")


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def draft() -> UUID:
    return uuid4()


def at(draft: UUID, step: str) -> str:
    return f"/connected-organizations/add/{draft}/{step}/"


def choose(person, draft: UUID, *domains: str) -> None:
    for domain in domains:
        drafts.put_in_pane(author=person, uuid=draft, source=NewSource(domain), at=make.NOON)
    drafts.select_pane(author=person, uuid=draft, at=make.NOON)


def filled(client, person, draft: UUID, *domains: str, **basics) -> None:
    client.post(
        at(draft, "basics"), {"name": "Contoso", "description": "", "state": "configured", **basics}
    )
    choose(person, draft, *domains or ("contoso.example",))


def seen(client, draft: UUID) -> str:
    return re.search(
        r'name="seen" value="([^"]*)"', client.get(at(draft, "review")).content.decode()
    )[1]


def create(client, draft: UUID):
    return client.post(at(draft, "review"), {"seen": seen(client, draft)})


def told(response) -> list[str]:
    return [problem["text"] for problem in response.context["problems"]]


# drafts


def test_looking_at_the_wizard_writes_no_row(client, draft):
    client.get("/connected-organizations/add/")
    for step in STEPS:
        assert client.get(at(draft, step)).status_code == 200
    assert Draft.objects.count() == 0


def test_add_leads_to_basics_of_a_draft_named_in_the_address_and_to_another_each_time(client):
    first, second = (client.get("/connected-organizations/add/").url for _ in range(2))
    assert [re.sub("[0-9a-f-]{36}", "*", url) for url in (first, second)] == [
        "/connected-organizations/add/*/basics/"
    ] * 2
    assert first != second


def test_add_passes_on_the_name_that_the_list_proposes(client):
    url = client.get("/connected-organizations/add/", {"name": "Contoso & Söhne"}).url
    assert client.get(url).context["form"]["name"].value() == "Contoso & Söhne"


def test_back_after_basics_leads_to_the_same_draft(client):
    basics = client.get("/connected-organizations/add/").url
    client.post(basics, {"name": "Contoso", "state": "configured"})
    back = client.get(basics)
    client.post(basics, {"name": "Contoso AG", "state": "configured"})
    assert back.context["form"]["name"].value() == "Contoso"
    assert [row.answers["basics"]["name"] for row in Draft.objects.all()] == ["Contoso AG"]


@pytest.mark.parametrize("step", STEPS)
def test_a_draft_of_somebody_else_is_not_there(client, signed_in, uma, draft, step):
    client.post(at(draft, "basics"), {"name": "Contoso"})
    other = signed_in(uma)
    assert [
        other.get(at(draft, step)).status_code,
        other.post(at(draft, step), {"name": "Mine"}).status_code,
    ] == [404, 404]
    assert Draft.objects.get().answers["basics"]["name"] == "Contoso"


def test_nobody_discards_the_draft_of_somebody_else(client, signed_in, uma, draft):
    client.post(at(draft, "basics"), {"name": "Contoso"})
    assert signed_in(uma).post(f"/connected-organizations/add/{draft}/discard/").status_code == 404
    assert Draft.objects.count() == 1


def test_a_discarded_draft_is_gone(client, draft):
    client.post(at(draft, "basics"), {"name": "Contoso"})
    assert client.post(f"/connected-organizations/add/{draft}/discard/").status_code == 303
    assert Draft.objects.count() == 0


def test_discarding_asks_first_and_names_the_draft(client, draft):
    client.post(at(draft, "basics"), {"name": "Contoso"})
    page = page_of(client.get(f"/connected-organizations/add/{draft}/discard/"))
    assert ("Discard this draft?" in page, "Contoso" in page) == (True, True)
    assert Draft.objects.count() == 1


def test_all_drafts_that_were_shown_are_discarded_and_one_begun_since_then_stays(
    client, signed_in, uma
):
    shown = [uuid4(), uuid4()]
    for key in shown:
        client.post(at(key, "basics"), {"name": f"Contoso {key}"})
    page = client.get("/connected-organizations/add/discard/")
    later, other = uuid4(), uuid4()
    client.post(at(later, "basics"), {"name": "Later"})
    signed_in(uma).post(at(other, "basics"), {"name": "Uma's"})
    assert (
        {row.uuid for row in page.context["drafts"]},
        "Discard all 2 drafts?" in page_of(page),
    ) == (
        set(shown),
        True,
    )
    client.post("/connected-organizations/add/discard/", {"draft": [*shown, other, "nonsense"]})
    assert {row.uuid for row in Draft.objects.all()} == {later, other}


def test_the_list_offers_to_discard_all_drafts_when_there_are_several(client):
    offered = []
    for number in range(3):
        client.post(at(uuid4(), "basics"), {"name": f"Contoso {number}"})
        page = page_of(client.get("/connected-organizations/"))
        offered.append(f"Discard all {number + 1} drafts" in page)
    assert offered == [False, True, True]


def test_neither_an_edit_nor_a_created_draft_is_discarded_here(client, ada, fabrikam, draft):
    edit = drafts.begin_edit(author=ada, organization=fabrikam, sources=(), at=make.NOON)
    filled(client, ada, draft)
    create(client, draft)
    keys = [edit.uuid, draft]
    client.post("/connected-organizations/add/discard/", {"draft": keys})
    answers = [client.post(f"/connected-organizations/add/{key}/discard/") for key in keys]
    assert ([answer.status_code for answer in answers], Draft.objects.count()) == ([404, 404], 2)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "", "description": "", "state": "configured"},
        {"name": " \n", "description": "  ", "state": "configured"},
        {"name": "", "description": "", "state": "configured", "goto": "review"},
    ],
)
def test_an_empty_submission_makes_no_draft(client, draft, given):
    response = client.post(at(draft, "basics"), given)
    assert (response.status_code, Draft.objects.count()) == (303 if "goto" in given else 422, 0)
    if response.status_code == 422:
        assert response.context["form"].errors["name"] == ["Enter a name"]
        assert response.context["checked"] == {"basics": False}


@pytest.mark.parametrize("step", ["directories", "sponsors"])
def test_next_on_an_empty_step_makes_no_draft(client, draft, step):
    client.post(at(draft, step), {"remove": "contoso.example", "subdomains": "contoso.example"})
    client.post(at(draft, step), {})
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("given", [{"description": "Contract 7"}, {"state": "proposed"}])
def test_anything_that_was_answered_makes_a_draft(client, draft, given):
    client.post(at(draft, "basics"), {"name": "", "state": "configured"} | given)
    assert Draft.objects.count() == 1


def test_a_draft_can_be_emptied_again(client, draft):
    client.post(at(draft, "basics"), {"name": "Contoso"})
    client.post(at(draft, "basics"), {"name": ""})
    assert Draft.objects.get().answers["basics"]["name"] == ""


@pytest.mark.parametrize("step", ["done", "created", "nothing", "BASICS"])
def test_a_step_that_does_not_exist_is_not_there(client, draft, step):
    assert client.get(at(draft, step)).status_code == 404


def test_a_draft_writes_no_audit_event(client, ada, draft):
    filled(client, ada, draft)
    assert AuditEvent.objects.count() == 0


# steps


def test_next_leads_to_the_next_step(client, draft):
    response = client.post(at(draft, "basics"), {"name": "Contoso", "state": "configured"})
    assert (response.status_code, response.url) == (303, at(draft, "directories"))


def test_a_step_with_problems_answers_422_and_keeps_what_was_typed(client, draft):
    response = client.post(
        at(draft, "basics"), {"name": "", "description": "Contract 7", "state": "proposed"}
    )
    page = response.content.decode()
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"name": ["Enter a name"]},
    )
    assert ("Contract 7" in page, 'href="#id_name"' in page, response.context["checked"]) == (
        True,
        True,
        {"basics": False},
    )


def test_everything_wrong_on_a_step_is_told_at_once(client, draft):
    response = client.post(at(draft, "basics"), {"name": "", "description": "x" * 501, "state": ""})
    assert response.context["form"].errors == {
        "name": ["Enter a name"],
        "description": ["Description must be 500 characters or fewer (now 501)"],
        "state": ["Choose a state"],
    }


def test_the_summary_names_the_problems_of_the_other_steps_too(client, draft):
    client.post(at(draft, "basics"), {"name": "", "description": "x", "state": "configured"})
    response = client.post(at(draft, "directories"))
    assert response.context["form"].non_field_errors() == ["Add at least one directory or domain"]
    assert [(p["text"], p["url"], p["where"]) for p in response.context["problems"]] == [
        ("Enter a name", at(draft, "basics"), "Basics")
    ]


def test_what_was_refused_is_shown_again_with_its_problem(client, draft):
    client.post(
        at(draft, "basics"), {"name": " ", "description": "Contract 7", "state": "configured"}
    )
    response = client.get(at(draft, "basics"))
    assert "Contract 7" in response.content.decode()
    assert list(response.context["form"].errors) == ["name"]


@pytest.mark.parametrize(
    ("step", "goto"),
    [
        ("basics", "review"),
        ("basics", "sponsors"),
        ("sponsors", "directories"),
        ("directories", "basics"),
    ],
)
def test_another_step_can_be_asked_for_though_this_one_has_problems(client, draft, step, goto):
    response = client.post(at(draft, step), {"goto": goto})
    assert (response.status_code, response.url) == (303, at(draft, goto))


def test_a_step_that_is_not_there_leads_to_review(client, draft):
    assert client.post(
        at(draft, "basics"), {"name": "Contoso", "goto": "https://evil.example/"}
    ).url == at(draft, "review")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a" * 201,
        "Con\x07toso",
        "Con\x00toso",
        "Con\u200btoso",
        "\u202eosotnoC",
        "...",
        "fabrikam",
        " FABRIKAM ",
    ],
)
def test_a_bad_name_is_refused_at_its_field(client, fabrikam, draft, name):
    response = client.post(
        at(draft, "basics"), {"name": name, "description": "kept", "state": "configured"}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])
    assert response.context["form"]["description"].value() == "kept"


def test_only_what_a_step_asks_is_kept(client, draft):
    client.post(
        at(draft, "basics"),
        {
            "name": "Contoso",
            "description": "",
            "state": "configured",
            "other": "x" * 100,
            "sources": "[]",
        },
    )
    assert set(Draft.objects.get().answers["basics"]) == {"name", "description", "state"}


def test_a_step_without_a_source_says_so(client, draft):
    response = client.post(at(draft, "directories"))
    assert response.status_code == 422
    assert "Add at least one directory or domain" in response.content.decode()


def test_subdomains_are_switched_by_the_box_of_each_row(client, ada, draft):
    choose(ada, draft, "contoso.example", "contoso.test")
    client.post(
        at(draft, "directories"),
        {"had_subdomains": ["contoso.example", "contoso.test"], "subdomains": ["contoso.test"]},
    )
    assert [
        s["covers_subdomains"] for s in Draft.objects.get().answers["directories"]["sources"]
    ] == [False, True]


def test_a_stale_tab_switches_only_what_was_changed_in_it(client, ada, draft):
    choose(ada, draft, "contoso.example", "contoso.test")
    shown = {"had_subdomains": ["contoso.example", "contoso.test"]}
    choose(ada, draft, "later.example")
    client.post(at(draft, "directories"), shown | {"subdomains": "contoso.test"})
    client.post(at(draft, "directories"), shown | {"subdomains": "contoso.example"})
    assert {
        s["typed_name"]: s["covers_subdomains"]
        for s in Draft.objects.get().answers["directories"]["sources"]
    } == {"contoso.example": False, "contoso.test": False, "later.example": True}


def test_a_stale_tab_does_not_bring_back_what_was_removed_in_another(client, ada, draft):
    choose(ada, draft, "contoso.example", "contoso.test")
    client.post(at(draft, "directories"), {"remove": "contoso.test"})
    boxes = ["contoso.example", "contoso.test"]
    client.post(at(draft, "directories"), {"had_subdomains": boxes, "subdomains": boxes})
    assert [s["typed_name"] for s in Draft.objects.get().answers["directories"]["sources"]] == [
        "contoso.example"
    ]


def test_the_boxes_say_what_they_were_when_they_were_shown(client, ada, draft):
    choose(ada, draft, "contoso.example", "contoso.test")
    client.post(at(draft, "directories"), {"had_subdomains": "contoso.test"})
    page = client.get(at(draft, "directories")).content.decode()
    shown = re.search(r'<select name="had_subdomains".*?</select>', page, re.DOTALL).group()
    assert re.findall(r'<option value="([^"]*)" selected>', shown) == ["contoso.example"]


def test_removing_the_last_row_shows_the_step_and_no_problem(client, ada, draft):
    choose(ada, draft, "contoso.example")
    client.post(at(draft, "directories"), {"remove": "contoso.example"})
    page = client.get(at(draft, "directories"))
    assert ("contoso.example removed." in page_of(page), page.context["form"].errors) == (True, {})


def name_sponsors(ada, draft, **people) -> None:
    for kind, chosen in people.items():
        keys = [person.uuid for person in chosen]
        drafts.change_sponsors(author=ada, uuid=draft, kind=kind, added=keys, at=make.NOON)


def test_a_sponsor_is_removed_on_the_step(client, ada, sam, rob, draft):
    name_sponsors(ada, draft, internal=[sam, rob])
    response = client.post(at(draft, "sponsors"), {"remove": f"internal:{sam.uuid}"})
    assert (response.status_code, response.url) == (303, at(draft, "sponsors"))
    assert Draft.objects.get().answers["sponsors"]["internal"] == [str(rob.uuid)]
    page = page_of(client.get(response.url))
    assert ("Sam Adeyemi removed." in page, f'value="internal:{rob.uuid}"' in page) == (True, True)


@pytest.mark.parametrize("given", ["external:{sam}", "internal:nonsense", "other:{sam}", "{sam}"])
def test_who_is_no_such_sponsor_is_not_removed(client, ada, sam, draft, given):
    name_sponsors(ada, draft, internal=[sam])
    client.post(at(draft, "sponsors"), {"remove": given.format(sam=sam.uuid)})
    assert Draft.objects.get().answers["sponsors"] == {"internal": [str(sam.uuid)]}


def test_a_row_is_removed_and_the_step_stays(client, ada, draft):
    choose(ada, draft, "contoso.example", "contoso.test")
    response = client.post(at(draft, "directories"), {"remove": "contoso.example"})
    assert (response.status_code, response.url) == (303, at(draft, "directories"))
    assert [s["typed_name"] for s in Draft.objects.get().answers["directories"]["sources"]] == [
        "contoso.test"
    ]


# review and create


def test_an_empty_draft_has_its_problems_listed_with_links_to_their_steps(client, draft):
    response = client.get(at(draft, "review"))
    assert [(p["text"], p["url"]) for p in response.context["problems"]] == [
        ("Enter a name", at(draft, "basics")),
        ("Add at least one directory or domain", at(draft, "directories")),
    ]


def test_create_makes_the_organization_with_one_audit_event(client, ada, draft):
    filled(client, ada, draft)
    response = create(client, draft)
    made = Organization.objects.get()
    assert (response.status_code, response.url) == (303, f"/connected-organizations/{made.uuid}/")
    assert (made.name, made.state, list(made.claims.values_list("name", flat=True))) == (
        "Contoso",
        "configured",
        ["contoso.example"],
    )
    assert [event.activity for event in AuditEvent.objects.filter(result="done")] == [
        "Create connected organization"
    ]


def test_what_prevents_create_is_told_on_review_at_once_with_every_answer_kept(client, draft):
    client.post(at(draft, "basics"), {"name": "", "description": "Contract 7", "state": "nonsense"})
    response = client.post(at(draft, "review"), {"seen": seen(client, draft)})
    assert (
        response.status_code,
        [(p["text"], p["where"]) for p in response.context["problems"]],
    ) == (
        422,
        [
            ("Enter a name", "Basics"),
            ("Choose Configured or Proposed", "Basics"),
            ("Add at least one directory or domain", "Directory + domain"),
        ],
    )
    assert Draft.objects.get().answers["basics"]["description"] == "Contract 7"


def test_a_create_that_a_form_refuses_is_on_record(client, draft):
    client.post(at(draft, "review"), {"seen": seen(client, draft)})
    event = AuditEvent.objects.get()
    assert (event.activity, event.result, event.reason, event.target) == (
        "Create connected organization",
        "refused",
        "name_missing: Enter a name",
        "nothing entered",
    )


def test_create_takes_the_proposed_state_though_nobody_saw_basics(client, ada, draft):
    choose(ada, draft, "contoso.example")
    drafts.save_answers(
        author=ada, uuid=draft, step="basics", given={"name": "C"}, is_valid=None, at=make.NOON
    )
    assert create(client, draft).status_code == 303
    assert Organization.objects.get().state == "configured"


@pytest.mark.parametrize("given", ["x" * 65, "\0"])
def test_a_confirmation_that_cannot_be_one_creates_nothing(client, ada, draft, given):
    filled(client, ada, draft)
    response = client.post(at(draft, "review"), {"seen": given})
    assert (response.status_code, response.context["is_unconfirmed"]) == (409, True)
    assert Organization.objects.count() == 0


def test_the_confirmation_is_a_field_of_the_form(client, ada, draft):
    filled(client, ada, draft)
    page = client.get(at(draft, "review"))
    shown = page.context["shown"].seen
    assert (page.context["form"]["seen"].value(), bool(shown)) == (shown, True)


def test_a_second_create_answers_the_same_organization(client, ada, draft):
    filled(client, ada, draft)
    shown = seen(client, draft)
    first, second = (client.post(at(draft, "review"), {"seen": shown}) for _ in range(2))
    assert (first.url, first.status_code) == (second.url, second.status_code)
    assert Organization.objects.count() == 1


def test_a_created_draft_leads_to_its_organization(client, ada, draft):
    filled(client, ada, draft)
    made = create(client, draft).url
    assert client.get(at(draft, "basics")).url == made


def test_a_guest_inviter_sees_that_it_will_be_proposed_and_it_is(signed_in, gil, draft):
    client = signed_in(gil)
    filled(client, gil, draft, state="configured")
    assert client.get(at(draft, "review")).context["review"].state == "proposed"
    create(client, draft)
    assert Organization.objects.get().state == "proposed"


def test_whoever_loses_a_domain_sees_who_took_it_and_keeps_every_answer(client, ada, draft):
    filled(client, ada, draft)
    shown = seen(client, draft)
    winner = make.organization("Winner", "contoso.example")
    response = client.post(at(draft, "review"), {"seen": shown})
    page = response.content.decode()
    assert response.status_code in (409, 422)
    assert [problem["url"] for problem in response.context["problems"]] == [
        at(draft, "directories")
    ]
    assert "Winner" in told(response)[0]
    assert f"/connected-organizations/{winner.uuid}/" in page
    assert (Draft.objects.get().created_id, Draft.objects.get().answers["basics"]["name"]) == (
        None,
        "Contoso",
    )


def test_a_name_taken_meanwhile_is_told_at_its_step(client, ada, draft):
    filled(client, ada, draft)
    shown = seen(client, draft)
    make.organization("CONTOSO", "other.example")
    response = client.post(at(draft, "review"), {"seen": shown})
    assert [problem["url"] for problem in response.context["problems"]] == [at(draft, "basics")]


def test_people_who_came_meanwhile_are_shown_before_anything_is_created(client, ada, draft):
    filled(client, ada, draft)
    shown = seen(client, draft)
    make.guest("lea@contoso.example")
    response = client.post(at(draft, "review"), {"seen": shown})
    assert response.status_code == 409
    assert "This changed while you were reviewing" in response.content.decode()
    assert Organization.objects.count() == 0


@pytest.mark.parametrize(
    "basics", [{"name": "Other"}, {"description": "Another contract"}, {"state": "proposed"}]
)
def test_a_draft_changed_in_another_tab_is_shown_before_anything_is_created(
    client, ada, draft, basics
):
    filled(client, ada, draft)
    shown = seen(client, draft)
    client.post(
        at(draft, "basics"), {"name": "Contoso", "description": "", "state": "configured", **basics}
    )
    assert client.post(at(draft, "review"), {"seen": shown}).status_code == 409
    assert Organization.objects.count() == 0


def shown_on_review(client, draft: UUID) -> dict:
    """What Review posts."""
    page = client.get(at(draft, "review")).content.decode()
    return dict(re.findall(r'name="(seen|shown_\w+)" value="([^"]*)"', page))


def change_basics(client, ada, draft):
    client.post(at(draft, "basics"), {"name": "Other", "state": "configured"})


def change_directories(client, ada, draft):
    choose(ada, draft, "contoso.test")


def change_sponsors(client, ada, draft):
    name_sponsors(ada, draft, internal=[ada])


def change_grants(client, ada, draft):
    make.policy(make.package(), scope="all_configured")


def change_people(client, ada, draft):
    make.guest("lea@contoso.example")


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (change_basics, {"basics": "Basics", "impact": "Impact"}),
        (change_directories, {"directories": "Directory + domain", "impact": "Impact"}),
        (change_sponsors, {"sponsors": "Sponsors"}),
        (change_grants, {"grants": "What this will grant", "impact": "Impact"}),
        (change_people, {"impact": "Impact"}),
    ],
)
def test_what_changed_while_reviewing_is_named_and_marked(client, ada, draft, change, changed):
    filled(client, ada, draft)
    shown = shown_on_review(client, draft)
    change(client, ada, draft)
    response = client.post(at(draft, "review"), shown)
    page = page_of(response)
    assert (response.status_code, response.context["changed"]) == (409, changed)
    assert re.findall(r'<a href="#part-(\w+)">([^<]*)</a>', page) == list(changed.items())
    assert [f'id="part-{part}"' in page for part in changed] == [True] * len(changed)
    assert page.count("Changed</span>") == len(changed)
    assert client.post(at(draft, "review"), shown_on_review(client, draft)).status_code == 303


def test_two_changes_are_both_marked(client, ada, draft):
    filled(client, ada, draft)
    shown = shown_on_review(client, draft)
    for change in (change_basics, change_grants):
        change(client, ada, draft)
    response = client.post(at(draft, "review"), shown)
    assert list(response.context["changed"]) == ["basics", "grants", "impact"]


def test_where_nothing_can_be_marked_nothing_is_said_to_be_marked(client, ada, draft):
    filled(client, ada, draft)
    page = page_of(client.post(at(draft, "review"), {"seen": "stale"}))
    assert ("marked" in page, "Check everything on this page, then select Create." in page) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("packages", "text"),
    [
        (0, "Contoso created.</p>"),
        (1, "Contoso created. 1 access package includes this organization."),
        (2, "Contoso created. 2 access packages include this organization."),
    ],
)
def test_after_create_it_says_which_access_packages_include_it(client, ada, draft, packages, text):
    for number in range(packages):
        make.policy(make.package(f"Drawings {number}"), scope="all_configured")
    filled(client, ada, draft)
    assert text in page_of(client.get(create(client, draft).url))


def test_create_without_having_seen_review_creates_nothing(client, ada, draft):
    filled(client, ada, draft)
    assert client.post(at(draft, "review")).status_code == 409
    assert Organization.objects.count() == 0


def test_a_sponsor_blocked_meanwhile_is_told(client, ada, sam, draft):
    filled(client, ada, draft)
    drafts.save_answers(
        author=ada,
        uuid=draft,
        step="sponsors",
        given={"internal": [str(sam.uuid)]},
        is_valid=True,
        at=make.NOON,
    )
    shown = seen(client, draft)
    people.block(person=sam, by=make.actor(ada), at=make.NOON)
    response = client.post(at(draft, "review"), {"seen": shown})
    assert [problem["url"] for problem in response.context["problems"]] == [at(draft, "sponsors")]
    assert Organization.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("lea@contoso.example", "Belongs to this organization through contoso.example."),
        ("lea@a.b.contoso.example", "Belongs to this organization through contoso.example."),
        ("lea@evilcontoso.example", "Does not belong to this organization."),
        ("bob@fabrikam.example", "Does not belong to this organization."),
        ("nonsense", "This is not an email address."),
    ],
)
def test_an_address_is_tried_on_the_draft(client, ada, fabrikam, draft, address, title):
    filled(client, ada, draft)
    assert client.get(at(draft, "review"), {"address": address}).context["trial"].title == title


def test_review_costs_the_same_whatever_was_chosen(client, ada, draft):
    costs = []
    for number in (2, 8):
        filled(client, ada, draft, *(f"contoso{n}.example" for n in range(number)))
        with CaptureQueriesContext(connection) as statements:
            client.get(at(draft, "review"))
        costs.append(len(statements))
    assert costs[0] == costs[1]

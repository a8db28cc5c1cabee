"""The wizard: every step at any time, every answer kept, and Create that does just what Review showed."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions import drafts, people
from governance.models import AuditEvent, Draft, Organization
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
SESSION_AND_USER = 3  # the session, the person, the roles
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


def test_the_first_page_names_a_fresh_draft_each_time(client):
    actions = [client.get("/connected-organizations/add/").context["draft"].uuid for _ in range(2)]
    assert actions[0] != actions[1]


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
    client.post(at(draft, "basics"), {"name": "", "state": "configured"})
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
    client.post(at(draft, "directories"), {"subdomains": ["contoso.test"]})
    assert [
        s["covers_subdomains"] for s in Draft.objects.get().answers["directories"]["sources"]
    ] == [False, True]


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
        ("lea@contoso.example", "Would match contoso.example."),
        ("lea@a.b.contoso.example", "Would match contoso.example."),
        ("lea@evilcontoso.example", "Would not match."),
        ("bob@fabrikam.example", "Would not match."),
        ("nonsense", "This is no address."),
    ],
)
def test_an_address_is_tried_on_the_draft(client, ada, fabrikam, draft, address, title):
    filled(client, ada, draft)
    assert client.get(at(draft, "review"), {"address": address}).context["trial"].title == title


@pytest.mark.parametrize("step", STEPS[:3])
def test_a_step_costs_five_statements_at_most(client, ada, draft, step):
    filled(client, ada, draft, "contoso.example", "contoso.test")
    with CaptureQueriesContext(connection) as statements:
        client.get(at(draft, step))
    assert len(statements) - SESSION_AND_USER <= 5, [s["sql"][:90] for s in statements]


def test_review_costs_the_same_whatever_was_chosen(client, ada, draft):
    costs = []
    for number in (2, 8):
        filled(client, ada, draft, *(f"contoso{n}.example" for n in range(number)))
        with CaptureQueriesContext(connection) as statements:
            client.get(at(draft, "review"))
        costs.append(len(statements))
    assert costs[0] == costs[1]

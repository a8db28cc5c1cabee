"""The allow and deny list in the browser: pasted, previewed line by line, shown before it is saved,
and never overwritten.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import AuditEvent, ListDefault, ListRule, OwnName
from governance.queries.domain_list import read_paste
from tests import make

from .reading import page_of

pytestmark = pytest.mark.django_db
LIST, ADD, DEFAULT, OWN = (
    "/allow-deny-list/",
    "/allow-deny-list/add/",
    "/allow-deny-list/default/",
    "/allow-deny-list/own-names/",
)


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def given(names: str, **more) -> dict:
    return {
        "names": names,
        "effect": "block",
        "breadth": "with_subdomains",
        "reason": "",
        "ends_on": "",
    } | more


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(response)).split())


def shown_then_saved(client, path: str, values: dict):
    """Look at what it does, then save just that."""
    seen = client.post(path, values).context["shown"].seen
    return client.post(path, values | {"save": "1", "seen": seen})


@pytest.fixture
def badge(db):
    """A package that anyone outside can request, so that the list has an impact."""
    package = make.package("Badge")
    make.policy(package, "any_outside")
    return package


def people_who(what: str, response) -> list[tuple[str, str]]:
    """The people who gain or lose a package, by name and address."""
    return [
        (each.name, each.email)
        for each in response.context["shown"].impact.people
        if getattr(each.difference, what)
    ]


def organizations_that(what: str, response) -> set[str]:
    """The organizations at whose domains anyone gains or loses a package."""
    return {
        each.organization
        for each in response.context["shown"].impact.domains
        if getattr(each.difference, what)
    }


def rules() -> list[tuple[str, str, str]]:
    return list(
        ListRule.objects.order_by("name", "breadth").values_list("name", "breadth", "effect")
    )


# Adding


def test_a_paste_is_read_line_by_line_and_shown_before_anything_is_saved(client, badge):
    make.organization("Norr Components", "norr.example")
    response = client.post(ADD, given("Norr.Example\n\n *.bücher.example \nexample"))
    assert [(line.name, line.verdict) for line in response.context["paste"].lines] == [
        ("norr.example", "new"),
        ("xn--bcher-kva.example", "new"),
        ("example", "new"),
    ]
    assert organizations_that("loses", response) == {"Norr Components", ""}
    assert "norr.example and its subdomains" in page_of(response)
    assert "can no longer request Badge." in page_of(response)
    assert ListRule.objects.count() == 0


def test_what_was_shown_is_saved_with_one_event(client):
    response = shown_then_saved(
        client,
        ADD,
        given("norr.example\nlabs.example", reason="Under review", ends_on="2027-01-31"),
    )
    assert (response.status_code, response.url) == (303, LIST)
    assert list(ListRule.objects.values_list("name", "reason", "ends_on")) == [
        ("norr.example", "Under review", date(2027, 1, 31)),
        ("labs.example", "Under review", date(2027, 1, 31)),
    ]
    assert [event.activity for event in AuditEvent.objects.all()] == [
        "Add allow and deny list rules"
    ]


ASKED = "Nothing is saved yet. Review the impact below, then save again."
STALE = "The impact changed while you were reviewing. Nothing was saved."


@pytest.mark.parametrize(
    ("seen", "status", "said"),
    [({}, 200, ASKED), ({"seen": ""}, 200, ASKED), ({"seen": "stale"}, 409, STALE)],
    ids=["none", "empty", "stale"],
)
def test_nothing_is_saved_that_was_not_seen(client, badge, seen, status, said):
    response = client.post(ADD, given("norr.example", save="1") | seen)
    assert (response.status_code, said in text_of(response), rules()) == (status, True, [])


def test_what_changed_between_showing_and_saving_is_shown_again(client, badge):
    seen = client.post(ADD, given("norr.example")).context["shown"].seen
    make.guest("lea@norr.example", name="Lea Norr")
    response = client.post(ADD, given("norr.example", save="1", seen=seen))
    assert (response.status_code, people_who("loses", response), rules()) == (
        409,
        [("Lea Norr", "lea@norr.example")],
        [],
    )
    assert "Lea Norr can no longer request Badge." in page_of(response)


# A paste, line by line


def lines(response) -> list[tuple[str, str]]:
    return [(line.typed, line.verdict) for line in response.context["paste"].lines]


def understood(response) -> list[str]:
    return [f"{line.name}, {line.covers}" for line in response.context["paste"].lines]


def box(response) -> str:
    return response.context["form"]["names"].value()


def test_the_breadth_in_the_form_is_for_plain_domains_and_a_wildcard_includes_subdomains(client):
    response = client.post(
        ADD,
        given("norr.example\n*.labs.example\n@mail.example\nhttps://x.example/a", breadth="alone"),
    )
    assert understood(response) == [
        "norr.example, this domain only",
        "labs.example, including subdomains",
        "mail.example, including subdomains",
        "x.example, this domain only",
    ]
    page = " ".join(page_of(response).split())
    assert "labs.example, including subdomains" in page
    assert "x.example, this domain only" in page


def test_what_is_saved_is_what_was_understood(client):
    shown_then_saved(client, ADD, given("norr.example, *.labs.example", breadth="alone"))
    assert rules() == [
        ("labs.example", "with_subdomains", "block"),
        ("norr.example", "alone", "block"),
    ]


def test_a_rule_that_is_there_already_is_no_problem_and_is_not_written_again(client):
    make.list_rule("norr.example")
    response = client.post(ADD, given("NORR.example\nlabs.example"))
    assert (response.status_code, lines(response)) == (
        200,
        [("NORR.example", "known"), ("labs.example", "new")],
    )
    assert response.context["paste"].sentence == "1 new, 1 already there."
    saved = shown_then_saved(client, ADD, given("NORR.example\nlabs.example"))
    assert (saved.status_code, len(rules())) == (303, 2)
    assert "1 rule added. 1 was already there." in page_of(client.get(saved.url))


def test_a_rule_for_this_domain_only_is_another_than_the_one_with_subdomains(client):
    make.list_rule("norr.example")
    response = client.post(ADD, given("norr.example", breadth="alone"))
    assert lines(response) == [("norr.example", "new")]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            "norr.example",
            "This domain is already on the allow and deny list. There is nothing to save.",
        ),
        (
            "norr.example, *.labs.example, norr.example",
            "All 2 domains are already on the allow and deny list. There is nothing to save.",
        ),
    ],
)
@pytest.mark.parametrize("save", [{}, {"save": "1", "seen": ""}], ids=["shown", "saved"])
def test_where_all_is_there_already_nothing_can_be_saved(client, names, sentence, save):
    make.list_rule("norr.example")
    make.list_rule("labs.example")
    response = client.post(ADD, given(names, **save))
    page = page_of(response)
    assert (response.status_code, response.context["paste"].sentence) == (200, sentence)
    assert (sentence in page, 'name="save"' in page, len(rules())) == (True, False, 2)
    assert AuditEvent.objects.count() == 0


def test_a_rule_with_the_opposite_effect_is_named_with_a_link_and_never_overwritten(client):
    rule = make.list_rule("norr.example", "allow")
    typed = given("norr.example\nlabs.example")
    response = client.post(ADD, typed)
    said = (
        "norr.example already has a rule with the opposite effect: Allow."
        " Change that rule if it is wrong"
    )
    assert (response.status_code, response.context["form"].errors["names"]) == (422, [said])
    assert lines(response) == [("norr.example", "opposite"), ("labs.example", "new")]
    assert f'href="/allow-deny-list/{rule.uuid}/"' in page_of(response)
    saved = shown_then_saved(client, ADD, typed)
    assert (saved.status_code, box(saved)) == (200, "norr.example")
    assert rules() == [
        ("labs.example", "with_subdomains", "block"),
        ("norr.example", "with_subdomains", "allow"),
    ]


def test_a_rule_that_ended_is_said_to_have_ended_and_leads_to_its_end(client):
    rule = make.list_rule("norr.example", ends_on=date(2020, 1, 31))
    response = client.post(ADD, given("norr.example"))
    assert response.context["form"].errors["names"] == [
        "The rule for norr.example ended on 31 Jan 2020. Change its end date"
    ]
    assert f'href="/allow-deny-list/{rule.uuid}/"' in page_of(response)
    assert "1 already there but ended. There is nothing to save." in page_of(response)


def test_the_end_of_a_rule_that_is_there_is_said(client):
    make.list_rule("norr.example", ends_on=date(2999, 1, 31))
    assert "Ends on 31 Jan 2999" in page_of(client.post(ADD, given("norr.example")))


@pytest.mark.parametrize("again", ["norr.example", "NORR.example.", "*.norr.example"])
def test_a_domain_that_is_listed_twice_is_saved_once(client, again):
    typed = given(f"norr.example\n{again}")
    assert lines(client.post(ADD, typed)) == [("norr.example", "new"), (again, "twice")]
    assert shown_then_saved(client, ADD, typed).status_code == 303
    assert len(rules()) == 1


def test_good_lines_are_saved_and_the_others_stay_in_the_box_as_they_were_typed(client):
    typed = given(
        'norr.example\n  "No  name", labs.example # why\ncom\nbob@gmail.com\nnorr.example',
        breadth="alone",
        reason="Under review",
    )
    shown = client.post(ADD, typed)
    assert (shown.status_code, box(shown)) == (422, typed["names"])
    assert shown.context["paste"].sentence == ("2 new, 1 listed twice, 2 refused, 1 not valid.")
    saved = shown_then_saved(client, ADD, typed)
    page = page_of(saved)
    assert (saved.status_code, box(saved)) == (200, '"No  name"\ncom\nbob@gmail.com')
    assert rules() == [("labs.example", "alone", "block"), ("norr.example", "alone", "block")]
    assert "2 rules added. 3 were not saved. See why below." in page
    assert ("A domain cannot contain spaces" in page, "Under review" in page) == (True, True)
    assert 'name="save"' not in page


def test_what_stays_in_the_box_is_not_understood_otherwise_the_next_time(client):
    shown_then_saved(client, ADD, given("norr.example, block"))
    left = box(shown_then_saved(client, ADD, given("norr.example, block\nlabs.example")))
    assert left == "norr.example, block"
    assert lines(client.post(ADD, given(left))) == [
        ("norr.example", "known"),
        ("block", "unreadable"),
    ]


def test_two_new_among_998_known_are_added_by_few_statements(client):
    known = [f"known{number}.example" for number in range(998)]
    for name in known:
        make.list_rule(name)
    typed = given("\n".join([*known, "new1.example", "new2.example"]))
    with CaptureQueriesContext(connection) as asked:
        shown = client.post(ADD, typed)
    assert shown.context["paste"].sentence == "2 new, 998 already there."
    assert len(asked) <= 25
    with CaptureQueriesContext(connection) as asked:
        saved = client.post(ADD, typed | {"save": "1", "seen": shown.context["shown"].seen})
    assert (saved.status_code, ListRule.objects.count(), len(asked) <= 40) == (303, 1000, True)
    assert "2 rules added. 998 were already there." in page_of(client.get(LIST))


def test_reading_a_thousand_lines_asks_the_database_once(client):
    typed = {
        "names": "\n".join(f"n{number}.example" for number in range(1000)),
        "breadth": "alone",
        "effect": "block",
    }
    with CaptureQueriesContext(connection) as asked:
        paste = read_paste(typed, [], make.NOON)
    assert (len(asked), len(paste.new)) == (1, 1000)


def test_of_each_kind_the_first_fifty_are_shown_and_the_rest_counted(client):
    bad = "\n".join(f"bad name {number}" for number in range(60))
    good = "\n".join(f"good{number}.example" for number in range(51))
    response = client.post(ADD, given(f"{good}\n{bad}"))
    page = page_of(response)
    assert ("And 10 more not valid" in page, "And 1 more new" in page) == (True, True)
    assert [len(kind.lines) for kind in response.context["paste"].kinds] == [50, 50]
    errors = response.context["form"].errors["names"]
    assert (len(errors), errors[-1]) == (6, "And 55 more, listed below")


def test_titles_and_comments_that_were_left_out_are_said(client):
    page = page_of(client.post(ADD, given("Domain;Reason\nnorr.example;x\n# no\n// no")))
    assert "Read as column titles: Domain;Reason" in page
    assert "Columns read: Domain" in page
    assert "Comment lines ignored: 2" in page


@pytest.mark.parametrize(
    "names",
    ["a." * 450_000, "a.example\n" * 90_000, "x, " * 300_000],
    ids=["one", "lines", "cells"],
)
def test_a_paste_of_nearly_a_million_characters_is_answered_and_kept(client, names):
    response = client.post(ADD, given(names))
    assert (response.status_code, rules()) == (422, [])
    assert box(response) == names
    assert len(" ".join(response.context["form"].errors["names"])) < 500


def test_exceptions_beneath_are_shown_where_subdomains_are_meant(client):
    make.list_rule("labs.norr.example", "allow")
    asked = {
        breadth: client.post(ADD, given("norr.example", breadth=breadth)).context["exceptions"]
        for breadth in ("with_subdomains", "alone")
    }
    assert {breadth: [rule.name for rule in found] for breadth, found in asked.items()} == {
        "with_subdomains": ["labs.norr.example"],
        "alone": [],
    }


def test_other_names_of_the_same_directory_are_ticked_and_saved_with_it(client):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )
    make.by_directory("Pumpworks", directory, "pumpworks.example")
    assert client.post(ADD, given("pumpworks.example")).context["same_directory"] == [
        "pumpworks.directory.example",
        "pw.example",
    ]
    ticked = given("pumpworks.example", also=["pw.example"])
    assert re.search(
        r'value="pw.example"\s+id="also2"\s+checked', page_of(client.post(ADD, ticked))
    )
    shown_then_saved(client, ADD, ticked)
    assert [name for name, *_rest in rules()] == ["pumpworks.example", "pw.example"]


def test_an_exception_asks_for_no_other_names_of_the_directory(client):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example"
    )
    make.by_directory("Pumpworks", directory, "pumpworks.example")
    assert (
        client.post(ADD, given("pumpworks.example", effect="allow")).context["same_directory"] == []
    )


def test_a_name_from_a_link_is_there_to_begin_with(client):
    assert (
        client.get(ADD, {"names": "norr.example"}).context["form"]["names"].value()
        == "norr.example"
    )


# One rule


@pytest.fixture
def rule(db):
    return make.list_rule("norr.example")


def of(rule, *parts: str) -> str:
    return "/".join([f"{LIST}{rule.uuid}", *parts, ""])


def changed(**more) -> dict:
    return {"effect": "allow", "reason": "Cleared", "ends_on": "", "version": 1} | more


def test_a_rule_is_changed_after_it_was_shown_what_that_does(client, badge, rule):
    make.organization("Norr Components", "norr.example")
    shown = client.post(of(rule), changed())
    assert organizations_that("gains", shown) == {"Norr Components"}
    assert "can request Badge with approval." in page_of(shown)
    assert rules()[0][2] == "block"
    assert shown_then_saved(client, of(rule), changed()).status_code == 303
    assert rules()[0][2] == "allow"


@pytest.mark.parametrize(
    ("effect", "exceptions", "others"),
    [
        ("block", ["labs.pumpworks.example"], ["pumpworks.directory.example", "pw.example"]),
        ("allow", [], []),
    ],
)
def test_a_rule_that_turns_to_block_shows_exceptions_beneath_and_other_names_of_the_directory(
    client, effect, exceptions, others
):
    directory = make.known_directory(
        "Pumpworks AG", "pumpworks.directory.example", "pumpworks.example", "pw.example"
    )
    make.by_directory("Pumpworks", directory, "pumpworks.example")
    make.list_rule("labs.pumpworks.example", "allow")
    response = client.post(of(make.list_rule("pumpworks.example", "allow")), changed(effect=effect))
    assert [rule.name for rule in response.context["exceptions"]] == exceptions
    assert list(response.context["same_directory"]) == others
    assert [
        name for name in ("labs.pumpworks.example", "pw.example") if name in page_of(response)
    ] == [*exceptions, *others[1:]]


def test_of_two_who_change_a_rule_the_second_sees_what_it_is_and_keeps_what_was_typed(
    client, signed_in, rule
):
    zoe = make.member("zoe@harbourgate.example", "Global administrator")
    shown_then_saved(signed_in(zoe), of(rule), changed(effect="block", reason="Theirs"))
    response = shown_then_saved(client, of(rule), changed(effect="block", reason="Mine"))
    page = page_of(response)
    assert (
        response.status_code,
        "It is now: Block norr.example including subdomains: Theirs" in page,
        "Mine" in page,
    ) == (409, True, True)
    assert ListRule.objects.get().reason == "Theirs"
    shown_then_saved(
        client,
        of(rule),
        changed(effect="block", reason="Mine", version=response.context["version"]),
    )
    assert ListRule.objects.get().reason == "Mine"


def test_a_day_that_is_over_is_said_at_its_field(client, rule):
    response = client.post(of(rule), changed(ends_on="2020-01-01"))
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"ends_on": ["Enter today or a later day"]},
    )


def test_a_rule_is_removed_after_it_was_shown_what_that_does(client, badge, rule):
    seen = client.get(of(rule, "remove")).context["shown"].seen
    assert client.post(of(rule, "remove"), {"version": 1}).status_code == 200
    stale = client.post(of(rule, "remove"), {"version": 1, "seen": "stale"})
    assert (stale.status_code, len(rules())) == (409, 1)
    assert client.post(of(rule, "remove"), {"seen": seen, "version": 1}).status_code == 303
    assert rules() == []


def test_a_rule_that_was_changed_meanwhile_is_not_removed_by_a_stale_page(client, rule):
    seen = client.get(of(rule, "remove")).context["shown"].seen
    shown_then_saved(client, of(rule), changed(effect="block"))
    response = client.post(of(rule, "remove"), {"seen": seen, "version": 1})
    assert (
        response.status_code,
        "It is now: Block norr.example" in page_of(response),
        len(rules()),
    ) == (409, True, 1)


def test_a_rule_that_was_removed_is_not_there(client, rule):
    ListRule.objects.all().delete()
    assert [client.get(of(rule)).status_code, client.post(of(rule, "remove")).status_code] == [
        404,
        404,
    ]


# The default


def test_the_default_is_changed_after_it_was_shown_what_that_does_and_rules_stay(
    client, badge, rule
):
    make.organization("Contoso", "contoso.example")
    shown = client.post(DEFAULT, {"effect": "block"})
    assert organizations_that("loses", shown) == {"Contoso"}
    assert "contoso.example and its subdomains can no longer request Badge." in page_of(shown)
    assert ListDefault.objects.count() == 0
    assert shown_then_saved(client, DEFAULT, {"effect": "block"}).status_code == 303
    assert (ListDefault.objects.get().effect, rules()) == (
        "block",
        [("norr.example", "with_subdomains", "block")],
    )


def test_the_default_asks_for_the_password_again(signed_in, ada):
    ada.set_password(make.PASSWORD)
    ada.save()
    asked = signed_in(ada).post(DEFAULT, {"effect": "block"})
    assert (asked.url.partition("?")[0], ListDefault.objects.count()) == (
        "/accounts/reauthenticate/",
        0,
    )


def test_a_default_that_does_not_exist_is_refused(client):
    assert "effect" in client.post(DEFAULT, {"effect": "nonsense"}).context["form"].errors


# Reading


def rows(client, **asked):
    return {row.rule.name: row for row in client.get(LIST, asked).context["rows"]}


def test_what_a_rule_does_now_names_the_organizations_of_which_it_decides_a_name(client):
    for name, *domains in (
        ("Norr Components", "norr.example"),
        ("Norr Labs", "labs.norr.example"),
        ("Other", "norrx.example", "norr-x.example"),
    ):
        make.organization(name, *domains)
    make.list_rule("norr.example")
    make.list_rule("labs.norr.example", "allow")
    found = rows(client)
    assert found["norr.example"].organizations == ("Norr Components",)
    assert found["labs.norr.example"].organizations == ("Norr Labs",)


def test_an_ended_rule_and_one_about_nobody_do_nothing_now(client):
    make.organization("Norr Components", "norr.example")
    make.list_rule("norr.example", ends_on=date(2020, 1, 1))
    make.list_rule("nobody.example")
    assert [row.organizations for row in rows(client).values()] == [(), ()]


def test_very_many_names_beneath_one_rule_hide_nothing_of_another(client):
    make.organization("Many", *(f"n{number:03}.aaa.example" for number in range(220)))
    make.organization("Zeta", "zzz.example")
    make.list_rule("aaa.example")
    make.list_rule("zzz.example")
    found = rows(client)
    assert [(found[name].organizations, found[name].are_all) for name in found] == [
        (("Many",), False),
        (("Zeta",), True),
    ]


def test_rules_are_found_by_part_of_the_name_or_the_reason_and_by_effect(client, rule):
    ListRule.objects.filter(pk=rule.pk).update(reason="October incident")
    make.list_rule("contoso.example", "allow")
    assert [
        list(rows(client, **asked))
        for asked in ({"q": "NORR"}, {"q": "incident"}, {"effect": "allow"}, {"q": "x.y"})
    ] == [
        ["norr.example"],
        ["norr.example"],
        ["contoso.example"],
        [],
    ]


def test_the_list_costs_the_same_whatever_stands_on_it(client):
    costs = []
    for number in range(2):
        for each in range(5 + 15 * number):
            make.list_rule(f"n{number}-{each}.example")
        make.organization(f"O{number}", f"n{number}-1.example")
        with CaptureQueriesContext(connection) as statements:
            client.get(LIST)
        costs.append(len(statements))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("who", ["uma", "rob", "gil"])
def test_only_a_global_administrator_finds_the_way_to_change_the_list(
    who, request, signed_in, rule
):
    client = signed_in(request.getfixturevalue(who))
    answers = [
        client.post(path, values).status_code
        for path, values in (
            (ADD, given("x.example")),
            (of(rule), changed()),
            (OWN + "add/", {"name": "x.example"}),
        )
    ]
    assert (answers, rules(), OwnName.objects.count()) == (
        [403, 403, 403],
        [("norr.example", "with_subdomains", "block")],
        0,
    )
    assert AuditEvent.objects.filter(result="refused").count() == 3


def test_a_user_administrator_reads_the_list_without_buttons(signed_in, uma, rule):
    page = page_of(signed_in(uma).get(LIST))
    assert ("norr.example" in page, ADD in page, of(rule) in page) == (True, False, False)


# Own names


def test_an_own_name_is_added_and_removed(client):
    assert client.post(OWN + "add/", {"name": "Ours.Example"}).url == OWN
    row = OwnName.objects.get()
    assert (row.name, row.added_by) == ("ours.example", "Ada Okafor")
    assert client.post(f"{OWN}{row.pk}/remove/").url == OWN
    assert client.post(f"{OWN}{row.pk}/remove/").status_code == 404
    assert OwnName.objects.count() == 0


@pytest.mark.usefixtures("badge")
class TestOwnNamesWithGuestsBeneath:
    ZOE, ANN = ("Zoe Ito", "zoe@labs.ours.example"), ("Ann Lee", "ann@ours.example")

    @pytest.fixture
    def zoe(self, db):
        return make.guest("zoe@labs.ours.example", name="Zoe Ito")

    @staticmethod
    def add(client, **seen):
        return client.post(OWN + "add/", {"name": "Ours.Example"} | seen)

    def test_whom_one_shuts_out_is_shown_before_it_is_added(self, client, zoe):
        response = self.add(client)
        assert (response.status_code, people_who("loses", response), OwnName.objects.count()) == (
            200,
            [self.ZOE],
            0,
        )
        assert "Zoe Ito can no longer request Badge." in page_of(response)
        assert "zoe@labs.ours.example" in page_of(response)

    def test_it_is_added_once_that_was_seen(self, client, zoe):
        seen = self.add(client).context["shown"].seen
        assert self.add(client, seen=seen).status_code == 303
        assert OwnName.objects.count() == 1

    def test_whoever_came_meanwhile_is_shown_first(self, client, zoe):
        seen = self.add(client).context["shown"].seen
        make.guest("ann@ours.example", name="Ann Lee")
        response = self.add(client, seen=seen)
        assert (
            response.status_code,
            set(people_who("loses", response)),
            OwnName.objects.count(),
        ) == (409, {self.ANN, self.ZOE}, 0)

    def test_ten_are_named_and_the_others_counted(self, client):
        for number in range(12):
            make.guest(f"g{number}@ours.example")
        line = next(line for line in self.add(client).context["shown"].impact.lines if line.names)
        assert (line.text, len(line.names), line.names[-1]) == (
            "12 people can no longer request Badge.",
            11,
            "and 2 more",
        )

    def test_whom_it_lets_ask_again_is_shown_before_it_is_removed(self, client, zoe):
        own = make.own_name("ours.example")
        response = client.post(f"{OWN}{own.pk}/remove/")
        assert (people_who("gains", response), OwnName.objects.count()) == ([self.ZOE], 1)
        given = {"seen": response.context["shown"].seen}
        assert client.post(f"{OWN}{own.pk}/remove/", given).status_code == 303
        assert OwnName.objects.count() == 0

    def test_guests_who_were_removed_are_neither_counted_nor_named(self, client, zoe):
        make.guest("ann@ours.example", name="Ann Lee", state="removed")
        response = self.add(client)
        assert people_who("loses", response) == [self.ZOE]
        assert "Ann Lee" not in page_of(response)

    def test_removing_a_name_beneath_another_of_our_own_lets_nobody_ask(self, client, zoe):
        make.own_name("ours.example")
        beneath = make.own_name("labs.ours.example")
        assert client.post(f"{OWN}{beneath.pk}/remove/").status_code == 303

    def test_removing_a_name_leaves_those_beneath_another_of_our_own_shut_out(self, client, zoe):
        wide = make.own_name("ours.example")
        make.own_name("labs.ours.example")
        make.guest("ann@ours.example", name="Ann Lee")
        response = client.post(f"{OWN}{wide.pk}/remove/")
        assert people_who("gains", response) == [self.ANN]

    def test_adding_a_name_above_another_of_our_own_shuts_out_the_others_alone(self, client, zoe):
        make.own_name("labs.ours.example")
        make.guest("ann@ours.example", name="Ann Lee")
        assert people_who("loses", self.add(client)) == [self.ANN]

    def test_a_saved_test_that_would_break_is_named_first(self, client):
        make.saved_test("new@ours.example", make.first_package())
        tests = self.add(client).context["shown"].impact.tests
        assert [test.name for test in tests] == ["new@ours.example"]
        assert OwnName.objects.count() == 0

    def test_a_name_that_cannot_be_ours_is_refused_before_anything_is_shown(self, client, bob):
        response = client.post(OWN + "add/", {"name": "fabrikam.example"})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


def test_a_name_that_an_organization_holds_is_said_and_kept(client, fabrikam):
    response = client.post(OWN + "add/", {"name": "FABRIKAM.example"})
    assert (
        response.status_code,
        "fabrikam.example belongs to Fabrikam. Remove it from there first" in page_of(response),
    ) == (422, True)
    assert response.context["form"]["name"].value() == "FABRIKAM.example"

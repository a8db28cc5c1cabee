"""List rules and own names on the admin site."""

from __future__ import annotations

from datetime import date

import pytest

from governance.models import AuditEvent, ListDefault, ListRule, OwnName
from tests import make

from .conftest import controls, problems


@pytest.fixture
def events():
    """Activities and results since the test began to look."""
    begun = AuditEvent.objects.count

    class Since:
        start = 0

        def begin(self):
            self.start = begun()

        def __call__(self):
            return list(AuditEvent.objects.order_by("pk").values_list("activity", "result"))[
                self.start :
            ]

    return Since()


@pytest.fixture
def badge(db):
    """A package that every configured organization can request without approval."""
    make.policy(make.package("Badge"), "all_configured", needs_approval=False)


def test_a_rule_is_added(desk, ada):
    answer = desk.add(
        ListRule,
        name=" Norr.Example. ",
        breadth="with_subdomains",
        effect="block",
        reason="Under review",
        ends_on="2027-01-31",
    )
    rule = ListRule.objects.get()
    assert (answer.status_code, rule.name, rule.reason, rule.ends_on, rule.added_by) == (
        302,
        "norr.example",
        "Under review",
        date(2027, 1, 31),
        str(ada),
    )
    assert AuditEvent.objects.get().activity == "Add allow and deny list rules"


def test_a_suffix_can_be_listed(desk):
    desk.add(ListRule, name="zip", breadth="with_subdomains", effect="block")
    assert ListRule.objects.get().name == "zip"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a domain"),
        ("norr.example", "There is already a rule for norr.example. Change that rule"),
        ("norr example", "A domain cannot contain spaces"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(desk, name, sentence):
    make.list_rule("norr.example")
    answer = desk.add(ListRule, name=name, breadth="with_subdomains", effect="block", reason="Kept")
    assert problems(answer) == {"name": [sentence]}
    assert controls(answer)["reason"] == "Kept"
    assert ListRule.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("com", "Nobody has an email address at com itself. Make the rule include subdomains"),
        (
            f"{'a.' * 123}sevenly",
            "A domain of 253 characters is too long for email addresses. Enter a shorter one",
        ),
        (
            "*.norr.example",
            "A wildcard includes subdomains. Enter only norr.example for this domain only",
        ),
        (
            "https://norr.example/",
            "“https://norr.example/” is not just a domain. Enter only the domain: norr.example",
        ),
        ("norr.example, labs.example", "Enter one domain at a time"),
    ],
    ids=["one label alone", "too long", "a wildcard alone", "a link", "several"],
)
def test_a_rule_for_one_domain_that_cannot_be_is_refused_at_its_field(desk, name, sentence):
    answer = desk.add(ListRule, name=name, breadth="alone", effect="block")
    assert (problems(answer), ListRule.objects.count()) == ({"name": [sentence]}, 0)


def test_a_wildcard_is_a_rule_that_includes_subdomains(desk):
    desk.add(ListRule, name="*.norr.example", breadth="with_subdomains", effect="block")
    assert ListRule.objects.values_list("name", "breadth").get() == (
        "norr.example",
        "with_subdomains",
    )


def test_a_rule_that_no_address_can_meet_is_not_changed(desk):
    rule = make.list_rule("com", breadth="alone")
    answer = desk.change(rule, reason="Still here")
    rule.refresh_from_db()
    assert (answer.status_code, rule.reason) == (200, "")
    assert "Nobody has an email address at com itself" in answer.content.decode()


def test_a_day_that_is_over_is_refused_at_its_field(desk):
    answer = desk.add(
        ListRule,
        name="norr.example",
        breadth="with_subdomains",
        effect="block",
        ends_on="2020-01-01",
    )
    assert (problems(answer), ListRule.objects.count()) == (
        {"ends_on": ["Enter today or a later day"]},
        0,
    )


def test_whom_a_new_rule_shuts_out_is_shown_first(desk, bob, events, badge):
    events.begin()
    asked = desk.add(ListRule, name="fabrikam.example", breadth="with_subdomains", effect="block")
    assert asked.context["notice"].lines == (
        "Bob Ferreira can no longer request Badge. (Bob Ferreira (bob@eng.fabrikam.example))",
        (
            "Anyone with an address at fabrikam.example"
            " and its subdomains can no longer request Badge."
        ),
    )
    assert (ListRule.objects.count(), events()) == (0, [])
    assert desk.again(asked).status_code == 302
    assert (ListRule.objects.count(), events()) == (1, [("Add allow and deny list rules", "done")])


def test_whom_a_changed_rule_lets_in_is_shown_first(desk, bob, badge):
    rule = make.list_rule("fabrikam.example")
    asked = desk.change(rule, effect="allow")
    assert asked.context["notice"].lines[0] == (
        "Bob Ferreira can request Badge without approval. (Bob Ferreira (bob@eng.fabrikam.example))"
    )
    rule.refresh_from_db()
    assert rule.effect == "block"
    assert desk.again(asked).status_code == 302
    rule.refresh_from_db()
    assert (rule.effect, rule.version) == ("allow", 2)


def test_the_first_ten_people_whom_a_rule_shuts_out_are_named(desk, badge):
    make.organization("Nowhere", "nowhere.example")
    for number in range(11):
        make.guest(f"g{number:02}@nowhere.example")
    told = desk.add(
        ListRule, name="nowhere.example", breadth="with_subdomains", effect="block"
    ).context["notice"]
    first = ", ".join(f"G{number:02} (g{number:02}@nowhere.example)" for number in range(10))
    assert told.lines[0] == f"11 people can no longer request Badge. ({first}, and 1 more)"


def test_the_name_of_a_rule_stays(desk):
    rule = make.list_rule("norr.example")
    desk.change(rule, name="other.example", breadth="alone", reason="New reason")
    rule.refresh_from_db()
    assert (rule.name, rule.breadth, rule.reason) == (
        "norr.example",
        "with_subdomains",
        "New reason",
    )


def test_a_rule_that_somebody_changed_meanwhile_is_not_overwritten_unseen(desk):
    rule = make.list_rule("norr.example")
    form = controls(desk.read(rule))
    desk.change(rule, reason="Theirs")
    clash = desk.client.post(
        f"/admin/governance/listrule/{rule.pk}/change/", {**form, "reason": "Mine"}
    )
    assert problems(clash)["reason"] == [
        "The saved value is now “Theirs”. Save again to replace it with yours."
    ]
    rule.refresh_from_db()
    assert rule.reason == "Theirs"


def test_deleting_a_rule_lists_whom_that_lets_in(desk, bob, events, badge):
    rule = make.list_rule("fabrikam.example")
    events.begin()
    assert (
        "Bob Ferreira can request Badge without approval."
        in desk.read(rule, "delete").content.decode()
    )
    desk.delete(rule)
    assert (ListRule.objects.count(), events()) == (
        0,
        [("Remove allow and deny list rule", "done")],
    )


def test_rules_deleted_together_are_shown_together(desk, bob, events):
    rules = [make.list_rule("fabrikam.example"), make.list_rule("eng.fabrikam.example")]
    events.begin()
    assert desk.delete_all(*rules).status_code == 302
    assert (ListRule.objects.count(), events()) == (
        0,
        [("Remove allow and deny list rule", "done")] * 2,
    )


def test_the_bulk_action_does_nothing_that_was_not_shown(desk, bob, events, badge):
    rule = make.list_rule("fabrikam.example")
    events.begin()
    desk.client.post(
        "/admin/governance/listrule/",
        {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"},
    )
    assert (ListRule.objects.count(), [result for _activity, result in events()]) == (
        1,
        ["refused"],
    )


def test_a_user_administrator_reads_rules_and_changes_none(desk_of, uma):
    rule, desk = make.list_rule("norr.example"), desk_of(uma)
    assert desk.read(rule).status_code == 200
    refused = desk.client.post(f"/admin/governance/listrule/{rule.pk}/change/", {"effect": "allow"})
    assert (refused.status_code, "Global administrator" in refused.content.decode()) == (403, True)
    event = AuditEvent.objects.get()
    assert (event.result, event.reason) == (
        "refused",
        "not_permitted: Only a Global administrator can do this.",
    )


def test_an_own_name_is_added_changed_and_removed(desk, events):
    events.begin()
    desk.add(OwnName, name="Ours.Example")
    own = OwnName.objects.get()
    desk.change(own, name="mine.example")
    assert list(OwnName.objects.values_list("name", "key")) == [("mine.example", "example.mine")]
    desk.delete(OwnName.objects.get())
    assert not OwnName.objects.exists()
    assert events() == [
        ("Add own name", "done"),
        ("Update own name", "done"),
        ("Remove own name", "done"),
    ]


def test_an_own_name_that_an_organization_holds_is_refused_at_its_field(desk, fabrikam, events):
    events.begin()
    answer = desk.add(OwnName, name="fabrikam.example")
    assert problems(answer) == {
        "name": ["fabrikam.example belongs to Fabrikam. Remove it from there first"]
    }
    assert (OwnName.objects.count(), events()) == (0, [("Add own name", "refused")])


def test_whom_an_own_name_shuts_out_is_shown_first(desk, bob):
    asked = desk.add(OwnName, name="eng.fabrikam.example")
    assert asked.context["notice"].lines[0] == (
        "Bob Ferreira no longer belongs to Fabrikam or any other organization."
        " (Bob Ferreira (bob@eng.fabrikam.example))"
    )
    assert not OwnName.objects.exists()
    assert desk.again(asked).status_code == 302


ANN = "(Ann Lee (ann@fabrikam.test))"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "fabrikam.test",
            "eng.fabrikam.test",
            f"Ann Lee can request Badge with approval. {ANN}",
        ),
        ("eng.fabrikam.test", "fabrikam.test", f"Ann Lee can no longer request Badge. {ANN}"),
    ],
    ids=["narrower", "wider"],
)
def test_whoever_lies_beneath_an_own_name_before_and_after_is_not_told_of(
    desk, before, after, told
):
    make.policy(make.package("Badge"), "any_outside")
    make.guest("ann@fabrikam.test", name="Ann Lee")
    make.guest("bob@eng.fabrikam.test", name="Bob Ferreira")
    lines = desk.change(make.own_name(before), name=after).context["notice"].lines
    assert (told in lines, any("Bob" in line for line in lines)) == (True, False)


def test_own_names_deleted_together_let_request_again_whom_either_shut_out(desk):
    make.policy(make.package("Badge"), "any_outside")
    make.guest("bob@eng.fabrikam.test", name="Bob Ferreira")
    names = [make.own_name("fabrikam.test"), make.own_name("eng.fabrikam.test")]
    asked = desk.client.post(
        "/admin/governance/ownname/",
        {"action": "delete_selected", "_selected_action": [own.pk for own in names]},
    )
    assert "Bob Ferreira can request Badge with approval." in asked.content.decode()
    assert desk.delete_all(*names).status_code == 302


def test_the_list_default_is_only_read_here(desk):
    default = make.list_default("block")
    assert desk.read(default).status_code == 200
    assert [
        desk.client.post(f"/admin/governance/listdefault/{page}", {"effect": "allow"}).status_code
        for page in ("add/", "1/change/", "1/delete/")
    ] == [403] * 3
    assert ListDefault.objects.get().effect == "block"

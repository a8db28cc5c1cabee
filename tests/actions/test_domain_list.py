"""Changing the allow and deny list, and our own names (product rules 5, 19 to 23)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.facts.domain_list.verdicts import verdicts
from governance.impact import domain_list as changes
from governance.impact import impact_of
from governance.models import AuditEvent, ListDefault, ListRule, OwnName
from governance.rules.decision import Refused
from governance.rules.domain_list import NewListRule
from governance.rules.roles import SYSTEM
from tests import make
from tests.confirmed import deletion, domain_list

pytestmark = pytest.mark.django_db
SOMEBODY = {"by": SYSTEM, "at": make.NOON}


def block(name="norr.example", **more) -> NewListRule:
    return NewListRule(name, **({"breadth": "with_subdomains", "effect": "block"} | more))


def add(*rules, **more) -> list[ListRule]:
    return domain_list.add_rules(rules=rules or (block(),), **(SOMEBODY | more))


def change(rule, **more) -> ListRule:
    return domain_list.change_rule(
        **(
            {"rule": rule, "effect": rule.effect, "reason": rule.reason, "ends_on": rule.ends_on}
            | SOMEBODY
            | more
        )
    )


def refused(action, *given, **more) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        action(*given, **more)
    return refusal.value.code, refusal.value.reasons[0].field


def is_blocked(name: str, at=make.NOON) -> bool:
    return verdicts([name], at)[name].is_blocked


def event() -> AuditEvent:
    return AuditEvent.objects.get()


# Rules


def test_a_rule_says_what_happens_to_its_name_why_since_when_and_by_whom(ada):
    (rule,) = add(block(reason="Under review"), by=make.actor(ada))
    assert (is_blocked("eu.norr.example"), rule.reason, rule.added_at, rule.added_by) == (
        True,
        "Under review",
        make.NOON,
        "Ada Okafor",
    )


@pytest.mark.parametrize("name", ["example", "co.uk", "gmail.com", "norr.example"])
def test_suffixes_and_public_mail_can_be_listed(name):
    add(block(name))
    assert is_blocked(f"someone.{name}")


def test_there_is_one_rule_for_a_name_and_a_breadth(db):
    add()
    assert refused(add, block(effect="allow")) == ("rule_exists", "names")
    assert ListRule.objects.count() == 1


def test_the_name_alone_and_with_subdomains_are_two_rules(db):
    add(block(), block(breadth="alone", effect="allow"))
    assert [is_blocked(name) for name in ("norr.example", "eu.norr.example")] == [False, True]


def test_all_of_several_rules_are_added_or_none(db):
    add()
    assert refused(add, block("other.example"), block())[0] == "rule_exists"
    assert list(ListRule.objects.values_list("name", flat=True)) == ["norr.example"]


def test_a_rule_cannot_stand_twice_in_one_go(db):
    assert refused(add, block(), block(effect="allow")) == ("rule_exists", "names")


@pytest.mark.parametrize(
    ("name", "breadth"),
    [
        ("com", "alone"),
        (f"{'a.' * 123}sevenly", "alone"),
        (f"{'a.' * 123}sevenly", "with_subdomains"),
    ],
    ids=["one label alone", "too long alone", "too long with subdomains"],
)
def test_a_rule_that_no_address_can_meet_is_neither_added_nor_changed(db, name, breadth):
    assert refused(add, block(name, breadth=breadth)) == ("rule_unreachable", "names")
    assert ListRule.objects.count() == 0
    stored = make.list_rule(name, breadth=breadth)
    assert refused(change, stored, reason="Still here") == ("rule_unreachable", "names")
    assert ListRule.objects.values_list("reason", flat=True).get() == ""


def test_a_thousand_rules_are_written_by_few_statements(db):
    rules = tuple(block(f"n{number}.example") for number in range(1000))
    with CaptureQueriesContext(connection) as asked:
        domain_list.add_rules(rules=rules, **SOMEBODY)
    assert (ListRule.objects.count(), len(asked) <= 20) == (1000, True), len(asked)


def test_no_rule_is_not_added(db):
    assert refused(domain_list.add_rules, rules=(), **SOMEBODY) == ("domain_missing", "names")
    assert AuditEvent.objects.filter(result="done").count() == 0


def test_a_rule_is_given_another_effect_reason_and_end(db):
    (rule,) = add()
    change(rule, effect="allow", reason="Cleared", ends_on=date(2026, 12, 31))
    rule.refresh_from_db()
    assert (rule.effect, rule.reason, rule.ends_on, rule.name, rule.version) == (
        "allow",
        "Cleared",
        date(2026, 12, 31),
        "norr.example",
        2,
    )


def test_saving_a_rule_as_it_is_writes_nothing(db):
    (rule,) = add()
    change(rule)
    assert (ListRule.objects.get().version, AuditEvent.objects.count()) == (1, 1)


def test_a_removed_rule_decides_no_more(db):
    (rule,) = add()
    domain_list.remove_rule(rule=rule, **SOMEBODY)
    assert (is_blocked("norr.example"), ListRule.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    "action",
    [change, lambda rule: domain_list.remove_rule(rule=rule, **SOMEBODY)],
    ids=["change", "remove"],
)
def test_a_rule_that_was_removed_meanwhile_is_told(action):
    (rule,) = add()
    ListRule.objects.all().delete()
    assert refused(action, rule)[0] == "rule_gone"


def test_a_rule_that_was_changed_meanwhile_is_told_with_what_it_is_now(db):
    (rule,) = add()
    change(rule, reason="Cleared", version=1)
    for action in (
        change,
        lambda **given: domain_list.remove_rule(
            **{"rule": given["rule"], **SOMEBODY, "version": 1}
        ),
    ):
        with pytest.raises(
            Refused, match="It is now: Block norr.example including subdomains: Cleared"
        ):
            action(**({"rule": rule} | ({"version": 1} if action is change else {})))


@pytest.mark.parametrize(
    ("reason", "code"),
    [("x" * 501, "description_too_long"), ("nice\u202eevil", "unseen_character")],
)
def test_a_reason_is_short_and_readable(reason, code):
    assert refused(add, block(reason=reason)) == (code, "reason")
    (rule,) = add()
    assert refused(change, rule, reason=reason) == (code, "reason")


# The end of a rule (rule 21)


def test_a_rule_ends_at_midnight_after_its_day_in_the_portals_zone(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    add(block(ends_on=date(2026, 11, 23)))
    midnight = datetime(2026, 11, 23, 15, tzinfo=UTC)  # is midnight in Tokyo
    assert [is_blocked("norr.example", midnight + timedelta(seconds=each)) for each in (-1, 0)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("ends_on", [date(2026, 11, 23), date.max], ids=str)
def test_today_and_any_day_to_come_can_be_the_last(ends_on):
    add(block(ends_on=ends_on))
    assert is_blocked("norr.example")


@pytest.mark.parametrize("ends_on", [date.min, date(2026, 11, 22)], ids=str)
def test_a_day_that_is_over_cannot_be_the_last(ends_on):
    assert refused(add, block(ends_on=ends_on)) == ("day_over", "ends_on")
    (rule,) = add()
    assert refused(change, rule, ends_on=ends_on) == ("day_over", "ends_on")


def test_a_day_is_over_by_the_portals_zone(settings):
    settings.TIME_ZONE = "Pacific/Kiritimati"  # where it is the 24th at noon in Greenwich
    assert refused(add, block(ends_on=date(2026, 11, 23))) == ("day_over", "ends_on")


def test_a_rule_that_ended_keeps_its_day_when_its_reason_changes(db):
    rule = make.list_rule("norr.example", ends_on=date(2020, 1, 1))
    change(rule, reason="Long ago")
    assert ListRule.objects.values_list("reason", "ends_on").get() == ("Long ago", date(2020, 1, 1))


def test_an_ended_rule_can_be_taken_up_again(db):
    rule = make.list_rule("norr.example", ends_on=date(2020, 1, 1))
    assert refused(add)[0] == "rule_exists"
    change(rule, ends_on=None)
    assert is_blocked("norr.example")


# The default (rule 19)


def test_names_without_a_rule_are_allowed_until_somebody_says_otherwise(db):
    assert not is_blocked("contoso.example")
    domain_list.change_default(effect="block", **SOMEBODY)
    assert is_blocked("contoso.example")


def test_changing_the_default_throws_no_rule_away(db):
    add(block(), block("contoso.example", effect="allow", ends_on=date(2027, 1, 1)))
    rows = list(ListRule.objects.order_by("id").values())
    for effect in ("block", "allow", "block"):
        domain_list.change_default(effect=effect, **SOMEBODY)
    assert list(ListRule.objects.order_by("id").values()) == rows
    assert [is_blocked(name) for name in ("contoso.example", "norr.example", "other.example")] == [
        False,
        True,
        True,
    ]


def test_the_same_default_again_writes_nothing(db):
    domain_list.change_default(effect="allow", **SOMEBODY)
    assert (ListDefault.objects.count(), AuditEvent.objects.count()) == (0, 0)


# What is shown before (rule 23)


@pytest.fixture
def badge(db):
    """A package that every configured organization can request."""
    make.policy(make.package("Badge"), "all_configured", needs_approval=False)


def impact(change) -> tuple[list[str], list[str], list[str]]:
    """Who loses, who gains, and the domains at which anyone does."""
    found = impact_of(change, make.NOON)
    return (
        [each.email for each in found.people if each.difference.loses],
        [each.email for each in found.people if each.difference.gains],
        [each.domain for each in found.domains if not each.is_beneath],
    )


def test_what_is_shown_names_people_and_domains(badge):
    make.organization("Norr Components", "norr.example", "norr.test")
    make.organization("Norr Labs", "labs.norr.example")
    for address in ("lea@norr.example", "max@eu.norr.example", "eve@norr.test"):
        make.guest(address)
    assert impact(changes.adding_rules([block()])) == (
        ["lea@norr.example", "max@eu.norr.example"],
        [],
        ["norr.example", "labs.norr.example"],
    )


def test_an_exception_beneath_is_not_named(badge):
    make.organization("Norr Labs", "labs.norr.example")
    add(block("labs.norr.example", effect="allow"))
    assert impact_of(changes.adding_rules([block()]), make.NOON).is_empty


def test_removing_a_block_lets_request_again(badge):
    make.organization("Norr Components", "norr.example")
    make.guest("lea@norr.example")
    (rule,) = add()
    assert impact(changes.removing_rule(rule)) == ([], ["lea@norr.example"], ["norr.example"])


def test_deleted_organizations_and_removed_people_are_not_named(badge):
    make.guest("lea@norr.example", state="removed")
    deletion.delete(organization=make.organization("Norr Components", "norr.example"), **SOMEBODY)
    assert impact_of(changes.adding_rules([block()]), make.NOON).is_empty


def test_a_change_of_the_default_is_about_all_domains_without_a_rule(badge):
    make.organization("Contoso", "contoso.example")
    make.organization("Norr Components", "norr.example")
    add()
    assert impact(changes.changing_default("block")) == ([], [], ["contoso.example"])


SAVES = {
    "add": (
        changes.adding_rules([block("new.example")]),
        lambda **seen: add(block("new.example"), **seen),
    ),
    "default": (
        changes.changing_default("block"),
        lambda **seen: domain_list.change_default(effect="block", **(SOMEBODY | seen)),
    ),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_a_save_with_another_impact_than_was_shown_is_refused_and_shown_again(badge, save):
    change, do = save
    make.organization("New", "new.example")
    seen = impact_of(change, make.NOON).fingerprint
    make.guest("lea@new.example")
    assert refused(do, seen=seen)[0] == "effect_changed"
    assert not is_blocked("new.example")
    do(seen=impact_of(change, make.NOON).fingerprint)
    assert is_blocked("new.example")


def test_a_rule_is_not_changed_or_removed_unless_what_it_does_was_seen(db):
    (rule,) = add()
    make.guest("lea@norr.example")
    assert refused(change, rule, effect="allow", seen="stale")[0] == "effect_changed"
    assert (
        refused(domain_list.remove_rule, rule=rule, seen="stale", **SOMEBODY)[0] == "effect_changed"
    )
    assert is_blocked("norr.example")


# On record


def test_adding_rules_leaves_one_event_that_names_them_all(ada):
    add(
        block(reason="Under review", ends_on=date(2026, 12, 31)),
        block("labs.norr.example", effect="allow", breadth="alone"),
        by=make.actor(ada),
    )
    assert (event().activity, event().actor, event().before) == (
        "Add allow and deny list rules",
        "Ada Okafor",
        "",
    )
    assert event().after == (
        '{"rules": ["Block norr.example including subdomains, until 31 Dec 2026: Under review",'
        ' "Allow labs.norr.example this domain only"]}'
    )


def test_changing_and_removing_a_rule_leave_what_it_was_and_is(db):
    rule = make.list_rule("norr.example")
    change(rule, effect="allow")
    domain_list.remove_rule(rule=rule, **SOMEBODY)
    block_text, allow_text = (
        '{"rule": "Block norr.example including subdomains"}',
        '{"rule": "Allow norr.example including subdomains"}',
    )
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", "before", "after")) == [
        ("Update allow and deny list rule", block_text, allow_text),
        ("Remove allow and deny list rule", allow_text, ""),
    ]


def test_changing_the_default_leaves_what_it_was_and_is(db):
    domain_list.change_default(effect="block", **SOMEBODY)
    assert (event().before, event().after) == (
        '{"names without a rule": "allow"}',
        '{"names without a rule": "block"}',
    )


ACTIONS = {
    "add": lambda by: add(by=by),
    "change": lambda by: change(make.list_rule("a.example"), by=by),
    "remove": lambda by: domain_list.remove_rule(
        rule=make.list_rule("a.example"), by=by, at=make.NOON
    ),
    "default": lambda by: domain_list.change_default(effect="block", by=by, at=make.NOON),
    "own name": lambda by: domain_list.add_own_name(name="ours.example", by=by, at=make.NOON),
    "another own name": lambda by: domain_list.change_own_name(
        own=make.own_name("ours.example"), name="b.example", by=by, at=make.NOON
    ),
    "no own name": lambda by: domain_list.remove_own_name(
        own=make.own_name("ours.example"), by=by, at=make.NOON
    ),
}


@pytest.mark.parametrize("who", ["uma", "gil", "rob"])
@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_only_a_global_administrator_changes_the_list_and_own_names(who, action, request):
    assert refused(action, make.actor(request.getfixturevalue(who)))[0] == "not_permitted"
    assert [each.result for each in AuditEvent.objects.all()] == ["refused"]


# Own names (rule 5)


def own(name: str) -> OwnName:
    return domain_list.add_own_name(name=name, **SOMEBODY)


def test_an_own_name_is_kept_in_canonical_form(db):
    assert own(" Bücher.Example. ").name == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    "held", ["fabrikam.example", "eng.fabrikam.example", "a.b.fabrikam.example"]
)
def test_a_name_that_an_organization_holds_or_holds_something_beneath_is_not_ours(held):
    make.organization("Fabrikam", held)
    with pytest.raises(
        Refused, match=f"{held} belongs to Fabrikam. Remove it from there first"
    ) as refusal:
        own("fabrikam.example")
    assert refusal.value.reasons[0].refers_to.label == "Fabrikam"


def test_a_name_beneath_an_organizations_can_be_ours(fabrikam):
    assert own("ours.fabrikam.example").name == "ours.fabrikam.example"


def test_a_deleted_organizations_name_becomes_ours_only_once_it_was_released(db):
    contoso = make.organization("Contoso", "contoso.example")
    deletion.delete(organization=contoso, **SOMEBODY)
    assert refused(own, "contoso.example")[0] == "own_name_claimed"
    deletion.release(organization=contoso, names=["contoso.example"], **SOMEBODY)
    assert own("contoso.example").pk


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gmail.com", "own_name_public_mail"),
        ("mail.gmail.com", "own_name_public_mail"),
        ("co.uk", "own_name_suffix"),
        ("onmicrosoft.com", "own_name_suffix"),
        ("ours.example", "own_name_known"),
        ("OURS.example.", "own_name_known"),
    ],
)
def test_what_many_share_and_what_is_ours_already_is_refused(name, code):
    own("ours.example")
    assert refused(own, name) == (code, "name")


@pytest.mark.parametrize(
    "typed", ["", "ours", "10.0.0.1", "https://ours.example", "lea@ours.example", "a b.example"]
)
def test_what_is_no_whole_name_is_refused(typed):
    assert refused(own, typed)[1] == "domain"
    assert OwnName.objects.count() == 0


def test_another_name_takes_the_place_of_one_and_leaves_one_event(db):
    row = domain_list.change_own_name(
        own=make.own_name("ours.example"), name="Harbour.example", **SOMEBODY
    )
    assert (list(OwnName.objects.values_list("name", "key")), row.name) == (
        [("harbour.example", "example.harbour")],
        "harbour.example",
    )
    assert (event().activity, event().before, event().after) == (
        "Update own name",
        '{"name": "ours.example"}',
        '{"name": "harbour.example"}',
    )


def test_an_own_name_that_was_removed_meanwhile_is_told(db):
    row = make.own_name("ours.example")
    domain_list.remove_own_name(own=row, **SOMEBODY)
    assert refused(domain_list.remove_own_name, own=row, **SOMEBODY)[0] == "own_name_gone"
    assert (
        refused(domain_list.change_own_name, own=row, name="b.example", **SOMEBODY)[0]
        == "own_name_gone"
    )


def test_own_names_leave_one_event_each(db):
    domain_list.remove_own_name(own=own("ours.example"), **SOMEBODY)
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", "before", "after")) == [
        ("Add own name", "", '{"name": "ours.example"}'),
        ("Remove own name", '{"name": "ours.example"}', ""),
    ]

"""The allow and deny list: the most specific rule in force decides (product rules 19 to 21)."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from governance.rules.decision import Refused
from governance.rules.domain_list import (
    RulesByName,
    clean_reason,
    deciding_rule,
    end_moment,
    ended_rule,
    is_blocked,
    is_in_force,
    outranked_rule,
    rule_covers,
    unreachable_rule,
)

from .cases import NOON, allow, block

CHAIN = ("a.b.fabrikam.example", "b.fabrikam.example", "fabrikam.example", "example")
EFFECTS = (None, "allow", "block")
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def rules_of(cells):
    """One rule for each name, breadth and effect; an effect of None is no rule."""
    make = {"allow": allow, "block": block}
    return [make[effect](name, breadth) for (name, breadth), effect in cells.items() if effect]


def told_by_hand(default, cells, depth):
    """The exact name alone, the exact name with subdomains,
    then each name above with subdomains.
    """
    asked = [(CHAIN[depth], "alone"), *((name, "with_subdomains") for name in CHAIN[depth:])]
    return next((cells[place] for place in asked if cells[place]), default)


@pytest.mark.parametrize("depth", range(4))
@pytest.mark.parametrize("default", ["allow", "block"])
def test_every_cell_of_default_parent_child_exact_and_breadth(default, depth):
    places = list(product(CHAIN, ("alone", "with_subdomains")))
    for effects in product(EFFECTS, repeat=len(places)):
        cells = dict(zip(places, effects, strict=True))
        if all(
            cells[place] is None for place in places[: 2 * depth]
        ):  # rules beneath the name are the next test's
            assert is_blocked(rules_of(cells), default, CHAIN[depth], NOON) == (
                told_by_hand(default, cells, depth) == "block"
            )


@pytest.mark.parametrize("default", ["allow", "block"])
def test_rules_beneath_a_name_do_not_touch_it(default):
    beneath = [
        block("b.fabrikam.example"),
        allow("a.b.fabrikam.example"),
        block("evilfabrikam.example"),
    ]
    assert is_blocked(beneath, default, "fabrikam.example", NOON) == (default == "block")


def test_a_rule_alone_leaves_the_names_beneath():
    assert deciding_rule([block("fabrikam.example", "alone")], "eng.fabrikam.example", NOON) is None


def test_a_rule_with_subdomains_reaches_its_own_name():
    assert rule_covers(block("fabrikam.example"), "fabrikam.example")


def test_a_rule_reaches_no_name_that_merely_ends_alike():
    assert not rule_covers(block("fabrikam.example"), "evilfabrikam.example")


def test_on_one_name_alone_beats_with_subdomains_whatever_the_order():
    alone, wide = allow("fabrikam.example", "alone"), block("fabrikam.example")
    assert [
        deciding_rule(order, "fabrikam.example", NOON) for order in ([alone, wide], [wide, alone])
    ] == [alone, alone]


def test_a_longer_name_beats_a_rule_alone_of_a_shorter_one():
    assert deciding_rule(
        [block("example"), allow("fabrikam.example")], "fabrikam.example", NOON
    ) == allow("fabrikam.example")


def test_nothing_decides_where_no_rule_covers():
    assert deciding_rule([], "fabrikam.example", NOON) is None


@pytest.mark.parametrize(
    ("at", "in_force"), [(MIDNIGHT - MOMENT, True), (MIDNIGHT, False), (MIDNIGHT + MOMENT, False)]
)
def test_a_rule_is_in_force_until_the_moment_before_its_end(at, in_force):
    assert is_in_force(block("fabrikam.example", ends_at=MIDNIGHT), at) == in_force


def test_a_rule_without_an_end_stays_in_force():
    assert is_in_force(block("fabrikam.example"), datetime.max.replace(tzinfo=UTC))


def test_an_end_date_means_midnight_after_that_day_in_the_zone_of_the_portal():
    assert end_moment(date(2026, 11, 30), ZoneInfo("Europe/Oslo")) == datetime(
        2026, 11, 30, 23, tzinfo=UTC
    )


def test_no_end_date_is_no_end():
    assert end_moment(None, UTC) is None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 10, 25), date(2026, 12, 31)])
def test_the_last_day_is_the_one_that_was_typed(zone, day):
    assert block("fabrikam.example", ends_at=end_moment(day, ZoneInfo(zone))).last_day == day


def test_a_rule_without_an_end_has_no_last_day():
    assert block("fabrikam.example").last_day is None


def test_an_ended_rule_gives_way_to_the_wider_one():
    rules = [allow("eng.fabrikam.example", ends_at=NOON), block("fabrikam.example")]
    assert deciding_rule(rules, "eng.fabrikam.example", NOON) == rules[1]


def test_an_ended_rule_is_found_where_it_would_still_decide():
    rules = [allow("eng.fabrikam.example", ends_at=NOON), block("fabrikam.example")]
    assert ended_rule(rules, "eng.fabrikam.example", NOON) == rules[0]


def test_an_ended_rule_that_would_not_decide_is_left_out():
    rules = [allow("eng.fabrikam.example"), block("fabrikam.example", ends_at=NOON)]
    assert ended_rule(rules, "eng.fabrikam.example", NOON) is None


def test_no_rule_is_no_ended_rule():
    assert ended_rule([block("contoso.example", ends_at=NOON)], "fabrikam.example", NOON) is None


def test_the_outranked_rule_is_the_next_in_force():
    rules = [
        block("example"),
        allow("eng.fabrikam.example"),
        allow("fabrikam.example", ends_at=NOON),
    ]
    assert outranked_rule(iter(rules), "eng.fabrikam.example", NOON) == rules[0]


def test_a_rule_by_itself_outranks_nothing():
    assert outranked_rule([block("fabrikam.example")], "fabrikam.example", NOON) is None


@pytest.mark.parametrize(
    ("breadth", "label"),
    [
        ("alone", "x.example, this domain only"),
        ("with_subdomains", "x.example, including subdomains"),
    ],
)
def test_a_rule_is_named_with_its_breadth(breadth, label):
    assert block("x.example", breadth).label == label


def test_the_last_day_of_the_calendar_never_ends():
    assert end_moment(date.max, UTC) is None


def test_a_reason_is_cleaned_and_called_by_its_name():
    assert clean_reason(" Under\r\nreview ") == "Under\nreview"
    with pytest.raises(Refused) as refused:
        clean_reason("x" * 501)
    assert (refused.value.reasons[0].field, str(refused.value)) == (
        "reason",
        "Reason must be 500 characters or fewer (now 501)",
    )


@pytest.mark.parametrize(
    "name",
    [
        "fabrikam.example",
        "eng.fabrikam.example",
        "a.eng.fabrikam.example",
        "example",
        "contoso.example",
    ],
)
def test_very_many_rules_answer_as_a_few_do(name):
    rules = [
        block("example"),
        allow("fabrikam.example"),
        block("fabrikam.example", "alone"),
        block("eng.fabrikam.example", ends_at=NOON),
        allow("tailspin.example"),
    ]
    assert RulesByName(rules).deciding(name, NOON) == deciding_rule(rules, name, NOON)


def test_whether_a_name_is_blocked_depends_on_the_moment():
    rules = [block("fabrikam.example", ends_at=NOON)]
    assert [is_blocked(rules, "allow", "fabrikam.example", at) for at in (NOON - MOMENT, NOON)] == [
        True,
        False,
    ]


LONGEST = f"{'a.' * 123}sevenly"


@pytest.mark.parametrize(
    ("name", "breadth", "said"),
    [
        (
            "com",
            "alone",
            "Nobody has an email address at com itself. Make the rule include subdomains",
        ),
        (
            LONGEST,
            "alone",
            "A domain of 253 characters is too long for email addresses. Enter a shorter one",
        ),
        (
            LONGEST,
            "with_subdomains",
            "A domain of 253 characters is too long for email addresses. Enter a shorter one",
        ),
    ],
    ids=["one label alone", "too long alone", "too long with subdomains"],
)
def test_a_rule_that_no_address_can_meet_is_named_with_the_reason(name, breadth, said):
    reason = unreachable_rule(name, breadth)
    assert (reason.code, reason.text, reason.field) == ("rule_unreachable", said, "names")


@pytest.mark.parametrize(
    ("name", "breadth"),
    [
        ("com", "with_subdomains"),
        ("co.uk", "alone"),
        ("fabrikam.example", "alone"),
        (LONGEST[:-1], "alone"),
        (LONGEST[:-1], "with_subdomains"),
        ("l" * 63, "with_subdomains"),
    ],
)
def test_a_rule_that_some_address_can_meet_is_possible(name, breadth):
    assert unreachable_rule(name, breadth) is None

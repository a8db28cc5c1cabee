"""Checks of single values: what they take comes back as it was, all else is refused with a code and
the field.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from governance.rules.access_packages.terms import known_scope
from governance.rules.decision import Refused
from governance.rules.domain_list import known_breadth, known_effect, known_end
from governance.rules.email_domains import canonical_name_or_suffix
from governance.rules.mail import mailable
from governance.rules.organizations import known_state
from governance.rules.people import (
    known_password,
    known_second_factor,
    known_sponsor_kind,
    known_theme,
)
from governance.rules.roles import GLOBAL_ADMINISTRATOR, READER, known_roles
from governance.rules.values import (
    canonical_name,
    known_choice,
    known_day,
    known_flag,
    known_id,
    known_ids,
    known_list,
    known_number,
    known_text,
)

ID = UUID(int=7)


def refusal(check, value, **more) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        check(value, **more)
    return refused.value.code, refused.value.reasons[0].field


@pytest.mark.parametrize(
    ("check", "taken"),
    [
        (known_effect, ("allow", "block")),
        (known_breadth, ("alone", "with_subdomains")),
        (known_state, ("configured", "proposed")),
        (known_scope, ("named", "all_configured", "any_outside", "members", "nobody")),
        (known_sponsor_kind, ("internal", "external")),
        (known_theme, ("", "light", "dark")),
        (known_second_factor, ("authenticator app", "passkey", "recovery codes")),
        (known_end, (None, date(2026, 12, 31))),
        (known_password, ("x",)),
        (mailable, ("x" * 254, "")),
    ],
)
def test_what_exists_is_taken_as_it_is(check, taken):
    assert tuple(check(value) for value in taken) == taken


@pytest.mark.parametrize(
    ("check", "code", "field"),
    [
        (known_effect, "effect_unknown", "effect"),
        (known_breadth, "breadth_unknown", "breadth"),
        (known_state, "state_unknown", "state"),
        (known_scope, "scope_unknown", "scope"),
        (known_sponsor_kind, "sponsor_kind_unknown", "kind"),
        (known_theme, "theme_unknown", "theme"),
        (known_second_factor, "second_factor_unknown", "method"),
        (known_end, "not_a_day", "ends_on"),
        (known_roles, "not_a_list", "roles"),
    ],
)
@pytest.mark.parametrize("value", ["nonsense", 1.5])
def test_what_does_not_exist_is_refused_at_its_field(check, code, field, value):
    assert refusal(check, value) == (code, field)


@pytest.mark.parametrize("value", ["b", "A", "", None, 1, ["a"]])
def test_a_choice_is_one_of_the_choices_letter_by_letter(value):
    asked = {"choices": ("a",), "code": "unknown", "text": "Choose", "field": "f"}
    assert (known_choice("a", **asked), refusal(known_choice, value, **asked)) == (
        "a",
        ("unknown", "f"),
    )


@pytest.mark.parametrize("value", [0, 4, True, "2", 2.0, None])
def test_a_number_is_whole_and_within_its_bounds(value):
    asked = {"low": 1, "high": 3, "code": "bounds", "text": "1 to 3", "field": "f"}
    assert [known_number(number, **asked) for number in (1, 3)] == [1, 3]
    assert refusal(known_number, value, **asked) == ("bounds", "f")


@pytest.mark.parametrize("value", ["yes", 1, 0, None])
def test_yes_and_no_are_true_and_false_alone(value):
    assert (known_flag(True, field="f"), known_flag(False, field="f")) == (True, False)
    assert refusal(known_flag, value, field="f") == ("not_yes_or_no", "f")


@pytest.mark.parametrize("value", [datetime(2026, 12, 31, tzinfo=UTC), "2026-12-31", 5])
def test_a_day_has_no_time(value):
    assert refusal(known_day, value, field="f") == ("not_a_day", "f")


def test_text_is_text():
    assert (known_text("", field="f"), refusal(known_text, None, field="f")) == (
        "",
        ("not_text", "f"),
    )


def test_an_id_is_no_text_that_reads_like_one():
    assert (known_id(ID, field="f"), refusal(known_id, str(ID), field="f")) == (
        ID,
        ("not_an_id", "f"),
    )


def test_ids_are_a_list_of_ids():
    assert (known_ids([ID], field="f"), known_ids(iter(()), field="f")) == ((ID,), ())
    assert [refusal(known_ids, value, field="f")[0] for value in (str(ID), None, [None])] == [
        "not_a_list",
        "not_a_list",
        "not_an_id",
    ]


@pytest.mark.parametrize("value", ["ab", b"ab", None, 5])
def test_one_text_is_no_list(value):
    assert (known_list({"a": 1}, field="f"), refusal(known_list, value, field="f")) == (
        ("a",),
        ("not_a_list", "f"),
    )


def test_roles_are_those_that_exist():
    assert known_roles([READER, GLOBAL_ADMINISTRATOR]) == {READER, GLOBAL_ADMINISTRATOR}
    assert [refusal(known_roles, value) for value in (["Root"], [None], [["x"]])] == [
        ("role_unknown", "roles")
    ] * 3


@pytest.mark.parametrize("value", ["X.example", "x.example.", " x.example", "bücher.example"])
def test_a_name_that_is_readable_and_not_canonical_is_refused_with_the_canonical_one(value):
    assert canonical_name("x.example", field="f") == "x.example"
    assert refusal(canonical_name, value, field="f") == ("domain_not_canonical", "f")


def test_the_canonical_form_of_a_rules_name_may_be_a_suffix():
    suffix = {"field": "names", "canonical": canonical_name_or_suffix}
    assert canonical_name("example", **suffix) == "example"
    assert refusal(canonical_name, "*.x.example", **suffix) == ("domain_not_canonical", "names")


def test_the_sentence_says_the_canonical_form():
    with pytest.raises(Refused, match=r"^Enter this domain as xn--bcher-kva\.example$"):
        canonical_name("bücher.example", field="f")


@pytest.mark.parametrize("value", ["", None, 5])
def test_a_password_is_text(value):
    assert refusal(known_password, value) == ("password_missing", "password")


def test_an_address_beyond_the_limit_gets_no_mail():
    assert refusal(mailable, "x" * 255) == ("address_malformed", "email")

"""Values that no action takes, by parameter or field, each with the reason codes that may refuse
it.

A key is a parameter's name, "action.parameter" where one action takes something else by that name,
or "Dataclass.field".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db.models import Model

from governance.rules.access_packages.questions import Question
from governance.rules.decision import refuse
from tests import make, make_access

SOMEBODY = UUID(int=7)


class Wrong(NamedTuple):
    """A wrong value, where it stands, and the codes with which it may be refused."""

    where: str
    value: object
    codes: set[str]


def _refused_deed():
    raise refuse("deed_refused", "No")


def _all(code: str, *values: object) -> tuple:
    return tuple((value, code) for value in values)


TEXT = _all("not_text", None, 5, ["x"])
UNREADABLE = _all("unseen_character", "a\x07b", "a\0b", "a\u202eb", "a\ud800b")
LONG_NAME = _all("name_too_long", "x" * 201, "\ufdfa" * 100)
FILLED_NAME = (
    TEXT + UNREADABLE + LONG_NAME + _all("name_without_letter", "?!") + _all("name_missing")
)
NAME = FILLED_NAME + _all("name_missing", "", " \t")
PERSON_NAME = _all("name_reserved", "system", "Demo  Data")
DESCRIPTION = TEXT + UNREADABLE + _all("description_too_long", "x" * 501)
UNIT = TEXT + UNREADABLE + _all("unit_too_long", "x" * 201)
FLAG = _all("not_yes_or_no", "yes", 1, None, "")
ID = _all("not_an_id", "x", 5, str(SOMEBODY))
IDS = _all("not_a_list", None, "x", 5) + _all("not_an_id", ["x"], [None], [str(SOMEBODY)])
UNREADABLE_DOMAIN = (
    TEXT
    + _all("domain_missing", "")
    + _all("domain_spaces", "not a domain")
    + _all("domain_unfit", "a_b.example", "con\u202etoso.example")
    + _all("domain_not_a_name", "https://contoso.example", "lea@contoso.example")
    + _all("domain_ip_address", "10.0.0.1")
    + _all("domain_label_too_long", f"{'a' * 64}.example")
)
WHOLE_DOMAIN = UNREADABLE_DOMAIN + _all("domain_not_whole", "contoso")
NOT_CANONICAL = _all(
    "domain_not_canonical",
    "CONTOSO.example",
    "contoso.example.",
    " contoso.example",
    "bücher.example",
)
EMAIL = TEXT + _all(
    "address_malformed", "", "nobody", "a@b@contoso.example", "a b@contoso.example", "a@contoso"
)
PASSWORD = _all("password_missing", None, "", 5)
WEAK_PASSWORD = _all("password_weak", "short", "password1234")
EFFECT = _all("effect_unknown", "nonsense", "", None, "BLOCK", 5, ["block"])
BREADTH = _all("breadth_unknown", "sideways", "", None, "ALONE", 5)
STATE = _all("state_unknown", "nonsense", "", None, "CONFIGURED", ["configured"])
END = _all("not_a_day", "2026-12-31", 5, make.NOON) + _all("day_over", date(2020, 1, 1))
LENGTH = _all("length_out_of_bounds", 0, -1, 3661, "30", 1.5, True, 10**30, None)
APPROVERS = (
    _all("not_a_list", None, "x", 5)
    + _all("not_an_id", ["x"], [None], [5])
    + _all("too_many_people", (str(SOMEBODY),) * 21)
    + _all("approver_gone", (str(SOMEBODY),))
)
CHANGED = _all("changed_meanwhile", 0, 99, "1")
FILLED_NUMBER = _all("number_out_of_bounds", -1, 5_000_001, "3", True, None)
LONG_REASON = TEXT + UNREADABLE + _all("description_too_long", "x" * 1001)
NEEDED_REASON = LONG_REASON + _all("reason_missing", "", " \n")
OTHER_MAILBOX = TEXT + _all("not_yours", "eve@elsewhere.example", "")
OTHER_STAGE = _all("stage_changed", "9-9", "", 5, ["1-1"])
MOMENT = _all("not_a_moment", "2026-12-31", 5, date(2026, 12, 31), make.NOON.replace(tzinfo=None))
NOT_SEEN = _all("effect_changed", "0" * 16)

WRONG_VALUES: dict[str, tuple] = {
    "changes": (),
    "steps": _all("deed_refused", [_refused_deed]),
    "code": TEXT
    + _all("code_missing", "", " -")
    + _all("code_malformed", "AAAA", "AAAA-BBB0", "a\0bcdefg", "x" * 101),
    "description": DESCRIPTION,
    "blocks": FLAG,
    "directory_id": ID + _all("not_an_id", None),
    "effect": EFFECT,
    "email": EMAIL,
    "ends_on": END,
    "ends_access": FLAG,
    "expected": _all("conflict", [SOMEBODY]),
    "expects_allowed": FLAG,
    "initial_domain": WHOLE_DOMAIN,
    "is_listed": FLAG,
    "is_open": FLAG,
    "kind": _all("sponsor_kind_unknown", "nonsense", "", None, "INTERNAL", ["internal"]),
    "managers": IDS + _all("manager_gone", [SOMEBODY]),
    "message": DESCRIPTION,
    "method": _all("second_factor_unknown", "nonsense", "", None, ["passkey"]),
    "name": NAME,
    "names": _all("not_a_list", None, "fabrikam.example")
    + _all("not_text", [None], [["fabrikam.example"]])
    + _all("no_name", [], ["other.example"], ["fabrikam.example", "other.example"]),
    "new": (),
    "organizations": FILLED_NUMBER + _all("number_out_of_bounds", 0),
    "password": PASSWORD + WEAK_PASSWORD,
    "people": IDS + _all("sponsor_gone", [SOMEBODY]),
    "policy": (),
    "reason": DESCRIPTION,
    "roles": _all("not_a_list", None, "Reader") + _all("role_unknown", ["Root"], [None], [["x"]]),
    "rules": _all("not_a_list", None, "x") + _all("domain_missing", ()),
    "seen": NOT_SEEN,
    "shows_first_steps": _all("not_yes_or_no", "yes", 1, ""),
    "shortcuts": _all("not_yes_or_no", "yes", 1, ""),
    "sources": _all("not_a_list", "x", 5) + _all("no_source", ()),
    "sponsors": _all("sponsor_kind_unknown", {"nonsense": []})
    + _all("not_a_list", {"internal": None})
    + _all("not_an_id", {"internal": ["x"]})
    + _all("sponsor_gone", {"external": [SOMEBODY]}),
    "snooze.until": _all("not_a_day", "2026-12-31", 5, make.NOON)
    + _all("snooze_out_of_bounds", date(2020, 1, 1)),
    "time_zone": _all("not_text", 5, ["UTC"]) + _all("time_zone_unknown", "Mars/Olympus"),
    "theme": _all("theme_unknown", "nonsense", "DARK", 5, ["dark"]),
    "token": _all("invitation_over", "no such token", "", None, "a\0b"),
    "unit": UNIT,
    "url": TEXT
    + _all("url_missing", "", " ")
    + _all("url_not_https", "doors.example", "http://doors.example")
    + _all("url_malformed", "https://doors.example/a\x07b", "https://doors.example/a\0b")
    + _all("url_too_long", "https://doors.example/" + "x" * 500),
    "verified": _all("not_a_list", None, "contoso.example")
    + _all("not_text", [None])
    + _all("domain_spaces", ["not a domain"]),
    "version": CHANGED,
    "add_member.name": NAME + PERSON_NAME,
    "add_own_name.name": WHOLE_DOMAIN,
    "change_details.name": NAME + PERSON_NAME,
    "change_own_name.name": WHOLE_DOMAIN,
    "create_first_administrator.password": PASSWORD,  # the operator's own choice
    "invite_guest.name": FILLED_NAME + PERSON_NAME,  # empty: the name follows from the address
    "prove_code.token": _all("code_over", "no such token", "", None, "a\0b"),
    "redeem.name": NAME + PERSON_NAME,
    "set_first_password.name": NAME + PERSON_NAME,
    "NewListRule.breadth": BREADTH,
    "NewListRule.effect": EFFECT,
    "NewListRule.ends_on": END,
    "NewListRule.name": UNREADABLE_DOMAIN + NOT_CANONICAL,
    "NewListRule.reason": DESCRIPTION,
    "NewOrganization.description": DESCRIPTION,
    "NewOrganization.draft": ID,
    "NewOrganization.external_sponsors": IDS + _all("sponsor_gone", (SOMEBODY,)),
    "NewOrganization.internal_sponsors": IDS + _all("sponsor_gone", (SOMEBODY,)),
    "NewOrganization.name": NAME,
    "NewOrganization.seen": NOT_SEEN,
    "NewOrganization.sources": _all("not_a_list", None, "x") + _all("no_source", ()),
    "NewOrganization.state": STATE,
    "NewPackage.catalog": ID + _all("catalog_gone", SOMEBODY),
    "NewPackage.description": DESCRIPTION,
    "NewPackage.draft": ID,
    "NewPackage.groups": IDS + _all("resource_gone", (SOMEBODY,)),
    "NewPackage.is_listed": FLAG,
    "NewPackage.is_open": FLAG,
    "NewPackage.name": NAME,
    "NewPackage.policy": (),
    "NewPackage.seen": NOT_SEEN,
    "NewPackage.webhooks": IDS + _all("resource_gone", (SOMEBODY,)),
    "NewPolicy.is_open": FLAG,
    "NewPolicy.lifecycle": _all("ends_unknown", None, "days", 5),
    "NewPolicy.name": NAME,
    "NewPolicy.needs_reason": FLAG,
    "NewPolicy.organizations": IDS,
    "NewPolicy.questions": _all("not_a_list", None, "x", 5)
    + _all("questions_unknown", ["x"], [None], [{}])
    + _all("too_many_questions", (Question("Why?"),) * 11),
    "NewPolicy.stages": _all("not_a_list", None, "x", 5)
    + _all("stages_unknown", ["x"], [None], [{}]),
    "NewPolicy.scope": _all("scope_unknown", "nowhere", "", None, "NAMED", ["named"]),
    "Lifecycle.can_extend": FLAG,
    "Lifecycle.days": LENGTH,
    "Lifecycle.ends": _all("ends_unknown", "nonsense", "", None, "DAYS", ["days"])
    + _all("length_out_of_bounds", "hours")
    + _all("last_day_missing", "until"),
    "Lifecycle.extension_needs_approval": FLAG,
    "Lifecycle.hours": (),  # of another way to end
    "Lifecycle.last_day": (),
    "Lifecycle.requester_chooses": FLAG,
    "Question.choices": (),  # of another kind
    "Question.is_required": FLAG,
    "Question.kind": _all("question_kind_unknown", "nonsense", "", None, ["short"])
    + _all("choices_out_of_bounds", "choice"),
    "Question.text": TEXT + _all("question_missing", "", " ") + _all("text_too_long", "x" * 201),
    "Stage.alternates": APPROVERS,
    "Stage.approvers": _all("approvers_unknown", "nonsense", "", None, ["internal_sponsors"])
    + _all("no_approvers", "named_people"),
    "Stage.days": _all("days_out_of_bounds", 0, -1, 91, "14", True, None),
    "Stage.escalates_after": _all("days_out_of_bounds", 0, 14, "7", True)
    + _all("no_alternates", 7),
    "Stage.fallback": APPROVERS + _all("no_fallback", ()),
    "Stage.needed": _all("needed_out_of_bounds", 0, -1, 21, "1", True, None),
    "Stage.needs_reason": FLAG,
    "Stage.people": APPROVERS,
    "Stage.reminds_after": _all("days_out_of_bounds", 0, 14, "7", True),
    "NewSource.covers_subdomains": FLAG,
    "NewSource.directory_id": ID,
    "NewSource.directory_name": FILLED_NAME,
    "NewSource.initial_domain": tuple(each for each in WHOLE_DOMAIN if each[0] != "")
    + NOT_CANONICAL,
    "NewSource.public_mail_accepted": FLAG,
    "NewSource.typed_name": WHOLE_DOMAIN + NOT_CANONICAL,
    "NewSource.verified_domains": _all("not_a_list", None, "contoso.example")
    + _all("not_text", (None,))
    + _all("domain_not_canonical", ("CONTOSO.example",)),
    "last_day": _all("not_a_day", "2027-03-03", 5, make.NOON)
    + _all("last_day_missing", None)
    + _all("last_day_out_of_bounds", date(2026, 11, 22), date(2027, 11, 24)),
    "passes_default_block": FLAG,
    "state": STATE,
    "add_deputy.last_day": _all("not_a_day", "2026-12-31", 5, make.NOON)
    + _all("last_day_out_of_bounds", None, date(2020, 1, 1), date(2030, 1, 1), date.max),
    "approve.reason": LONG_REASON,
    "approve.stage_key": OTHER_STAGE,
    "assignments": FILLED_NUMBER,
    "assign.last_day": _all("not_a_day", "2026-12-31", 5, make.NOON)
    + _all("last_day_over", date(2020, 1, 1))
    + _all("last_day_out_of_bounds", date.max),
    "assign.reason": NEEDED_REASON,
    "blocks_at_end": FLAG,
    "cancel_request.reason": NEEDED_REASON,
    "decide_together.reason": LONG_REASON,
    "deny.reason": NEEDED_REASON,
    "deny.stage_key": OTHER_STAGE,
    "end_assignment.reason": NEEDED_REASON,
    "ends_at": MOMENT,
    "mailbox": OTHER_MAILBOX,
    "outcome": _all("outcome_unknown", "send_back", "", None, "APPROVE", ["approve"]),
    "removes_after": _all("removal_out_of_bounds", -1, 3661, "30", 1.5, True),
    "fill.requests": FILLED_NUMBER,
    "request_extension.reason": LONG_REASON,
    "requests": _all("not_a_list", None, "x", 5)
    + _all("not_requests", ["x"], [None], [SOMEBODY])
    + _all("none_selected", []),
    "resubmit.reason": NEEDED_REASON,
    "send_back.reason": NEEDED_REASON,
    "send_back.stage_key": OTHER_STAGE,
    "NewRequest.answers": _all("not_a_list", None, "x", 5),
    "NewRequest.email": EMAIL,
    "NewRequest.ends_at": MOMENT,
    "NewRequest.policy": _all("policy_changed", "x", 5, SOMEBODY),
    "NewRequest.reason": LONG_REASON,
    "NewRequest.signed_in_by": _all("sign_in_unknown", None, "CODE", "nonsense", 5, ["code"]),
    "NewRequest.starts_at": MOMENT,
    "NewRequest.version": _all("policy_changed", 99, "1"),
}
# Parameters that are rows, with the code that says that the row is gone.
GONE = {
    "catalog": "catalog_gone",
    "delivery": "delivery_gone",
    "directory": "directory_gone",
    "group": "group_gone",
    "organization": "organization_gone",
    "own": "own_name_gone",
    "package": "package_gone",
    "person": "person_gone",
    "row": "policy_gone",
    "assignment": "assignment_gone",
    "deputy": "person_gone",
    "end_deputy.row": "deputy_gone",
    "request": "request_gone",
    "rule": "rule_gone",
    "test": "test_gone",
    "voucher": "voucher_gone",
    "webhook": "webhook_gone",
    "add_resource.webhook": "resource_missing",  # with a group beside it
    "remove_group_member.person": "member_gone",
    "remove_resource.row": "resource_gone",
    "into": "organization_gone",
    "undo_merge.row": "merge_gone",
    "remove_sponsor.person": "not_a_sponsor",
}
# Rows that a call may do without.
OPTIONAL_ROWS = {
    "add_resource.webhook": make_access.webhook,
    "create_package.catalog": make_access.catalog,
    "keep_directory.directory": partial(
        make.known_directory, "Other AG", "other.directory.example"
    ),
    "save_test.package": make.package,
}
# Who acts and when, and what came of a delivery: the entry points say, and nobody types.
NOT_TYPED = {"by", "at", "attempt"}


def wrong_values(action: str, parameters: list[str], given: dict) -> Iterator[Wrong]:
    """Every wrong value for every parameter of an action that is no row, beside the values of a
    call that works.
    """
    for name in parameters:
        if name not in NOT_TYPED and not is_row(action, name):
            yield from _wrong(f"{action}.{name}", name, given.get(name))


def row_parameters(action: str, parameters: list[str]) -> list[str]:
    return [name for name in parameters if is_row(action, name)]


def is_row(action: str, name: str) -> bool:
    return name in GONE or f"{action}.{name}" in GONE


def code_of_gone(action: str, name: str) -> str:
    return GONE.get(f"{action}.{name}", GONE[name])


def row_given(action: str, name: str, given: dict) -> Model:
    return given.get(name) or OPTIONAL_ROWS[f"{action}.{name}"]()


def _wrong(where: str, name: str, right: object) -> Iterator[Wrong]:
    table = WRONG_VALUES[where] if where in WRONG_VALUES else WRONG_VALUES[name]
    yield from (Wrong(where, value, {code}) for value, code in table)
    if is_dataclass(right) and not isinstance(right, type):
        yield from _wrong_fields(where, right)
    if isinstance(right, tuple) and right and is_dataclass(right[0]):
        first, *others = right
        for wrong in _wrong_fields(where, first):
            yield wrong._replace(value=(wrong.value, *others))


def _wrong_fields(where: str, right) -> Iterator[Wrong]:
    for field in fields(right):
        key = f"{type(right).__name__}.{field.name}"
        for wrong in _wrong(key, key, getattr(right, field.name)):
            yield Wrong(
                f"{where}: {wrong.where}", replace(right, **{field.name: wrong.value}), wrong.codes
            )

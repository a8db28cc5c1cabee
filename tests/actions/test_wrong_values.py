"""Every action, called directly with every kind of wrong value: refused, nothing stored, on record.

Generated from the list of actions.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction

from governance.actions import drafts
from governance.models import AuditEvent, Organization, Person
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.decision import Refused
from governance.rules.fingerprints import token_hash
from governance.rules.roles import SYSTEM, Actor
from tests import make
from tests.actions import every_action
from tests.actions.every_action import ACTIONS, NEED_NO_PERMISSION, REFUSED_TO_NOBODY, REMOVALS
from tests.actions.wrong_values import (
    NOT_TYPED,
    SOMEBODY,
    code_of_gone,
    row_given,
    row_parameters,
    wrong_values,
)
from tests.snapshots import changed, rows_of_everything

pytestmark = pytest.mark.django_db
NOBODY = Actor(None, "Nobody")
of_every_action = pytest.mark.parametrize("name", sorted(ACTIONS))


def parameters(name: str) -> list[str]:
    return list(inspect.signature(ACTIONS[name].__wrapped__).parameters)


@contextmanager
def undone():
    """Whatever is done inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def problem_with(call, codes: set[str], **given) -> str:
    """What is wrong with how a call was refused; "" when it was refused as it should be, with
    nothing stored and one event.
    """
    before, last = rows_of_everything(), AuditEvent.objects.order_by("-pk").first()
    try:
        call(**given)
    except Refused as refusal:
        code = refusal.code
    except Exception as other:
        return f"raises {other!r}"
    else:
        return "is done"
    events = AuditEvent.objects.filter(pk__gt=last.pk if last else 0)
    if changed(before, rows_of_everything()) != {"governance_auditevent"}:
        return f"is refused ({code}) and stores something"
    if [(e.result, e.reason.partition(":")[0]) for e in events] != [("refused", code)]:
        return f"is refused ({code}) and not on record once"
    if not all(e.target and e.target_kind for e in events):
        return f"is refused ({code}) and the event does not say what it was about"
    return "" if code in codes else f"is refused with {code}, not {', '.join(sorted(codes))}"


def problems(name: str, cases) -> list[str]:
    """What is wrong with a call of the action in each of the cases: (what it is called, codes, what
    is given besides).
    """
    call = getattr(every_action, name)()
    found = []
    for where, codes, given in cases(call):
        with undone():
            if problem := problem_with(call, codes, **(given() if callable(given) else given)):
                found.append(f"{where} {problem}")
    return found


@of_every_action
def test_an_action_refuses_every_wrong_value_of_every_parameter(name):
    def cases(call):
        for wrong in wrong_values(name, parameters(name), call.keywords):
            parameter = wrong.where.partition(":")[0].partition(".")[2]
            yield f"{wrong.where} = {wrong.value!r:.80}", wrong.codes, {parameter: wrong.value}

    assert problems(name, cases) == []


@of_every_action
def test_an_action_refuses_a_row_that_was_removed_meanwhile(name):
    def removed(parameter: str, call):
        def remove():
            row = row_given(name, parameter, call.keywords)
            type(row)._default_manager.filter(pk=row.pk).delete()
            return {parameter: row}

        return remove

    def cases(call):
        for parameter in row_parameters(name, parameters(name)):
            yield parameter, {code_of_gone(name, parameter)}, removed(parameter, call)

    assert problems(name, cases) == []


@of_every_action
def test_an_action_refuses_an_organization_that_is_deleted_or_a_person_who_was_removed(name):
    """The row of either stays for the record.

    What is for a deleted organization is refused on one that is not.
    """

    def turned(parameter: str, call):
        def turn():
            row = call.keywords[parameter]
            row.refresh_from_db()
            is_deleted = isinstance(row, Organization) and row.is_deleted
            values = {"deleted_at": None if is_deleted else make.NOON}
            if isinstance(row, Person):
                values = {"state": Person.State.REMOVED, "is_active": False}
            type(row)._default_manager.filter(pk=row.pk).update(**values)
            return {}

        return turn

    codes = {
        "organization": {"organization_deleted", "organization_present"},
        "person": {"person_gone", "already_removed", "not_invited"},
    }

    def cases(call):
        for parameter in {"organization", "person"} & set(parameters(name)):
            if name not in ("remove_sponsor", "remove_group_member"):
                yield parameter, codes[parameter], turned(parameter, call)

    assert problems(name, cases) == []


@of_every_action
def test_an_action_refuses_whoever_lacks_the_permission_and_names_what_it_was_about(name):
    def cases(call):
        if name not in NEED_NO_PERMISSION:
            codes = {REFUSED_TO_NOBODY.get(name, "not_permitted"), "not_yourself"}
            yield "by nobody", codes, {"by": NOBODY}

    assert problems(name, cases) == []


@pytest.mark.parametrize("name", sorted(REMOVALS))
def test_what_was_removed_is_not_removed_once_more(name):
    call = getattr(every_action, name)()
    call()
    done = AuditEvent.objects.filter(result="done").count()
    with pytest.raises(Refused):
        call()
    assert AuditEvent.objects.filter(result="done").count() == done


def test_every_action_that_takes_something_away_is_a_removal():
    takes_away = {name for name in ACTIONS if name.startswith(("remove_", "forget_", "delete"))}
    assert takes_away - REMOVALS == set()


def test_a_parameter_that_no_table_covers_is_found():
    with pytest.raises(KeyError):
        list(wrong_values("connect", ["colour"], {}))
    assert list(wrong_values("connect", sorted(NOT_TYPED), {})) == []


def test_a_policy_for_an_organization_that_is_not_there_is_refused():
    with pytest.raises(Refused) as refusal:
        every_action.create_policy()(policy=NewPolicy("P", "named", (SOMEBODY,)))
    assert (refusal.value.code, refusal.value.reasons[0].field) == (
        "organization_gone",
        "organizations",
    )


def test_a_policy_keeps_an_organization_that_was_deleted_since_it_was_named(fabrikam):
    policy = make.policy(make.package(), "named", fabrikam)
    Organization.objects.filter(pk=fabrikam.pk).update(deleted_at=make.NOON)
    wanted = NewPolicy("P", "named", (fabrikam.uuid,))
    every_action.call(every_action.policies.change_policy, row=policy, policy=wanted)()
    assert list(policy.organizations.all()) == [fabrikam]


def test_a_draft_of_somebody_else_is_refused(ada, uma):
    drafts.save_answers(
        author=uma, uuid=SOMEBODY, step="basics", given={}, is_valid=None, at=make.NOON
    )
    call = every_action.connect()
    new = replace(call.keywords["new"], draft=SOMEBODY)
    assert problem_with(call, {"draft_not_yours"}, new=new, by=make.actor(ada)) == ""


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [
        ("add_member", "person", "mia@harbourgate.example"),
        ("add_own_name", "ownname", "ours.example"),
        ("add_rules", "listrule", "norr.example, other.example"),
        ("change_default", "listdefault", "Domains without a rule"),
        ("connect", "organization", "Contoso, contoso.example"),
        ("create_first_administrator", "person", "root@harbourgate.example"),
        ("create_package", "package", "Drawings"),
        ("create_policy", "policy", "All, Drawings"),
        ("invite_guest", "person", "ann@fabrikam.example"),
        ("keep_directory", "knowndirectory", "Contoso AG, contoso.directory.example"),
        ("save_test", "savedtest", "Bob, bob@fabrikam.example"),
    ],
)
def test_a_refusal_without_a_row_names_what_was_typed(name, kind, target):
    with pytest.raises(Refused):
        getattr(every_action, name)()(by=NOBODY)
    event = AuditEvent.objects.latest("pk")
    assert (event.target_kind, event.target_key, event.target) == (kind, "", target)


def test_the_refusal_of_a_link_names_whom_it_was_mailed_to_or_never_the_link():
    call = every_action.redeem()
    with pytest.raises(Refused):
        call(password="short")
    named = AuditEvent.objects.latest("pk").target
    with pytest.raises(Refused):
        call(token="no such link")
    event, known_by = AuditEvent.objects.latest("pk"), token_hash("no such link")[:8]
    assert (named, event.target_kind, event.target) == ("Ann", "invitation", f"Link {known_by}")


def test_typed_characters_that_nobody_can_see_are_marked_on_record():
    with pytest.raises(Refused):
        every_action.create_package()(name="a\u202eb\0", by=SYSTEM)
    assert AuditEvent.objects.latest("pk").target == "a\ufffdb\ufffd"

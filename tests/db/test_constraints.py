"""The database itself takes no value that the rules do not know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Length

from governance.db.triggers import missing_triggers
from governance.models import (
    AccessRequest,
    ApprovalDecision,
    AuditEvent,
    Delivery,
    Invitation,
    ListDefault,
    ListRule,
    Mail,
    Organization,
    Package,
    Person,
    Policy,
    Resource,
    Source,
    Sponsorship,
    Voucher,
)
from governance.models.access_requests import KINDS as REQUEST_KINDS
from governance.rules import (
    audit,
    domain_list,
    mail,
    organizations,
    people,
    resources,
    vouching,
)
from governance.rules.access_packages import lifecycle, policies
from governance.rules.access_requests import deliveries, outcomes, transitions
from tests import make, make_requests, make_vouchers


def label(each) -> str:
    return each._meta.model_name if isinstance(each, type) else each.name


COLUMNS_OF_CHOICES = [
    (model, field)
    for model in apps.get_app_config("governance").get_models()
    for field in model._meta.local_fields
    if field.choices
]
CHOICES_OF_THE_RULES = {
    (AuditEvent, "result"): audit.RESULTS,
    (Invitation, "purpose"): people.INVITATION_PURPOSES,
    (ListDefault, "effect"): domain_list.EFFECTS,
    (ListRule, "breadth"): domain_list.BREADTHS,
    (ListRule, "effect"): domain_list.EFFECTS,
    (Mail, "state"): mail.STATES,
    (Organization, "origin"): organizations.ORIGINS,
    (Organization, "sign_in"): organizations.SIGN_INS,
    (Organization, "sponsored_by"): organizations.SPONSORED_BY,
    (Organization, "state"): organizations.STATES,
    (Person, "kind"): people.KINDS,
    (Person, "state"): people.STATES,
    (Person, "theme"): people.THEMES,
    (AccessRequest, "kind"): REQUEST_KINDS,
    (AccessRequest, "state"): transitions.STATES,
    (ApprovalDecision, "outcome"): outcomes.OUTCOMES,
    (Delivery, "operation"): deliveries.OPERATIONS,
    (Delivery, "state"): deliveries.DELIVERY_STATES,
    (Policy, "ends"): lifecycle.ENDS,
    (Policy, "scope"): policies.SCOPES,
    (Resource, "kind"): resources.RESOURCE_KINDS,
    (Voucher, "state"): vouching.VOUCHER_STATES,
    (Source, "kind"): organizations.SOURCE_KINDS,
    (Sponsorship, "kind"): people.SPONSOR_KINDS,
}


# Their tables were there before the migration that brought the constraints.
AS_OLD_AS_THE_CONSTRAINTS = {
    *(AuditEvent, Invitation, ListDefault, ListRule, Mail, Organization),
    *(Person, Policy, Source, Sponsorship),
}


def a_row_of_everything() -> None:
    """At least one row in every table that has a column of choices or bounds."""
    row = make.organization()
    make.sponsor(row, make.member("sam@harbourgate.example"))
    make.list_rule("norr.example")
    make.policy(make.package(), "all_configured", lasts_days=30)
    message = make.mail()
    person = make.guest("bob@fabrikam.example", state="invited")
    Invitation.objects.create(
        person=person,
        purpose="guest",
        token_hash=str(message.pk),
        created_at=make.NOON,
        created_by="System",
        expires_at=make.NOON,
    )
    access(row)
    make.list_default("block")


def access(organization: Organization) -> None:
    """A request that was decided, access with a delivery, and a voucher."""
    package, uma = make.first_package(), make.approver()
    make_requests.resource(package, make_requests.group())
    policy = package.policies.get()
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    asked = make_requests.request(package, "ann@fabrikam.example")
    make_requests.approve(asked, uma)
    make_requests.started(asked, at=make.NOON + timedelta(minutes=1))
    make_vouchers.voucher(organization)


def is_taken(model, **values) -> bool:
    """Whether the database takes the values in the rows of the model."""
    try:
        with transaction.atomic():
            assert model.objects.update(**values) > 0
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize(("model", "field"), COLUMNS_OF_CHOICES, ids=label)
def test_a_column_of_choices_has_a_constraint_with_the_same_choices(model, field):
    wanted = Q(**{f"{field.name}__in": [value for value, _label in field.choices]})
    conditions = [each.condition for each in model._meta.constraints if is_about(each, field.name)]
    assert conditions == [wanted]


def is_about(constraint, column: str) -> bool:
    return isinstance(constraint, CheckConstraint) and constraint.name.endswith(
        f"_{column}_is_known"
    )


def test_the_choices_of_the_columns_are_those_of_the_rules():
    stored = {
        (model, field.name): tuple(value for value, _label in field.choices)
        for model, field in COLUMNS_OF_CHOICES
    }
    assert stored == CHOICES_OF_THE_RULES


@pytest.mark.parametrize(
    ("model", "field"),
    [each for each in COLUMNS_OF_CHOICES if each[0] is not AuditEvent],  # append-only
    ids=label,
)
def test_the_database_refuses_a_choice_that_does_not_exist(db, model, field):
    a_row_of_everything()
    assert not is_taken(model, **{field.name: "nonsense"[: field.max_length]})


def test_the_database_refuses_an_event_with_another_result(fabrikam):
    event = AuditEvent.objects.latest("pk")
    event.pk, event.result = None, "nonsense"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)


@pytest.mark.parametrize("days", [0, 3661])
def test_the_database_refuses_a_length_out_of_bounds(db, days):
    a_row_of_everything()
    assert not is_taken(Policy, lasts_days=days)


@pytest.mark.parametrize("days", [1, 3660])
def test_the_database_takes_a_length_within_bounds(db, days):
    a_row_of_everything()
    assert is_taken(Policy, lasts_days=days)


@pytest.mark.parametrize(
    ("ends", "column", "value"),
    [
        ("days", "lasts_days", 1),
        ("hours", "lasts_hours", 2160),
        ("until", "last_day", date(2026, 12, 31)),
    ],
)
def test_the_database_refuses_a_policy_that_does_not_say_when_access_ends(db, ends, column, value):
    a_row_of_everything()
    lengths = {"lasts_days": None, "lasts_hours": None, "last_day": None}
    assert not is_taken(Policy, ends=ends, **lengths)
    assert is_taken(Policy, ends=ends, **lengths | {column: value})
    assert is_taken(Policy, ends="never", **lengths)


def test_the_database_refuses_a_policy_for_any_outside_person_without_a_stage(db):
    a_row_of_everything()
    assert is_taken(Policy, scope="any_outside")
    assert not is_taken(Policy, scope="any_outside", stages=[])


@pytest.mark.parametrize("model", [ListDefault, ListRule, Organization, Package, Person, Policy])
def test_the_database_refuses_a_version_before_the_first(db, model):
    a_row_of_everything()
    assert not is_taken(model, version=0)


def test_the_database_refuses_a_directory_without_an_id(db):
    a_row_of_everything()
    assert not is_taken(Source, kind="directory")


def test_the_longest_domain_fits_in_every_column(db):
    longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 53, "example"])
    make.organization("Long", longest)
    assert Source.objects.annotate(n=Length("label")).values_list("n", flat=True).get() == 253


@pytest.mark.django_db(transaction=True)
def test_the_constraints_come_to_a_database_with_rows_and_lose_none(transactional_db):
    a_row_of_everything()
    before = {model: model.objects.count() for model in AS_OLD_AS_THE_CONSTRAINTS}
    try:
        call_command("migrate", "governance", "0002", verbosity=0)
        assert is_taken(ListRule, effect="odd")
        ListRule.objects.update(effect="block")
    finally:
        call_command("migrate", "governance", verbosity=0)
    assert {model: model.objects.count() for model in before} == before
    assert not is_taken(ListRule, effect="odd")
    assert missing_triggers() == set()

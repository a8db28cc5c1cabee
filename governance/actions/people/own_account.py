"""What people change about their own account: the password, second factors and preferences."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ...models import Person
from ...rules.decision import refuse
from ...rules.people import known_password, known_second_factor, known_theme
from ...rules.roles import Actor
from ...rules.time_zones import known_time_zone
from ...rules.values import known_flag
from ..action import action
from ..audit import record
from ..locks import lock_person


@action("Change password")
def change_password(*, person: Person, password: str, by: Actor, at: datetime) -> None:
    """Give a person the password that they chose.

    That it changed is on record, and nothing of it.
    """
    require_themselves(person, by)
    require_good_password(password, lock_person(person))
    person.set_password(password)
    person.save(update_fields=["password"])
    record(change_password.activity, by=by, at=at, target=person, organization=person.organization)


@action("User registered security info")
def note_second_factor(*, person: Person, method: str, by: Actor, at: datetime) -> None:
    """Put on record that somebody added a `method` of proving who they are, which django-allauth
    keeps.
    """
    require_themselves(person, by)
    lock_person(person)
    known_second_factor(method)
    record(
        note_second_factor.activity,
        by=by,
        at=at,
        target=person,
        organization=person.organization,
        after={"method": method},
    )


@action("User deleted security info")
def note_second_factor_gone(*, person: Person, method: str, by: Actor, at: datetime) -> None:
    """Put on record that somebody removed a `method` of proving who they are."""
    require_themselves(person, by)
    lock_person(person)
    known_second_factor(method)
    record(
        note_second_factor_gone.activity,
        by=by,
        at=at,
        target=person,
        organization=person.organization,
        before={"method": method},
    )


@action("Update user")
def change_preferences(
    *,
    person: Person,
    by: Actor,
    at: datetime,
    theme: str | None = None,
    shortcuts: bool | None = None,
    time_zone: str | None = None,
    shows_first_steps: bool | None = None,
) -> None:
    """Save what a person chose for themselves; None leaves a choice as it is.

    Preferences write no audit event.
    """
    require_themselves(person, by)
    lock_person(person)
    if theme is not None:
        known_theme(theme)
    for name, flag in (("shortcuts", shortcuts), ("shows_first_steps", shows_first_steps)):
        if flag is not None:
            known_flag(flag, field=name)
    known_time_zone(time_zone or "")
    given = {
        "theme": theme,
        "shortcuts": shortcuts,
        "time_zone": time_zone,
        "shows_first_steps": shows_first_steps,
    }
    Person.objects.filter(pk=person.pk).update(
        **{name: value for name, value in given.items() if value is not None}
    )


def require_themselves(person: Person, by: Actor) -> None:
    """Refuse what people do about their own account alone."""
    if person.pk is None or person.pk != by.person_id:
        raise refuse("not_yourself", f"Only {person} can do this")


def require_good_password(password: object, person: Person) -> None:
    """Refuse a password that Django's validators find weak, with what they say of it."""
    try:
        validate_password(known_password(password), person)
    except ValidationError as problem:
        raise refuse("password_weak", " ".join(problem.messages), field="password") from None

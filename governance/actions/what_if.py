"""Keeping questions about access whose answer should stay the same."""

from __future__ import annotations

from datetime import datetime

from ..models import Package, SavedTest
from ..rules.decision import refuse
from ..rules.email_domains import canonical_email
from ..rules.names import clean_name
from ..rules.roles import Actor
from ..rules.values import known_flag, known_text
from .action import action, named
from .audit import record
from .locks import lock_package, lock_row


@action(
    "Save what-if test",
    needs="use_what_if",
    about=lambda *, name, email, **_: named("savedtest", name, email if email != name else ""),
)
def save_test(
    *,
    name: str,
    email: str,
    package: Package | None,
    expects_allowed: bool,
    by: Actor,
    at: datetime,
) -> SavedTest:
    """Save a question of the what-if checker with the answer it should keep.

    Raises Refused for an address that is none.
    """
    test = SavedTest.objects.create(
        name=clean_name(name),
        email=canonical_email(known_text(email, field="email")).text,
        package=package and lock_package(package),
        expects_allowed=known_flag(expects_allowed, field="expects"),
        added_at=at,
        added_by=by.label,
        owner_id=by.person_id,
    )
    record(save_test.activity, by=by, at=at, target=test, after=_told(test))
    return test


@action("Remove what-if test", needs="use_what_if")
def remove_test(*, test: SavedTest, by: Actor, at: datetime) -> None:
    """By whoever saved it, or somebody who may make the changes that it warns of."""
    test = lock_row(test, "test_gone")
    is_own = test.owner_id is not None and test.owner_id == by.person_id
    if not is_own and not by.may("change_organization"):
        raise refuse(
            "not_yours",
            f"{test.added_by} saved this test. Only they or an administrator can remove it",
        )
    gone = SavedTest(uuid=test.uuid, name=test.name)
    SavedTest.objects.filter(pk=test.pk).delete()
    record(remove_test.activity, by=by, at=at, target=gone, before=_told(test))


def _told(test: SavedTest) -> dict[str, str]:
    return {"e-mail": test.email, "expects": "allowed" if test.expects_allowed else "refused"}

"""Nobody decides a request of their own, by whatever path (product rule 38)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from governance.actions.access_requests import assigning, decisions, expiry, parking, submission
from governance.actions.access_requests.together import decide_together
from governance.models import AccessRequest, ApprovalDecision, Assignment, Person
from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
    stages_to_json,
)
from governance.rules.decision import Refused
from governance.rules.roles import GLOBAL_ADMINISTRATOR, SYSTEM, Actor
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=5)


@dataclass
class World:
    """Eva requests. She sponsors Fabrikam, as Erik does; Uma is the fallback."""

    fabrikam: object
    eva: Person
    erik: Person
    uma: Person
    package: object
    policy: object

    def stages(self, *stages: Stage) -> None:
        make_requests.with_stages(self.policy, stages_to_json(stages))

    def request(self, email: str = "eva@fabrikam.example") -> AccessRequest:
        return make_requests.request(self.package, email)

    def named(self, *people: Person, **more) -> Stage:
        return Stage(NAMED_PEOPLE, tuple(str(each.uuid) for each in people), **more)

    def sponsors(self, **more) -> Stage:
        return Stage(EXTERNAL_SPONSORS, fallback=(str(self.uma.uuid),), **more)

    def second_account(self) -> Person:
        return make.guest("eva+2@fabrikam.example", name="Eva Two")


@pytest.fixture
def world(fabrikam, uma) -> World:
    eva = make.guest("eva@fabrikam.example", name="Eva Lindqvist")
    erik = make.guest("erik@fabrikam.example", name="Erik Berg")
    make.sponsor(fabrikam, eva)
    make.sponsor(fabrikam, erik)
    package = make.package("Drawings")
    policy = make.policy(package, "named", fabrikam)
    world = World(fabrikam, eva, erik, uma, package, policy)
    world.stages(world.sponsors())
    return world


def approval(row: AccessRequest, person: Person, at=NOON) -> Callable:
    return lambda: decisions.approve(request=row, reason="", by=make.actor(person), at=at)


def as_a_sponsor(w):
    return approval(w.request(), w.eva)


def by_a_second_account_of_the_mailbox(w):
    other = w.second_account()
    make.sponsor(w.fabrikam, other)
    return approval(w.request(), other)


def by_requesting_with_a_plus_address(w):
    return approval(w.request("eva+new@fabrikam.example"), w.eva)


def as_the_deputy_of_another_sponsor(w):
    make_requests.deputy(w.erik, w.eva, at=NOON)
    return approval(w.request(), w.eva)


def by_a_second_account_that_is_a_deputy(w):
    other = w.second_account()
    make_requests.deputy(w.erik, other, at=NOON)
    return approval(w.request(), other)


def by_a_deputy_of_ones_own_who_is_the_same_mailbox(w):
    other = w.second_account()
    return lambda: make_requests.deputy(w.eva, other, at=NOON)


def as_the_fallback(w):
    w.stages(Stage(EXTERNAL_SPONSORS, fallback=(str(w.eva.uuid),)))
    w.fabrikam.sponsorships.all().delete()
    return approval(w.request(), w.eva)


def as_an_alternate_after_escalation(w):
    w.stages(w.named(w.erik, alternates=(str(w.eva.uuid),), escalates_after=2))
    row = w.request()
    expiry.escalate(request=row, by=SYSTEM, at=LATER)
    return approval(row, w.eva, LATER)


def as_somebody_named(w):
    w.stages(w.named(w.eva, w.erik))
    return approval(w.request(), w.eva)


def in_a_later_stage(w):
    w.stages(w.named(w.uma), w.sponsors())
    row = w.request()
    make_requests.approve(row, w.uma)
    return approval(row, w.eva)


def as_the_second_of_two_who_have_to_approve(w):
    w.stages(w.sponsors(needed=2))
    row = w.request()
    make_requests.approve(row, w.erik)
    return approval(row, w.eva)


def by_becoming_a_sponsor_later(w):
    row = w.request("bob@fabrikam.example")
    bob = make.guest("bob@fabrikam.example")
    make.sponsor(w.fabrikam, bob)
    return approval(row, bob)


def by_another_address_of_the_same_account(w):
    row = w.request()
    Person.objects.filter(pk=w.eva.pk).update(
        email="new@fabrikam.example", mailbox="new@fabrikam.example"
    )
    return approval(row, Person.objects.get(pk=w.eva.pk))


def in_a_batch(w):
    rows = [w.request(), w.request("bob@fabrikam.example")]
    given = {"requests": rows, "outcome": "approve", "reason": ""}
    return lambda: decide_together(**given, by=make.actor(w.eva), at=NOON)


def after_answering_what_was_sent_back(w):
    row = w.request()
    decisions.send_back(request=row, reason="Which?", by=make.actor(w.erik), at=NOON)
    answer = {"request": row, "mailbox": row.mailbox, "reason": "Falcon"}
    row = submission.resubmit(**answer, by=make.actor(w.eva), at=NOON)
    return approval(row, w.eva)


def with_the_role_of_an_administrator(w):
    row = w.request("ada@fabrikam.example")
    ada = make.member("ada@fabrikam.example", GLOBAL_ADMINISTRATOR)
    return approval(row, ada)


def by_giving_oneself_access(w):
    by = Actor(w.uma.pk, str(w.uma), frozenset({GLOBAL_ADMINISTRATOR}))
    given = {"package": w.package, "email": "uma+2@harbourgate.example", "reason": "Mine"}
    return lambda: assigning.assign(**given, last_day=None, by=by, at=NOON)


def by_resuming_what_was_held(w):
    row = w.request()
    AccessRequest.objects.update(state="parked", parked_in="approved")
    by = Actor(w.eva.pk, str(w.eva), frozenset({GLOBAL_ADMINISTRATOR}))
    return lambda: parking.resume(request=row, by=by, at=NOON)


def without_an_account(w):
    by = Actor(None, "eva@fabrikam.example")
    row = w.request()
    return lambda: decisions.approve(request=row, reason="", by=by, at=NOON)


PATHS = (
    as_a_sponsor,
    by_a_second_account_of_the_mailbox,
    by_requesting_with_a_plus_address,
    as_the_deputy_of_another_sponsor,
    by_a_second_account_that_is_a_deputy,
    by_a_deputy_of_ones_own_who_is_the_same_mailbox,
    as_the_fallback,
    as_an_alternate_after_escalation,
    as_somebody_named,
    in_a_later_stage,
    as_the_second_of_two_who_have_to_approve,
    by_becoming_a_sponsor_later,
    by_another_address_of_the_same_account,
    in_a_batch,
    after_answering_what_was_sent_back,
    with_the_role_of_an_administrator,
    by_giving_oneself_access,
    by_resuming_what_was_held,
    without_an_account,
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_nobody_approves_their_own_request(world, path):
    attempt = path(world)
    before = ApprovalDecision.objects.count()
    with pytest.raises(Refused) as refused:
        attempt()
    assert refused.value.code in ("not_an_approver", "own_request", "own_deputy")
    assert (ApprovalDecision.objects.count(), Assignment.objects.count()) == (before, 0)


def test_the_others_can_still_decide_it(world):
    row = world.request()
    make_requests.approve(row, world.erik)
    assert [each.person for each in ApprovalDecision.objects.all()] == [world.erik]

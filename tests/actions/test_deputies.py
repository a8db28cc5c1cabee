"""Deputies: who decides for an approver who is away, and until when."""

from datetime import date, timedelta

import pytest

from governance.actions.access_requests.deputies import add_deputy, end_deputy
from governance.facts.access_requests.approvers import deciders
from governance.models import ApprovalDecision, AuditEvent, Deputy, Mail, Person
from governance.rules.decision import Refused
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def eva(fabrikam):
    """The external sponsor of Fabrikam."""
    person = make.guest("eva@fabrikam.example", name="Eva Lindqvist")
    make.sponsor(fabrikam, person)
    return person


@pytest.fixture
def dora(fabrikam):
    return make.guest("dora@fabrikam.example", name="Dora Holm")


@pytest.fixture
def asked(fabrikam, eva, uma):
    """A request that waits for Eva."""
    policy = make.policy(make.package("Drawings"), "named", fabrikam)
    make_requests.with_stages(policy, make_requests.external_then_internal(uma))
    return make_requests.request(policy.package)


def refusal(person, deputy, *, last_day=date(2026, 12, 1), by=None, at=NOON) -> tuple[str, str]:
    given = {"person": person, "deputy": deputy, "last_day": last_day}
    with pytest.raises(Refused) as refused:
        add_deputy(**given, by=make.actor(by or person), at=at)
    return refused.value.code, refused.value.reasons[0].field


def test_a_deputy_decides_and_the_record_says_for_whom(asked, eva, dora):
    make_requests.deputy(eva, dora, at=NOON)
    make_requests.approve(asked, dora)
    decision = ApprovalDecision.objects.get()
    assert (decision.person, decision.instead_of) == (dora, "Eva Lindqvist")


def test_a_deputy_is_asked_about_what_waits_already(asked, eva, dora):
    make_requests.deputy(eva, dora, at=NOON)
    mail = Mail.objects.latest("id")
    assert mail.to == dora.email
    assert "You decide for Eva Lindqvist, who is away." in mail.body


def test_the_approver_can_still_decide(asked, eva, dora):
    make_requests.deputy(eva, dora, at=NOON)
    assert make_requests.approve(asked, eva).stage == 2


def test_a_deputy_decides_until_the_end_of_the_last_day(asked, eva, dora):
    make_requests.deputy(eva, dora, days=1, at=NOON)
    assert deciders(asked, NOON + DAY).decider(dora.pk) is not None
    assert deciders(asked, NOON + 2 * DAY).decider(dora.pk) is None


def test_a_deputy_who_was_ended_decides_nothing(asked, eva, dora):
    row = make_requests.deputy(eva, dora, at=NOON)
    end_deputy(row=row, by=make.actor(eva), at=NOON)
    assert deciders(asked, NOON).decider(dora.pk) is None


def test_another_deputy_takes_the_place_of_the_first(eva, dora, fabrikam):
    make_requests.deputy(eva, dora, at=NOON)
    make_requests.deputy(eva, make.guest("erik@fabrikam.example"), at=NOON)
    present = Deputy.objects.in_force(NOON)
    assert [row.deputy.email for row in present] == ["erik@fabrikam.example"]


def test_who_decides_for_whom_is_on_record(eva, dora):
    make_requests.deputy(eva, dora, at=NOON)
    event = AuditEvent.objects.latest("id")
    assert (event.activity, event.target) == ("Add deputy approver", "Dora Holm for Eva Lindqvist")


def test_nobody_is_their_own_deputy_by_another_address_of_their_mailbox(eva, fabrikam):
    assert refusal(eva, make.guest("eva+2@fabrikam.example")) == ("own_deputy", "deputy")


def test_nobody_chooses_a_deputy_for_somebody_else(eva, dora):
    assert refusal(eva, dora, by=dora)[0] == "not_yours"


def test_a_user_administrator_chooses_a_deputy_for_somebody_who_is_away(eva, dora, uma):
    add_deputy(person=eva, deputy=dora, last_day=date(2026, 12, 1), by=make.actor(uma), at=NOON)
    assert Deputy.objects.get().added_by == str(uma)


def test_a_guest_is_represented_by_a_guest_of_the_same_organization_alone(eva, sam, fabrikam):
    make.organization("Contoso", "contoso.example")
    for stranger in (sam, make.guest("cleo@contoso.example"), make.guest("x@nowhere.example")):
        assert refusal(eva, stranger) == ("deputy_elsewhere", "deputy")


def test_a_member_is_represented_by_a_member_alone(sam, dora):
    assert refusal(sam, dora) == ("deputy_elsewhere", "deputy")


def test_a_deputy_who_has_left_the_organization_decides_nothing(asked, eva, dora):
    make_requests.deputy(eva, dora, at=NOON)
    Person.objects.filter(pk=dora.pk).update(organization=None)
    assert deciders(asked, NOON).decider(dora.pk) is None


@pytest.mark.parametrize("state", ["blocked", "invited"])
def test_somebody_who_cannot_sign_in_is_no_deputy(eva, fabrikam, state):
    other = make.guest("erik@fabrikam.example", state=state)
    assert refusal(eva, other)[1] == "deputy"


def test_a_deputy_is_chosen_for_at_most_180_days(eva, dora):
    last = NOON.date() + 181 * DAY
    assert refusal(eva, dora, last_day=last) == ("last_day_out_of_bounds", "last_day")
    make_requests.deputy(eva, dora, days=180, at=NOON)


def test_a_last_day_that_is_over_is_refused(eva, dora):
    yesterday = NOON.date() - DAY
    assert refusal(eva, dora, last_day=yesterday) == ("last_day_out_of_bounds", "last_day")

"""The pages of vouchers: what they show, what they refuse, and what they keep."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.models import Voucher
from tests import make, make_vouchers

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_day():
    return timezone.localdate() + timedelta(days=90)


@pytest.fixture
def answers(last_day):
    return {
        "email": "lea@gmail.com",
        "last_day": last_day.isoformat(),
        "reason": "Welder",
    }


def press(client, path: str, answers: dict):
    """Press the button, and once more with the impact that was shown."""
    page = client.post(path, answers)
    if page.status_code == 200:
        page = client.post(path, answers | {"seen": page.context["shown"].seen})
    return page


def test_an_administrator_gives_a_voucher_after_the_impact(client, uma, fabrikam, answers):
    make.policy(make.package("Badge"), "named", fabrikam)
    client.force_login(uma)
    path = reverse("voucher_give", args=[fabrikam.uuid])
    shown = client.post(path, answers)
    assert "can request Badge with approval" in shown.content.decode()
    assert not Voucher.objects.exists()
    assert press(client, path, answers).status_code == 303
    page = client.get(reverse("organization_vouchers", args=[fabrikam.uuid])).content.decode()
    assert all(text in page for text in ("lea@gmail.com", "In force", "Welder", "Withdraw"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": "nonsense"}, "Enter an email address, such as"),
        ({"email": ""}, "Enter an email address"),
        ({"last_day": "2020-01-01"}, "Enter a day from today to"),
        ({"last_day": ""}, "Enter the last day of the voucher"),
        ({"reason": ""}, "Enter a reason"),
        ({"reason": "x" * 501}, "500 characters or fewer"),
        ({"reason": "a\u202eb"}, "cannot be seen"),
        ({"email": "bob@fabrikam.example"}, "so no voucher is needed"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_all_that_was_typed_stays(
    client, uma, fabrikam, answers, wrong, message
):
    client.force_login(uma)
    page = client.post(reverse("voucher_give", args=[fabrikam.uuid]), answers | wrong)
    text = page.content.decode()
    field = next(iter(wrong))
    assert message in " ".join(page.context["form"].errors[field])
    kept = {name: page.context["form"][name].value() for name in answers}
    assert kept == answers | wrong
    assert ("Error: " in text, Voucher.objects.exists(), page.status_code in (409, 422)) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize(("default", "is_asked"), [("allow", False), ("block", True)])
def test_the_tick_is_asked_for_only_where_the_list_blocks_by_default(
    client, uma, fabrikam, default, is_asked
):
    make.list_default(default)
    client.force_login(uma)
    page = client.get(reverse("voucher_give", args=[fabrikam.uuid])).content.decode()
    assert ("passes_default_block" in page) is is_asked


def test_a_sponsor_without_a_role_proposes_and_sees_no_more(client, sam, fabrikam, answers):
    make.sponsor(fabrikam, sam)
    sam.groups.clear()
    client.force_login(sam)
    path = f"{reverse('voucher_propose')}?organization={fabrikam.uuid}"
    assert client.get(path).status_code == 200
    assert client.post(path, answers).status_code == 303
    assert Voucher.objects.get().state == "proposed"


def test_for_whoever_is_no_sponsor_there_is_no_page(client, uma, fabrikam):
    client.force_login(uma)
    path = f"{reverse('voucher_propose')}?organization={fabrikam.uuid}"
    assert client.get(path).status_code == 404


def test_the_page_of_a_person_says_who_vouched_for_them(client, uma, fabrikam, last_day):
    lea = make.guest("lea@gmail.com")
    make_vouchers.voucher(fabrikam, last_day=last_day)
    client.force_login(uma)
    page = client.get(reverse("person_detail", args=[lea.uuid])).content.decode()
    assert "Vouched for" in page


def test_the_second_who_decides_is_told_who_did_before(client, uma, fabrikam, last_day):
    row = make_vouchers.voucher(fabrikam, state="proposed", last_day=last_day)
    client.force_login(uma)
    client.post(reverse("voucher_refuse", args=[row.uuid]))
    page = client.post(reverse("voucher_approve", args=[row.uuid]))
    assert page.status_code == 409
    assert f"refused ({uma})" in page.content.decode()

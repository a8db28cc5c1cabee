"""What the pages of an approver cost: the same statements however many requests wait."""

import pytest
from django.utils import timezone

from tests import make, make_requests
from tests.views.test_costs import statements

pytestmark = pytest.mark.django_db
COSTS = {
    "/approvals/": 7,
    "/approvals/count/": 5,
    "/approvals/{key}/": 11,
    "/approvals/review/?request={key}": 5,
    "/approvals/deputy/": 4,
}


@pytest.mark.parametrize("number", [2, 60])
def test_a_page_costs_the_same_however_many_requests_wait(signed_in, fabrikam, sam, uma, number):
    policy = make.policy(make.package("Drawings"), "named", fabrikam)
    make_requests.with_stages(policy, make_requests.named_stage(sam, uma))
    emails = (f"person{each}@fabrikam.example" for each in range(number))
    rows = [make_requests.request(policy.package, each, at=timezone.now()) for each in emails]
    make_requests.deputy(uma, sam)
    client = signed_in(sam)
    found = {page: statements(client, page.format(key=rows[0].uuid)) for page in COSTS}
    assert found == COSTS


@pytest.mark.parametrize("number", [2, 60])
def test_a_page_of_a_sponsor_costs_the_same(signed_in, fabrikam, sam, uma, number):
    make.sponsor(fabrikam, sam)
    policy = make.policy(make.package("Drawings"), "named", fabrikam)
    stages = make_requests.external_then_internal(uma)[::-1]
    make_requests.with_stages(policy, stages)
    for each in range(number):
        make_requests.request(policy.package, f"p{each}@fabrikam.example", at=timezone.now())
    client = signed_in(sam)
    assert statements(client, "/approvals/") == 7

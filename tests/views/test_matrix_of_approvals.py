"""Every page about one request x method x who asks: approver, deputy, requester, others, strangers;
and whose request or deputy it is.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.models import Sponsorship
from tests import make, make_requests, make_visits

pytestmark = pytest.mark.django_db
PAGES = ("request", "undo", "other request", "end of deputy", "list", "count", "review")
# For each of PAGES: what GET and POST of an empty form answer. `other request` waits for somebody
# else; `end of deputy` ends that of the approver.
CELLS = {
    "approver": ["200 422", "405 409", "404 404", "405 303", "200 405", "200 405", "422 422"],
    "deputy": ["200 422", "405 409", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "asked before": ["200 422", "405 409", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "next stage": ["404 404", "405 404", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "requester": ["404 404", "405 404", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "administrator": ["404 404", "405 404", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "other sponsor": ["404 404", "405 404", "200 422", "405 404", "200 405", "200 405", "422 422"],
    "no account": ["404 404", "405 404", "404 404", "405 404", "200 405", "200 405", "422 422"],
    "stranger": ["302 302"] * len(PAGES),
}


def by_password(person) -> Client:
    client = Client()
    client.force_login(person, backend="governance.models.sign_in.RoleBackend")
    return client


@pytest.fixture
def world(fabrikam, sam, uma, ada, bob) -> dict:
    """A request of Bob that waits for Eva, and one at Contoso that waits for its sponsor."""
    now = timezone.now()
    contoso = make.organization("Contoso", "contoso.example")
    eva, dora, carl, erik = (
        make.guest(f"{name}.example")
        for name in ("eva@fabrikam", "dora@fabrikam", "carl@contoso", "erik@fabrikam")
    )
    for organization, person in (
        (fabrikam, sam),
        (fabrikam, eva),
        (contoso, carl),
        (fabrikam, erik),
    ):
        make.sponsor(organization, person)
    package = make.package("Drawings")
    policy = make.policy(package, "named", fabrikam, contoso)
    make_requests.with_stages(policy, make_requests.external_then_internal(uma))
    deputy = make_requests.deputy(eva, dora)
    request = make_requests.request(package, at=now - timedelta(minutes=2))
    other = make_requests.request(package, "cleo@contoso.example", at=now)
    Sponsorship.objects.filter(person=erik).delete()
    return {
        "paths": {
            "request": f"/approvals/{request.uuid}/",
            "undo": f"/approvals/{request.uuid}/undo/",
            "other request": f"/approvals/{other.uuid}/",
            "end of deputy": f"/approvals/deputy/{deputy.uuid}/end/",
            "list": "/approvals/",
            "count": "/approvals/count/",
            "review": "/approvals/review/",
        },
        "who": {
            "approver": lambda: make_visits.visitor(eva.email),
            "deputy": lambda: make_visits.visitor(dora.email),
            "asked before": lambda: make_visits.visitor(erik.email),
            "next stage": lambda: by_password(sam),
            "requester": lambda: make_visits.visitor(bob.email),
            "administrator": lambda: by_password(ada),
            "other sponsor": lambda: make_visits.visitor(carl.email),
            "no account": lambda: make_visits.visitor("new@fabrikam.example"),
            "stranger": Client,
        },
    }


@pytest.mark.parametrize("who", CELLS)
def test_everybody_gets_the_answer_of_their_row(world, who):
    client = world["who"][who]()
    assert [answers(client, world["paths"][page]) for page in PAGES] == CELLS[who]


def answers(client: Client, path: str) -> str:
    return f"{client.get(path).status_code} {client.post(path).status_code}"

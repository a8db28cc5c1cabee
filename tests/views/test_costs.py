"""What each page costs: its SQL statements beyond session, person and roles, the same with ten
organizations and with a thousand.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions import drafts
from governance.models import AuditEvent, ListRule
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
SESSION_AND_USER = 2  # the session; the person, the roles and whether there is demo data
DRAFT = UUID("12345678-1234-4234-8234-123456789012")
ORGANIZATION, WIZARD = (
    "/connected-organizations/{fabrikam}/",
    f"/connected-organizations/add/{DRAFT}/",
)
COSTS = {
    "/": 3,
    "/search/?q=example": 4,
    "/connected-organizations/": 3,
    "/connected-organizations/?q=fabrikam": 3,
    "/connected-organizations/?view=blocked": 3,
    ORGANIZATION: 6,
    f"{ORGANIZATION}directories/": 5,
    f"{ORGANIZATION}sponsors/": 3,
    f"{ORGANIZATION}people/": 4,
    f"{ORGANIZATION}access/": 4,
    f"{ORGANIZATION}activity/": 4,
    f"{ORGANIZATION}delete/": 10,
    f"{ORGANIZATION}edit/basics/": 1,
    f"{ORGANIZATION}edit/directories/": 11,
    f"{WIZARD}basics/": 2,
    f"{WIZARD}directories/": 2,
    f"{WIZARD}sponsors/": 2,
    f"{WIZARD}review/": 5,
    f"{WIZARD}directories/select/?domain=other.example": 4,
    f"{WIZARD}sponsors/internal/": 3,
    f"{WIZARD}sponsors/external/": 3,
    "/people/": 3,
    "/people/?q=bob": 3,
    "/requests/": 2,
    "/requests/?organization=fabrikam": 3,
    "/assignments/": 2,
    "/assignments/?view=ending": 2,
    "/assignments/assign/": 1,
    "/people/{bob}/": 11,
    "/audit-log/": 3,
    "/audit-log/?actor=system": 3,
    "/audit-log/{event}/": 1,
    "/allow-deny-list/": 5,
    "/allow-deny-list/?q=fabrikam": 5,
    "/allow-deny-list/{rule}/": 1,
    "/allow-deny-list/{rule}/remove/": 3,
    "/allow-deny-list/own-names/": 1,
    "/access-packages/": 2,
    "/approvals/": 3,
    "/approvals/count/": 1,
    "/approvals/deputy/": 3,
    "/access-packages/{package}/": 3,
    "/what-if/": 2,
    "/what-if/?email=bob@eng.fabrikam.example&package={package}": 3,
    "/what-if/overlaps/": 2,
}


@pytest.fixture
def world(ada, sam, bob, fabrikam) -> dict:
    """Something on every page, whatever is filled in besides."""
    make.sponsor(fabrikam, sam)
    make.organization("Labs", "labs.fabrikam.example")
    drafts.save_answers(
        author=ada,
        uuid=DRAFT,
        step="basics",
        given={"name": "Contoso"},
        is_valid=True,
        at=make.NOON,
    )
    drafts.put_in_pane(author=ada, uuid=DRAFT, source=NewSource("contoso.example"), at=make.NOON)
    drafts.select_pane(author=ada, uuid=DRAFT, at=make.NOON)
    drafts.save_answers(
        author=ada,
        uuid=DRAFT,
        step="sponsors",
        given={"internal": [str(sam.uuid)]},
        is_valid=True,
        at=make.NOON,
    )
    rule: ListRule = make.list_rule("labs.fabrikam.example")
    return {
        "fabrikam": fabrikam.uuid,
        "bob": bob.uuid,
        "rule": rule.uuid,
        "event": AuditEvent.objects.latest("id").pk,
    }


@pytest.mark.parametrize("number", [10, 1000])
def test_a_page_costs_the_same_whatever_the_size(world, answers_are_kept, signed_in, ada, number):
    make.many_organizations(number)
    client, world = signed_in(ada), world | {"package": make.first_package().uuid}
    assert {page: statements(client, page.format(**world)) for page in COSTS} == COSTS


def statements(client, url: str) -> int:
    client.get(url)  # what is looked up once for good is not counted
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200, url
    return len(captured) - SESSION_AND_USER

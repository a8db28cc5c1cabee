"""Merging connected organizations, and undoing it within 30 days (product rule 42)."""

from datetime import timedelta

import pytest

from governance.actions.access_requests import decisions
from governance.actions.organizations import deletion, merging
from governance.facts.claims.membership import claim_covering
from governance.models import AccessRequest, AuditEvent, Organization, Person
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": NOON}
MONTH = timedelta(days=30)


@pytest.fixture
def northwind(db):
    return make.organization("Northwind", "northwind.example", state="proposed")


@pytest.fixture
def requested(fabrikam, northwind, uma):
    """A request of one of Northwind's people, which Uma decides."""
    package = make.package("Drawings")
    policy = make.policy(package, "any_outside")
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    return make_requests.request(package, "nia@northwind.example")


def merge(northwind, fabrikam, **more):
    return merging.merge(organization=northwind, into=fabrikam, **ACTING | more)


def code_of(call, **given) -> str:
    with pytest.raises(Refused) as refused:
        call(**given)
    return refused.value.code


def test_its_domains_belong_to_the_other_organization(northwind, fabrikam):
    merge(northwind, fabrikam)
    assert claim_covering("northwind.example").organization_name == "Fabrikam"


def test_its_people_belong_to_the_other_organization(northwind, fabrikam):
    nia = make.guest("nia@northwind.example")
    merge(northwind, fabrikam)
    nia.refresh_from_db()
    fabrikam.refresh_from_db()
    assert (nia.organization, fabrikam.people_count) == (fabrikam, 1)


def test_it_is_deleted(northwind, fabrikam):
    merge(northwind, fabrikam)
    northwind.refresh_from_db()
    assert northwind.is_deleted


def test_its_open_requests_go_on_with_the_other_organization(requested, northwind, fabrikam, uma):
    merge(northwind, fabrikam)
    row = make_requests.approve(AccessRequest.objects.get(), uma)
    assert (row.state, row.organization) == ("approved", fabrikam)


def test_its_closed_requests_stay_on_its_own_record(requested, northwind, fabrikam, uma):
    decisions.deny(request=requested, reason="No", by=make.actor(uma), at=NOON)
    merge(northwind, fabrikam)
    assert AccessRequest.objects.get().organization == northwind


def test_an_organization_is_not_merged_into_itself(fabrikam):
    given = {"organization": fabrikam, "into": fabrikam, **ACTING}
    assert code_of(merging.merge, **given) == "same_organization"


def test_nothing_is_merged_into_a_deleted_organization(northwind, fabrikam):
    deletion.delete(organization=fabrikam, **ACTING)
    given = {"organization": northwind, "into": fabrikam, **ACTING}
    assert code_of(merging.merge, **given) == "organization_deleted"


def test_a_merge_is_on_record_with_what_it_moved(northwind, fabrikam):
    merge(northwind, fabrikam)
    event = AuditEvent.objects.get(activity="Merge connected organizations")
    assert (event.target, event.organization) == ("Northwind", "Fabrikam")
    assert '"domains": ["northwind.example"]' in event.after


def test_undoing_brings_the_organization_back_with_domains_people_and_requests(
    requested, northwind, fabrikam
):
    nia = make.guest("nia@northwind.example")
    row = merge(northwind, fabrikam)
    merging.undo_merge(row=row, **ACTING)
    northwind.refresh_from_db()
    nia.refresh_from_db()
    assert (northwind.is_deleted, nia.organization) == (False, northwind)
    assert AccessRequest.objects.get().organization == northwind
    assert claim_covering("northwind.example").organization_name == "Northwind"


def test_a_domain_that_has_gone_elsewhere_since_does_not_come_back(northwind, fabrikam):
    row = merge(northwind, fabrikam)
    fabrikam.sources.filter(label="northwind.example").update(
        organization=make.organization("Contoso", "contoso.example")
    )
    assert code_of(merging.undo_merge, row=row, **ACTING) == "nothing_left"


@pytest.mark.parametrize(
    ("after", "code"), [(MONTH - timedelta(seconds=1), None), (MONTH, "merge_too_old")]
)
def test_a_merge_can_be_undone_for_30_days(northwind, fabrikam, after, code):
    row = merge(northwind, fabrikam)
    given = {"row": row, "by": SYSTEM, "at": NOON + after}
    if code:
        assert code_of(merging.undo_merge, **given) == code
    else:
        assert merging.undo_merge(**given).name == "Northwind"


def test_a_merge_is_undone_once(northwind, fabrikam):
    row = merge(northwind, fabrikam)
    merging.undo_merge(row=row, **ACTING)
    assert code_of(merging.undo_merge, row=row, **ACTING) == "merge_undone"


def test_an_organization_does_not_come_back_under_a_name_that_is_taken(northwind, fabrikam):
    row = merge(northwind, fabrikam)
    make.organization("Northwind", "other.example")
    assert code_of(merging.undo_merge, row=row, **ACTING) == "name_taken"


def test_only_administrators_merge(northwind, fabrikam, gil):
    given = {"organization": northwind, "into": fabrikam, "by": make.actor(gil), "at": NOON}
    assert code_of(merging.merge, **given) == "not_permitted"


def test_nobody_is_counted_twice(northwind, fabrikam):
    make.guest("nia@northwind.example")
    row = merge(northwind, fabrikam)
    merging.undo_merge(row=row, **ACTING)
    counts = Organization.objects.order_by("name").values_list("name", "people_count")
    assert list(counts) == [("Fabrikam", 0), ("Northwind", 1)]
    assert Person.objects.guests().count() == 1

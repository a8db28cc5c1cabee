"""The pages on which administrators decide about proposed organizations."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.actions.organizations import merging
from governance.models import ListRule, Organization, OrganizationMerge
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """What a reader sees: without markup, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


@pytest.fixture
def northwind(db):
    return make.organization("Northwind", "northwind.example", state="proposed")


def test_the_inbox_offers_four_decisions(northwind, ada, signed_in):
    text = text_of(signed_in(ada).get(reverse("organization_inbox")))
    for label in ("Configure Northwind", "Merge Northwind", "Refuse Northwind", "Snooze Northwind"):
        assert label in text


def test_an_empty_inbox_says_so(ada, signed_in):
    text = text_of(signed_in(ada).get(reverse("organization_inbox")))
    assert "Nothing is waiting for a decision" in text


def test_a_merge_shows_its_impact_first_and_is_done_then(northwind, fabrikam, ada, signed_in):
    client, page = signed_in(ada), reverse("organization_merge", args=[northwind.uuid])
    make.policy(make.package(), "named", fabrikam)
    make.guest("nia@northwind.example")
    first = client.post(page, {"into": "fabrikam.example"})
    assert "Merge anyway" in first.content.decode()
    assert not OrganizationMerge.objects.exists()
    seen = {"into": "fabrikam.example", "seen": first.context["shown"].seen}
    assert client.post(page, seen).status_code == 303
    assert OrganizationMerge.objects.get().into == fabrikam


def test_a_merge_into_nothing_is_said_at_the_field(northwind, ada, signed_in):
    page = reverse("organization_merge", args=[northwind.uuid])
    answer = signed_in(ada).post(page, {"into": "Nowhere"})
    assert answer.status_code == 422
    assert "No connected organization has this name or domain" in text_of(answer)
    assert 'value="Nowhere"' in answer.content.decode()


def test_a_merge_is_undone_on_a_page_of_its_own(northwind, fabrikam, ada, signed_in):
    client = signed_in(ada)
    row = merging.merge(organization=northwind, into=fabrikam, by=SYSTEM, at=timezone.now())
    page = reverse("organization_undo_merge", args=[row.uuid])
    first = client.get(page)
    assert "Undo the merge of Northwind?" in text_of(first)
    assert client.post(page, {"seen": first.context["shown"].seen}).status_code == 303
    assert Organization.objects.present().filter(name="Northwind").exists()


def test_refusing_with_a_block_adds_a_rule(northwind, ada, signed_in):
    client, page = signed_in(ada), reverse("organization_refuse", args=[northwind.uuid])
    first = client.post(page, {"blocks": "on", "reason": "Spam"})
    form = {"blocks": "on", "reason": "Spam"}
    if first.status_code != 303:
        client.post(page, form | {"seen": first.context["shown"].seen})
    assert ListRule.objects.get().name == "northwind.example"


def test_a_user_administrator_is_not_offered_to_block(northwind, uma, signed_in):
    page = signed_in(uma).get(reverse("organization_refuse", args=[northwind.uuid]))
    assert "Block its domains" not in text_of(page)


def test_a_day_that_is_over_is_said_at_the_field(northwind, ada, signed_in):
    page = reverse("organization_snooze", args=[northwind.uuid])
    answer = signed_in(ada).post(page, {"until": "2020-01-01"})
    assert answer.status_code == 422
    assert "Enter a day that is not over and at most 90 days away" in text_of(answer)

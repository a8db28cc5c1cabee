"""The ways in which rows are come by differ in cost alone; what stops counting says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.db import combined_query, kept_statements
from governance.models import Organization
from governance.queries.organizations import around as organization_numbers
from governance.queries.organizations import filters as organization_filters
from governance.queries.organizations import listing as organization_list
from governance.queries.organizations import search as organization_search
from governance.queries.organizations.filters import SORTS, VIEWS, OrganizationFilters, Way, asked
from governance.queries.organizations.listing import every_organization, organization_page
from governance.queries.organizations.search import is_hit, search_for
from tests import make

pytestmark = pytest.mark.django_db
CAPPED = (
    combined_query,
    organization_filters,
    organization_list,
    organization_numbers,
    organization_search,
)


@pytest.fixture
def many():
    make.many_organizations(300)


def ids(text: str, way: Way, **more) -> set[int]:
    filters, search = OrganizationFilters(text=text, **more), search_for(text)
    hits = Organization.objects.filter(is_hit(search)).values_list("id", flat=True)
    request = replace(asked(filters, search, make.NOON), hits=tuple(hits))
    return set(request.rows(filters.view, way).values_list("id", flat=True))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "text",
    ["", "a", "am", "marine", "member1", "27", "x@dept.cedar-freight-29.example", "no such text"],
)
@pytest.mark.parametrize(
    "more", [{}, {"sign_in": "directory"}, {"sponsors": "none", "sign_in": "passcode"}]
)
def test_every_way_finds_the_same(many, view, text, more):
    found = {way: ids(text, way, view=view, **more) for way in Way}
    assert (
        found[Way.BY_HITS]
        == found[Way.BY_EVERY_TEXT]
        == found[Way.BY_FILTER]
        == found[Way.IN_ORDER]
    )


@pytest.fixture
def stops_at_twenty(monkeypatch):
    monkeypatch.setattr(kept_statements, "_kept", {})
    for module in CAPPED:
        monkeypatch.setattr(module, "COUNT_CAP", 20)


@pytest.mark.parametrize("text", ["", "university"])
def test_counting_stops_and_says_so(many, stops_at_twenty, ada, text):
    page = organization_page(OrganizationFilters(text=text), cursor="", person=ada, at=make.NOON)
    assert (str(page.counts[""])[-1], page.counts[""].number <= 20) == ("+", True)


@pytest.mark.parametrize("sort", SORTS.values(), ids=SORTS.keys())
@pytest.mark.parametrize(
    ("text", "looked_at", "common"),
    [
        ("", 1000, 100),
        ("z", 1000, 100),
        ("example", 1000, 100),
        ("university", 60, 100),
        ("university", 30, 1),
        ("university", 30, 100),
    ],
)
def test_many_rows_come_in_the_same_order_as_few(
    many, monkeypatch, ada, sort, text, looked_at, common
):
    def json_list():
        return [
            row.id
            for row in every_organization(
                OrganizationFilters(text=text, sort=sort), person=ada, at=make.NOON
            )
        ]

    few = json_list()
    monkeypatch.setattr(kept_statements, "_kept", {})  # their limits are part of their text
    for module in CAPPED:
        monkeypatch.setattr(module, "COUNT_CAP", 20 if len(text) > 1 else 5)
    monkeypatch.setattr(organization_filters, "LOOKED_AT", looked_at)
    monkeypatch.setattr(organization_list, "COMMON", common)
    monkeypatch.setattr(organization_list, "EXPORTED_AT_ONCE", 10)
    assert json_list() == few
    has_text = (
        {"name_key__startswith": text} if len(text) == 1 else {"search_entry__text__contains": text}
    )
    assert len(few) == Organization.objects.present().filter(**has_text).count() > 5

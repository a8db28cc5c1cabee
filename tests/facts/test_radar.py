"""The no-approver radar over rows: stages that nobody could decide now."""

from __future__ import annotations

import pytest

from governance.actions.organizations.membership import recount_sponsors
from governance.facts.access_requests.radar import gaps_after, radar
from governance.models import Organization, Person
from governance.rules.access_packages.stages import Stage
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def uma():
    return make.member("uma@harbourgate.example", name="Uma")


@pytest.fixture
def package(uma):
    return make.package()


def gone(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(state="blocked", is_active=False)


def found(**asked) -> list[tuple]:
    """The stage, the organization or number of them, and whether it is about outside people."""
    return [
        (gap.stage, gap.organization, gap.organizations, gap.is_outside)
        for gap in radar(make.NOON, **asked)
    ]


def sponsored(name: str, domain: str, kind: str = "internal", **more):
    organization = make.organization(name, domain, **more)
    if kind == "internal":
        person = make.member(f"sponsor.of.{domain}@harbourgate.example")
    else:
        person = make.guest(f"sponsor@{domain}")
    make.sponsor(organization, person)
    recount_sponsors(Organization.objects.filter(pk=organization.pk))
    return organization


def test_a_fallback_who_can_decide_leaves_no_gap(package, fabrikam):
    make.policy(package, "named", fabrikam)
    assert found() == []


def test_without_fallback_each_named_organization_without_sponsor_is_a_gap(package, uma, fabrikam):
    other = sponsored("Contoso", "contoso.example")
    make.policy(package, "named", fabrikam, other)
    gone(uma)
    assert found() == [(1, "Fabrikam", 0, False)]


def test_an_external_sponsor_who_is_only_invited_cannot_decide(package, uma, fabrikam):
    make.sponsor(fabrikam, make.guest("ext@fabrikam.example", state="invited"))
    make.policy(package, "named", fabrikam, stages=make.stages("external_sponsors"))
    gone(uma)
    assert found() == [(1, "Fabrikam", 0, False)]


def test_organizations_of_a_wide_scope_are_counted(package, uma, fabrikam):
    sponsored("Contoso", "contoso.example")
    make.organization("Tailspin", "tailspin.example")
    make.organization("Norr", "norr.example", state="proposed")
    make.policy(package, "all_configured")
    gone(uma)
    assert found() == [(1, "Fabrikam and Tailspin", 2, False)]


def test_organizations_that_another_policy_names_are_not_counted(package, uma, fabrikam):
    make.organization("Tailspin", "tailspin.example")
    make.policy(package, "all_configured")
    make.policy(package, "named", fabrikam, needs_approval=False)
    gone(uma)
    assert found() == [(1, "Tailspin", 1, False)]


def test_any_outside_person_needs_a_fallback_as_sponsors_of_proposed_ones_do_not_count(
    package, uma, fabrikam
):
    sponsored("Norr", "norr.example", state="proposed")
    make.policy(package, "any_outside")
    make.policy(package, "all_configured", needs_approval=False)
    gone(uma)
    assert found() == [(1, "", 0, True), (1, "Norr", 1, False)]


def test_members_have_no_sponsors(package, uma):
    make.policy(package, "members")
    gone(uma)
    assert found() == [(1, "", 0, False)]


def test_named_people_who_cannot_decide_are_a_gap_for_everybody(package, uma, fabrikam):
    make.policy(package, "all_configured", stages=(Stage("named_people", (str(uma.uuid),)),))
    gone(uma)
    assert found() == [(1, "", 0, False)]


def test_one_fallback_for_two_stages_is_a_gap_where_no_sponsor_is(package, uma, fabrikam):
    sponsored("Contoso", "contoso.example")
    make.policy(
        package, "all_configured", stages=make.stages("external_sponsors", "internal_sponsors")
    )
    assert found() == [(2, "Fabrikam", 1, False)]


def test_a_closed_policy_and_a_closed_package_have_no_gap(package, uma, fabrikam):
    make.policy(package, "all_configured", is_open=False)
    make.policy(make.package("Closed", is_open=False), "all_configured")
    gone(uma)
    assert found() == []


def test_asked_about_organizations_the_answer_is_about_each_of_these(package, uma, fabrikam):
    contoso = sponsored("Contoso", "contoso.example")
    make.policy(package, "all_configured")
    gone(uma)
    assert found(organizations=[fabrikam, contoso]) == [(1, "Fabrikam", 0, False)]


def test_asked_about_packages_the_answer_leaves_out_others(package, uma, fabrikam):
    make.policy(package, "all_configured")
    gone(uma)
    assert found(packages=[make.package("Other")]) == []


def test_removing_the_fallback_would_open_a_gap(package, uma, fabrikam):
    make.policy(package, "all_configured")
    assert [gap.organization for gap in gaps_after([uma], make.NOON)] == ["Fabrikam"]


def test_removing_the_last_sponsor_would_open_a_gap_where_no_fallback_can_decide(
    package, uma, fabrikam
):
    contoso = sponsored("Contoso", "contoso.example")
    make.policy(package, "all_configured")
    gone(uma)
    sponsor = contoso.sponsorships.get().person
    assert [gap.organization for gap in gaps_after([sponsor], make.NOON)] == ["Contoso"]


def test_removing_somebody_else_opens_no_gap(package, uma, fabrikam):
    make.policy(package, "all_configured")
    assert gaps_after([make.member("sam@harbourgate.example")], make.NOON) == []


def test_the_radar_costs_the_same_whatever_the_number_of_organizations(
    package, uma, django_assert_num_queries
):
    make.policy(package, "all_configured")
    gone(uma)
    make.many_organizations(50)
    with django_assert_num_queries(4):
        radar(make.NOON)
    make.many_organizations(100)
    with django_assert_num_queries(4):
        radar(make.NOON)


def test_a_radar_without_problems_costs_two_statements(
    package, fabrikam, django_assert_num_queries
):
    make.policy(package, "all_configured")
    with django_assert_num_queries(2):
        radar(make.NOON)

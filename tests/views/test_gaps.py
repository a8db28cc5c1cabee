"""Stages that nobody could decide: said on the overview, on the organization, on the package, and
before whatever would cause it is saved.
"""

import pytest
from django.urls import reverse

from tests import make
from tests.views.reading import at, page_of

pytestmark = pytest.mark.django_db
GAP = "Nobody could decide stage 1 of the policy “Named” of Drawings"


@pytest.fixture
def package(fabrikam, uma):
    """Drawings, which an internal sponsor of Fabrikam decides; whoever was the fallback is gone."""
    row = make.package("Drawings")
    gone = make.member("fay@harbourgate.example", name="Fay")
    make.policy(row, "named", fabrikam, stages=make.stages(fallback=(str(gone.uuid),)))
    gone.state, gone.is_active = "removed", False
    gone.save()
    return row


@pytest.mark.parametrize("path", ["overview", "organization", "package"])
def test_the_overview_the_organization_and_the_package_say_it(
    path, package, fabrikam, ada, signed_in
):
    paths = {
        "overview": "/",
        "organization": at(fabrikam),
        "package": reverse("package_detail", args=[package.uuid]),
    }
    assert GAP in page_of(signed_in(ada).get(paths[path]))


@pytest.mark.parametrize("path", ["/", "organization"])
def test_nothing_is_said_while_a_sponsor_can_decide(path, package, fabrikam, sam, ada, signed_in):
    make.sponsor(fabrikam, sam)
    page = signed_in(ada).get(at(fabrikam) if path == "organization" else path)
    assert GAP not in page_of(page)


def test_who_does_not_see_policies_is_not_told_of_them(package, fabrikam, gil, signed_in):
    assert GAP not in page_of(signed_in(gil).get(at(fabrikam)))


def test_removing_the_last_sponsor_says_it_first(package, fabrikam, sam, ada, signed_in):
    make.sponsor(fabrikam, sam)
    page = at(fabrikam, "sponsors", str(sam.uuid), "remove")
    assert GAP in page_of(signed_in(ada).get(page))


def test_blocking_the_last_sponsor_says_it_first(package, fabrikam, sam, ada, signed_in):
    make.sponsor(fabrikam, sam)
    page = reverse("person_block", args=[sam.uuid])
    assert GAP in page_of(signed_in(ada).get(page))


def test_removing_one_of_two_sponsors_says_nothing(package, fabrikam, sam, rob, ada, signed_in):
    make.sponsor(fabrikam, sam)
    make.sponsor(fabrikam, rob)
    page = at(fabrikam, "sponsors", str(sam.uuid), "remove")
    assert GAP not in page_of(signed_in(ada).get(page))

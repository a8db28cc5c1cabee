"""The overlap map: whose names lie above names of others."""

from __future__ import annotations

import pytest

from governance.queries.what_if import overlaps
from tests import make

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, list[str], bool]]:
    return [(overlap.claim.name, [claim.name for claim in overlap.beneath], overlap.reaches) for overlap in overlaps()]


def test_a_name_beneath_one_of_another_organization_is_on_the_map(fabrikam):
    make.organization("Fabrikam labs", "labs.fabrikam.example")
    assert found() == [("fabrikam.example", ["labs.fabrikam.example"], True)]


def test_names_that_only_begin_alike_do_not_hide_one_that_lies_beneath(fabrikam):
    make.organization("Others", "fabrikam-italia.example", "fabrikam-italia.test")
    make.organization("Fabrikam labs", "labs.fabrikam.example")
    assert found() == [("fabrikam.example", ["labs.fabrikam.example"], True)]


def test_a_name_that_only_ends_alike_is_not_on_the_map(fabrikam):
    make.organization("Evil", "evilfabrikam.example", "fabrikam-evil.example", "fabrikamevil.example")
    assert found() == []


def test_names_of_one_organization_are_not_on_the_map():
    make.organization("Fabrikam", "fabrikam.example", "labs.fabrikam.example")
    assert found() == []


def test_each_name_above_is_told_with_all_that_lie_beneath_it(fabrikam):
    make.organization("Labs", "labs.fabrikam.example")
    make.organization("Optics", "optics.labs.fabrikam.example")
    assert found() == [
        ("fabrikam.example", ["labs.fabrikam.example", "optics.labs.fabrikam.example"], True),
        ("labs.fabrikam.example", ["optics.labs.fabrikam.example"], True),
    ]

"""Whom a change of claims gives an organization, takes it from, moves, or no longer shuts out."""

import pytest

from governance.actions.deleted_organizations import delete
from governance.models import Organization
from governance.queries.effects import Move, effect_of_claims
from governance.queries.source_changes import claims_as_if
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
BOB = ("Bob Ferreira", "bob@eng.fabrikam.example")


@pytest.fixture
def deleted(fabrikam, bob):
    delete(organization=Organization.objects.get(), by=SYSTEM, at=make.NOON)


def numbers(effect) -> tuple:
    return effect.gains, effect.loses, effect.moves, effect.frees


def test_a_name_that_a_deleted_organization_lets_go_of_no_longer_shuts_its_people_out(deleted):
    effect = effect_of_claims(["fabrikam.example"], without=frozenset({"fabrikam.example"}))
    assert (numbers(effect), effect.people) == (
        (0, 0, 0, 1),
        (Move(*BOB, "Fabrikam, deleted", None),),
    )


def test_who_comes_from_a_deleted_organization_to_another_gains_one(deleted):
    contoso = make.organization("Contoso", "contoso.example")
    longer = claims_as_if(
        str(contoso.uuid), "Contoso", "configured", {"eng.fabrikam.example": True}
    )
    effect = effect_of_claims(["eng.fabrikam.example"], plus=longer)
    assert (numbers(effect), effect.people) == (
        (1, 0, 0, 0),
        (Move(*BOB, "Fabrikam, deleted", "Contoso"),),
    )


def test_a_name_that_an_organization_lets_go_of_takes_it_from_its_people(fabrikam, bob):
    effect = effect_of_claims(["fabrikam.example"], without=frozenset({"fabrikam.example"}))
    assert (numbers(effect), effect.people) == ((0, 1, 0, 0), (Move(*BOB, "Fabrikam", None),))


def test_a_longer_name_beside_one_in_doubt_lets_its_people_ask_again(fabrikam, bob):
    organization = Organization.objects.get()
    organization.sources.update(in_doubt_since=make.NOON)
    longer = claims_as_if(
        str(organization.uuid), "Fabrikam", "configured", {"eng.fabrikam.example": True}
    )
    effect = effect_of_claims(["eng.fabrikam.example"], plus=longer)
    assert (numbers(effect), effect.people) == (
        (0, 0, 0, 1),
        (Move(*BOB, "Fabrikam, in doubt", "Fabrikam"),),
    )

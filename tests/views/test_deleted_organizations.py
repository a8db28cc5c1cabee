"""Deleting, restoring and releasing in the browser (what each shows beforehand:
test_changes_shown.py).
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import AuditEvent, Organization
from tests import make

from .reading import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def contoso(db):
    return make.organization("Contoso", "contoso.example", "contoso.test")


def delete(client, organization, **more):
    seen = client.get(at(organization, "delete")).context["shown"].seen
    return client.post(at(organization, "delete"), {"seen": seen} | more)


def restore(client, organization):
    seen = client.get(at(organization, "restore")).context["shown"].seen
    return client.post(at(organization, "restore"), {"seen": seen})


def release(client, organization, *names: str):
    shown = client.post(at(organization, "release"), {"name": names})
    return client.post(
        at(organization, "release"), {"name": names, "seen": shown.context["shown"].seen}
    )


def deleted(organization) -> bool:
    return Organization.objects.get(pk=organization.pk).is_deleted


def test_an_organization_without_people_is_deleted_without_typing_its_name(client, contoso):
    response = delete(client, contoso)
    assert (response.status_code, response.url, deleted(contoso)) == (303, at(contoso), True)
    assert "Contoso deleted. Restore until" in page_of(client.get(response.url))


@pytest.mark.parametrize("typed", ["", "Contos", "Fabrikam", "contoso.example"])
def test_where_people_lose_something_its_name_must_be_typed(client, contoso, typed):
    make.guest("lea@contoso.example")
    response = delete(client, contoso, name=typed)
    assert (
        response.status_code,
        "The name you typed does not match" in page_of(response),
        deleted(contoso),
    ) == (422, True, False)
    assert f'value="{typed}"' in page_of(response)


@pytest.mark.parametrize("typed", ["Contoso", " CONTOSO "])
def test_the_name_may_be_typed_in_any_case(client, contoso, typed):
    make.guest("lea@contoso.example")
    assert (delete(client, contoso, name=typed).status_code, deleted(contoso)) == (303, True)


def test_what_is_deleted_already_is_not_deleted_again(client, contoso):
    delete(client, contoso)
    assert client.post(at(contoso, "delete"), {"seen": ""}).status_code == 404
    assert AuditEvent.objects.filter(activity="Delete connected organization").count() == 1


def test_a_deleted_organization_is_read_and_restored_but_not_edited(client, contoso):
    delete(client, contoso)
    page = page_of(client.get(at(contoso)))
    assert (
        "Contoso was deleted by Ada Okafor" in page,
        at(contoso, "restore") in page,
        at(contoso, "edit", "basics") in page,
    ) == (True, True, False)
    assert client.get(at(contoso, "edit", "directories")).status_code == 404


def test_it_comes_back_and_says_what_did_not(client, contoso):
    delete(client, contoso)
    make.organization("Contoso", "contoso.test", at=timezone.now())
    response = restore(client, contoso)
    assert (response.status_code, deleted(contoso)) == (303, False)
    page = page_of(client.get(response.url))
    assert "Another connected organization now uses the name Contoso." in page
    assert "It was restored as proposed, without contoso.test." in page


def test_with_nothing_left_it_stays_deleted_and_says_why(client, contoso):
    delete(client, contoso)
    release(client, contoso, "contoso.example", "contoso.test")
    response = restore(client, contoso)
    assert (
        "None of the domains of Contoso can be restored" in page_of(response),
        deleted(contoso),
    ) == (True, True)


def test_what_is_not_deleted_cannot_be_restored_or_released(client, contoso):
    assert [client.post(at(contoso, verb)).status_code for verb in ("restore", "release")] == [
        404,
        404,
    ]


def test_chosen_names_are_released_after_it_was_shown(client, contoso):
    delete(client, contoso)
    assert release(client, contoso, "contoso.test").status_code == 303
    assert list(contoso.claims.present().values_list("name", flat=True)) == ["contoso.example"]


@pytest.mark.parametrize(
    ("names", "status", "said"),
    [
        ([], 422, "Select at least one domain"),
        (["fabrikam.example"], 409, "Some of these domains are no longer reserved for Contoso"),
        (
            ["contoso.test", "x.example"],
            409,
            "Some of these domains are no longer reserved for Contoso",
        ),
    ],
    ids=["none", "another's", "one of its own and another's"],
)
def test_names_that_are_not_all_its_own_are_not_released(
    client, contoso, fabrikam, names, status, said
):
    delete(client, contoso)
    response = client.post(at(contoso, "release"), {"name": names, "seen": ""})
    assert (response.status_code, said in page_of(response)) == (status, True)
    assert (contoso.claims.present().count(), fabrikam.claims.present().count()) == (2, 1)

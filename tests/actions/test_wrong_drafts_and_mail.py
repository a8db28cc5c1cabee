"""Drafts and mail are written by functions that leave no event: they take no wrong value either."""

from __future__ import annotations

from uuid import UUID

import pytest

from governance.actions import drafts
from governance.actions.mail import write_mail
from governance.models import Draft, Mail, Organization
from governance.rules.decision import Refused
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
KEY = UUID(int=7)


def code(action, **given) -> str:
    with pytest.raises(Refused) as refusal:
        action(**given, at=make.NOON)
    return refusal.value.code


@pytest.mark.parametrize("step", ["nonsense", "", None, 5])
def test_a_step_that_does_not_exist_is_not_kept(ada, step):
    given = {"author": ada, "uuid": KEY, "given": {}, "is_valid": None}
    assert code(drafts.save_answers, step=step, **given) == "step_unknown"
    assert Draft.objects.count() == 0


def test_a_draft_by_what_is_no_id_is_refused(ada):
    assert code(drafts.discard_pane, author=ada, uuid="x") == "not_an_id"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (NewSource("CONTOSO.example"), "domain_not_canonical"),
        (NewSource("contoso.example", covers_subdomains="yes"), "not_yes_or_no"),
        (NewSource("contoso.example", directory_id="x"), "not_an_id"),
    ],
)
def test_a_source_that_could_not_be_stored_does_not_come_into_a_draft(ada, source, expected):
    own = {"author": ada, "uuid": KEY}
    assert code(drafts.put_in_pane, source=source, **own) == expected
    assert code(drafts.accept_difference, present=source, **own) == expected
    assert Draft.objects.count() == 0


def test_the_sources_of_an_organization_that_is_gone_are_not_edited(ada, fabrikam):
    Organization.objects.filter(pk=fabrikam.pk).delete()
    begun = {"author": ada, "organization": fabrikam, "sources": ()}
    assert code(drafts.begin_edit, **begun) == "organization_gone"


@pytest.mark.parametrize(
    ("to", "expected"), [(None, "not_text"), (f"{'a' * 250}@x.example", "address_malformed")]
)
def test_no_mail_is_written_to_what_is_no_address(to, expected):
    assert code(write_mail, to=to, subject="S", body="B") == expected
    assert Mail.objects.count() == 0


def test_an_endless_address_at_the_password_reset_is_no_fault(client):
    endless = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    answer = client.post("/accounts/password/reset/", {"email": endless})
    assert (answer.status_code < 500, Mail.objects.count()) == (True, 0)

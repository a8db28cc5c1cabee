"""Webhooks: their addresses, and secrets that are shown once."""

from __future__ import annotations

import pytest

from governance.actions.resources import webhooks
from governance.models import AuditEvent, Webhook
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_access

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
URL = "https://doors.example/hook"


def refusal_of(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        action(**given, **ACTING)
    return refused.value.code, refused.value.reasons[0].field


def test_a_new_webhook_has_a_secret_of_its_own():
    first = webhooks.create_webhook(name="One", url=URL, **ACTING)
    second = webhooks.create_webhook(name="Two", url=URL, **ACTING)
    assert (first.webhook.secret, len(first.secret), first.secret != second.secret) == (
        first.secret,
        43,
        True,
    )


def test_no_event_has_the_secret():
    made = webhooks.create_webhook(name="One", url=URL, **ACTING)
    new = webhooks.renew_webhook_secret(webhook=made.webhook, **ACTING)
    webhooks.change_webhook(webhook=made.webhook, name="Two", url=URL, **ACTING)
    webhooks.remove_webhook(webhook=made.webhook, **ACTING)
    events = " ".join(AuditEvent.objects.values_list("canonical", flat=True))
    assert (made.secret in events, new.secret in events, AuditEvent.objects.count()) == (
        False,
        False,
        4,
    )


def test_a_new_secret_takes_the_place_of_the_old_one():
    made = webhooks.create_webhook(name="One", url=URL, **ACTING)
    new = webhooks.renew_webhook_secret(webhook=made.webhook, **ACTING)
    assert (Webhook.objects.get().secret, new.secret != made.secret) == (new.secret, True)


def test_a_second_press_makes_no_second_secret():
    webhook = make_access.webhook()
    webhooks.renew_webhook_secret(webhook=webhook, version=1, **ACTING)
    given = {"webhook": webhook, "version": 1}
    assert refusal_of(webhooks.renew_webhook_secret, **given)[0] == "changed_meanwhile"


def test_changing_the_name_keeps_the_secret():
    made = webhooks.create_webhook(name="One", url=URL, **ACTING)
    webhooks.change_webhook(webhook=made.webhook, name="Two", url=URL, **ACTING)
    assert Webhook.objects.get().secret == made.secret


def test_a_webhook_in_a_package_is_not_removed():
    webhook = make_access.webhook()
    make_access.resource(make.package(), webhook)
    assert refusal_of(webhooks.remove_webhook, webhook=webhook)[0] == "resource_in_use"


def test_a_wrong_address_is_refused_at_its_field():
    assert refusal_of(webhooks.create_webhook, name="One", url="http://doors.example") == (
        "url_not_https",
        "url",
    )

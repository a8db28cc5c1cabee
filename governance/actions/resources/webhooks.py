"""What can be done to webhooks. A secret is shown once, by whoever made it, and never recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from ...facts.resources.usage import resources_at, why_not_removable
from ...models import Webhook
from ...rules.decision import Refused
from ...rules.roles import Actor
from ...rules.webhooks import known_webhook_url
from ..action import action, named
from ..audit import record
from ..locks import lock_row
from ..named_rows import (
    free_name,
    made_columns,
    name_columns,
    name_taken,
    require_present_version,
    save_changed,
)

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class WithSecret:
    """A webhook with the secret that was just made, to be shown once."""

    webhook: Webhook
    secret: str


def _name_taken(*, name: str, webhook: Webhook | None = None, **_: object) -> Refused | None:
    return name_taken(Webhook, name, webhook)


@action(
    "Add webhook",
    needs="change_package",
    lost_race=_name_taken,
    about=lambda *, name, **_: named("webhook", name),
)
def create_webhook(*, name: str, url: str, by: Actor, at: datetime) -> WithSecret:
    """Create a webhook with a new secret. Raises Refused for a name that is taken."""
    secret = token_urlsafe(_SECRET_BYTES)
    row = Webhook.objects.create(
        **name_columns(free_name(Webhook, name)),
        url=known_webhook_url(url),
        secret=secret,
        **made_columns(by, at),
    )
    record(create_webhook.activity, by=by, at=at, target=row, after=_snapshot(row))
    return WithSecret(row, secret)


@action("Update webhook", needs="change_package", lost_race=_name_taken)
def change_webhook(
    *, webhook: Webhook, name: str, url: str, by: Actor, at: datetime, version: int | None = None
) -> Webhook:
    """Change what a webhook is called and where it is. Raises Refused when it changed meanwhile."""
    row = lock_row(webhook, "webhook_gone")
    require_present_version(row, version)
    before, columns = _snapshot(row), name_columns(free_name(Webhook, name, row))
    row.name, row.name_key = columns["name"], columns["name_key"]
    row.url = known_webhook_url(url)
    if (after := _snapshot(row)) != before:
        save_changed(row, by, at)
        record(change_webhook.activity, by=by, at=at, target=row, before=before, after=after)
    return row


@action("Renew webhook secret", needs="change_package")
def renew_webhook_secret(
    *, webhook: Webhook, by: Actor, at: datetime, version: int | None = None
) -> WithSecret:
    """Replace the secret: what is sent from now on is signed with the new one."""
    row = lock_row(webhook, "webhook_gone")
    require_present_version(row, version)
    row.secret = token_urlsafe(_SECRET_BYTES)
    save_changed(row, by, at)
    record(renew_webhook_secret.activity, by=by, at=at, target=row)
    return WithSecret(row, row.secret)


def _used(*, webhook: Webhook, **_: object) -> Refused | None:
    return why_not_removable(webhook)


@action("Delete webhook", needs="change_package", lost_race=_used)
def remove_webhook(*, webhook: Webhook, by: Actor, at: datetime) -> None:
    """Remove a webhook that no package uses.

    Raises Refused while it is used, and for one that something was sent to.
    """
    row = lock_row(webhook, "webhook_gone")
    if refusal := why_not_removable(row):
        raise refusal
    resources_at(row).delete()
    record(remove_webhook.activity, by=by, at=at, target=row, before=_snapshot(row))
    Webhook.objects.filter(pk=row.pk).delete()


def _snapshot(webhook: Webhook) -> dict[str, object]:
    return {"name": webhook.name, "address": webhook.url}

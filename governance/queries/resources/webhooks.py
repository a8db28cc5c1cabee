"""The list of webhooks, and what was sent to one. Secrets are never read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ...db.combined_query import Counted, run_combined
from ...db.keyset import Sort, a_text
from ...db.keyset_pages import Page, page_of
from ...facts.resources.usage import packages_with
from ...models import Delivery, Package, Webhook
from ...rules.names import name_key

BY_NAME = Sort("name", "name_key", a_text)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """What the page of a webhook shows: who uses it, and what became of the latest deliveries."""

    packages: tuple[Package, ...]
    latest: tuple[Delivery, ...]
    counts: dict[str, Counted]


def without_secrets() -> QuerySet[Webhook]:
    """Return the webhooks as pages and files may read them."""
    return Webhook.objects.defer("secret")


def webhook_page(text: str, cursor: str) -> Page:
    """Return a page of webhooks by name, each with `package_count`. One statement."""
    present = Count("resources", filter=Q(resources__removed_at__isnull=True))
    rows = without_secrets().annotate(package_count=present)
    if text:
        rows = rows.filter(Q(name_key__contains=name_key(text)) | Q(url__icontains=text))
    return page_of(rows, BY_NAME, cursor)


def webhook_facts(webhook: Webhook) -> WebhookFacts:
    """Return what its page shows. Three statements."""
    sent = Delivery.objects.filter(resource__webhook=webhook)
    latest = sent.select_related("assignment__person", "assignment__package").order_by("-id")
    states = {str(state.value): sent.filter(state=state) for state in Delivery.State}
    counts, _lists = run_combined(states, {})
    return WebhookFacts(tuple(packages_with(webhook)), tuple(latest[:SHOWN]), counts)

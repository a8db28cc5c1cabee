"""Webhooks: the list, one of them, adding and changing. A new secret is shown once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ...actions.resources import webhooks
from ...actions.resources.webhooks import WithSecret
from ...facts.resources.usage import why_not_removable
from ...forms.resources import WebhookForm
from ...models import Webhook
from ...queries.resources.webhooks import webhook_facts, webhook_page, without_secrets
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt
from ...web.form_data import posted_version, searched_text
from ...web.responses import see_other
from .confirm import Question, confirm_page


@needs("view_package")
def webhook_list(request):
    text = searched_text(request)
    page = webhook_page(text, request.GET.get("cursor", ""))
    return render(request, "governance/webhooks/list.html", {"page": page, "text": text})


@needs("view_package")
def detail(request, key: UUID):
    webhook = _webhook_or_404(key)
    context = {"webhook": webhook, "facts": webhook_facts(webhook)}
    return render(request, "governance/webhooks/detail.html", context)


@needs("change_package", methods=("GET", "POST"))
def add(request):
    form = WebhookForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            acting = {"by": actor_of(request), "at": timezone.now()}
            made = webhooks.create_webhook(**form.cleaned_data, **acting)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return _secret_page(request, made)
    return _form_page(request, form)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    webhook = _webhook_or_404(key)
    initial = {"name": webhook.name, "url": webhook.url}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data | {"version": posted_version(request)}
        try:
            webhooks.change_webhook(
                webhook=webhook, **given, by=actor_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} saved.")
            return see_other("webhook_detail", key)
    return _form_page(request, form, webhook)


@needs("change_package", methods=("GET", "POST"))
def renew_secret(request, key: UUID):
    """Make a new secret, and show it. The version that was posted keeps a reload from another."""
    webhook = _webhook_or_404(key)
    question = _question(
        webhook,
        f"Make a new secret for {webhook.name}?",
        "Make a new secret",
        "The present secret stops working at once. Enter the new one in the other system.",
    )
    if request.method == "GET":
        return confirm_page(request, question, Attempt(), version=webhook.version)
    try:
        made = webhooks.renew_webhook_secret(
            webhook=webhook,
            version=posted_version(request),
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return confirm_page(request, question, Attempt(refusal=refusal))
    return _secret_page(request, made)


@needs("change_package", methods=("GET", "POST"))
def remove(request, key: UUID):
    """Remove a webhook that is not used."""
    webhook = _webhook_or_404(key)
    title, button = f"Remove {webhook.name}?", f"Remove {webhook.name}"
    question = _question(webhook, title, button, "Nothing will be sent there any more.")
    if request.method == "GET":
        return confirm_page(request, question, Attempt(refusal=why_not_removable(webhook)))
    try:
        webhooks.remove_webhook(webhook=webhook, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return confirm_page(request, question, Attempt(refusal=refusal))
    messages.success(request, f"{webhook.name} removed.")
    return see_other("webhook_list")


def _webhook_or_404(key: UUID) -> Webhook:
    return get_object_or_404(without_secrets(), uuid=key)


def _question(webhook: Webhook, title: str, button: str, text: str) -> Question:
    here = reverse("webhook_detail", args=[webhook.uuid])
    crumbs = (("Webhooks", reverse("webhook_list")), (webhook.name, here))
    return Question(title, button, "", crumbs, here, text)


def _secret_page(request, made: WithSecret):
    """Show the secret in the answer itself: it is in no other page, and in no session."""
    context = {"webhook": made.webhook, "secret": made.secret}
    response = render(request, "governance/webhooks/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _form_page(request, form: WebhookForm, webhook: Webhook | None = None):
    version = request.POST.get("version", webhook.version if webhook else "")
    context = {"form": form, "webhook": webhook, "version": version}
    status = 422 if form.errors else 200
    return render(request, "governance/webhooks/edit.html", context, status=status)

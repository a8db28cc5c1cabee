"""The wizard Add access package: four steps over a draft, each reachable at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from formtools.wizard.views import NamedUrlWizardView

from ...actions import package_drafts
from ...actions.access_packages.creation import create_whole_package
from ...actions.confirmation import ConfirmationRequired
from ...forms.catalogs import GENERAL
from ...forms.packages import NewPackageForm, ResourcesForm, ReviewForm
from ...forms.policies import PolicyForm, values_after
from ...impact.access_packages import adding_package
from ...models import PackageDraft
from ...queries.access_packages import drafts
from ...queries.access_packages.policies import organization_choices, words_of_new
from ...rules.access_packages.new_packages import NewPackage, answers_fingerprint
from ...rules.decision import Refused
from ...rules.roles import Actor
from ...web.access import actor_of, needs, require_permission
from ...web.confirmation import Attempt, preview
from ...web.form_data import public_ids
from ...web.responses import see_other
from ...web.unsaved_answers import forget, page_token

LABELS = {
    "basics": "Basics",
    "resources": "Resources",
    "policy": "Who can request",
    "review": "Review + create",
}
STEP_OF_FIELD = {
    **dict.fromkeys(("name", "description", "catalog", "is_listed", "is_open"), "basics"),
    **dict.fromkeys(("resource", "groups", "webhooks"), "resources"),
}
NEW_GROUP = "new-group"  # where a button leads that adds a group and comes back


class AddPackage(NamedUrlWizardView):
    """formtools drives the forms, the draft holds the answers (decision 0007)."""

    storage_name = "governance.views.access_packages.draft_storage.PackageDraftStorage"
    form_list = [
        ("basics", NewPackageForm),
        ("resources", ResourcesForm),
        ("policy", PolicyForm),
        ("review", ReviewForm),
    ]
    refusal: Refused | None = None

    # What formtools asks of a wizard

    def get_form_prefix(self, step=None, form=None):
        return None

    def get_form_kwargs(self, step=None):
        return {"person": self.request.user} if step == "basics" else {}

    def get_form_initial(self, step):
        asked = self.request.GET.get("catalog", "")
        return {
            "basics": {"catalog": asked or GENERAL},
            "policy": {"name": "Initial policy"},
            "review": {"seen": lambda: self.shown.seen},
        }.get(step, {})

    def get_template_names(self):
        return [f"governance/packages/add/{self.steps.current}.html"]

    def get_step_url(self, step):
        return reverse("package_add_step", args=[self.draft.uuid, step])

    def post(self, request, *args, **kwargs):
        """Store a step whether it is valid or not; Create checks them all."""
        forget(request)
        wanted = request.POST.get("goto")
        if self.steps.current == self.steps.last:
            return self._go(wanted) if wanted else self._create()
        if (change := request.POST.get("change")) and self.steps.current == "policy":
            return self._rearrange(change)
        form = self.get_form(data=self.storage.with_posted())
        is_valid = form.is_valid()
        self._keep(None if "find" in request.POST else is_valid)
        if "find" in request.POST:
            query = urlencode({"find": request.POST.get("search", "").replace("\0", "")[:254]})
            return see_other(f"{self.get_step_url(self.steps.current)}?{query}")
        if wanted == NEW_GROUP:
            back = self.get_step_url(self.steps.current)
            return see_other(f"{reverse('group_add')}?{urlencode({'next': back})}")
        return self._go(wanted or self.steps.next) if is_valid or wanted else self._refuse(form)

    def get_context_data(self, form, **kwargs):
        context = super().get_context_data(form, **kwargs)
        is_last = self.steps.current == self.steps.last
        facts = {"resources": self._resources, "policy": self._organizations}
        return context | {
            "draft": self.draft,
            "step": self.steps.current,
            "labels": LABELS,
            "is_unsaved": bool(self.storage.held),
            "page_token": page_token(self.request),
            "checked": drafts.marks(self.draft),
            **(self._review() if is_last else facts.get(self.steps.current, dict)()),
        }

    # What is known of the request, each asked once

    @property
    def draft(self) -> PackageDraft:
        return self.storage.draft

    @cached_property
    def by(self) -> Actor:
        return actor_of(self.request)

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @cached_property
    def forms(self) -> dict:
        """The forms of the steps before Review, checked; a step that was never posted is empty."""
        checked = {}
        for step in drafts.STEPS[:-1]:
            given = drafts.answers(self.draft, step)
            checked[step] = self.get_form(step, given or MultiValueDict())
        return checked

    @cached_property
    def new(self) -> NewPackage | None:
        """What Create would make; None while a step has problems."""
        if not all(form.is_valid() for form in self.forms.values()):
            return None
        basics = self.forms["basics"].cleaned_data
        chosen = _chosen(self.draft)
        return NewPackage(
            basics["name"],
            basics["description"],
            basics["is_listed"],
            basics["is_open"],
            next(iter(public_ids([basics["catalog"]])), None),
            chosen["group"],
            chosen["webhook"],
            self.forms["policy"].policy(self._named()),
            self.draft.uuid,
        )

    @cached_property
    def shown(self) -> Attempt:
        """The impact that Review shows: the one that Create has just computed, if it did."""
        if isinstance(self.refusal, ConfirmationRequired):
            return Attempt(impact=self.refusal.impact, seen=self.refusal.expected)
        if self.new is None:
            return Attempt()
        change = adding_package(self.draft.uuid, self.new.name, self.new.is_open, self.new.policy)
        return preview(change, answers_fingerprint(self.new))

    # A step

    def get_form(self, step=None, data=None, files=None):
        """Return the form; that of the policy is not checked while it is still being made."""
        is_read = self.request.method == "GET" and self.steps.current == "policy"
        if is_read and data and drafts.marks(self.draft).get("policy") is not False:
            return PolicyForm(initial=values_after(data, ""))
        return super().get_form(step, data, files)

    def _rearrange(self, change: str):
        """Add, remove or move a stage or a question, and keep everything typed."""
        posted = self.storage.posted()
        values = values_after(self.storage.with_posted(), change)
        self._keep(None, posted | {name: [str(value)] for name, value in values.items()})
        kind = "questions" if "question" in change else "stages"
        return see_other(f"{self.get_step_url('policy')}#{kind}")

    def _keep(self, is_valid: bool | None, given: dict[str, list[str]] | None = None) -> None:
        self.storage.draft = package_drafts.save_step(
            author=self.request.user,
            uuid=self.draft.uuid,
            step=self.steps.current,
            given=self.storage.posted() if given is None else given,
            is_valid=is_valid,
            at=self.at,
        )

    def _go(self, step: str):
        known = step if step in drafts.STEPS else self.steps.last
        return HttpResponseRedirect(self.get_step_url(known), status=303)

    def _refuse(self, form, status: int = 422):
        response = self.render(form)
        response.status_code = status
        return response

    def _resources(self) -> dict:
        """Return the groups and webhooks to tick, one that was just added among those ticked."""
        given = self.storage.with_posted() if self.request.method == "POST" else None
        given = given or self.storage.held or drafts.answers(self.draft, "resources")
        ticked = given.getlist("resource") if given else []
        added = [f"group:{key}" for key in public_ids([self.request.GET.get("group", "")])]
        text = self.request.GET.get("find", "").replace("\0", "")[:254]
        choices = drafts.resource_choices(
            text,
            [*ticked, *added],
            drafts.catalog_of(self.draft),
            may_choose_all=self.by.may("change_package"),
        )
        return {"choices": choices, "search_text_here": text}

    def _organizations(self) -> dict:
        text = self.request.GET.get("find", "").replace("\0", "")[:254]
        chosen = self._named()
        rows = organization_choices(text, chosen)
        choices = [{"organization": each, "is_chosen": each.uuid in chosen} for each in rows]
        return {"choices": choices, "search_text_here": text}

    def _named(self) -> list[UUID]:
        """Return the organizations that are ticked on the step of the policy."""
        is_posted = self.request.method == "POST" and self.steps.current == "policy"
        given = self.storage.with_posted() if is_posted else drafts.answers(self.draft, "policy")
        return public_ids(given.getlist("organization")) if given else []

    # Review

    def _create(self):
        if self.new is None and self.draft.created is None:
            return self._refuse(self.get_form())
        seen = self.request.POST.get("seen", "")
        try:
            new = self.new or NewPackage("", draft=self.draft.uuid)
            package = create_whole_package(new=replace(new, seen=seen), by=self.by, at=self.at)
        except Refused as refusal:
            self.refusal = refusal
            is_unconfirmed = isinstance(refusal, ConfirmationRequired)
            return self._refuse(self.get_form(), 409 if is_unconfirmed else 422)
        messages.success(self.request, f"{package.name} created. Share its request link.")
        return see_other("package_detail", package.uuid)

    def _review(self) -> dict:
        problems = list(self._problems())
        return {
            "new": self.new,
            "basics": self.forms["basics"],
            "resources": drafts.named_resources(_chosen(self.draft)),
            "words": self._words(),
            "catalog": self._catalog(),
            "shown": self.shown,
            "refusal": self.refusal,
            "is_unconfirmed": isinstance(self.refusal, ConfirmationRequired),
            "problems": problems,
            "checked": {step: not form.errors for step, form in self.forms.items()},
        }

    def _problems(self):
        """Yield what prevents Create, each with the step where it is put right."""
        for step, form in self.forms.items():
            for texts in form.errors.values():
                for text in texts:
                    yield self._problem(text, step)
        if self.refusal and not isinstance(self.refusal, ConfirmationRequired):
            for reason in self.refusal.reasons:
                yield self._problem(reason.text, STEP_OF_FIELD.get(reason.field, "policy"))

    def _problem(self, text: str, step: str) -> dict:
        return {"text": text, "url": self.get_step_url(step), "where": LABELS[step]}

    def _words(self) -> str:
        if self.new is None or self.new.policy is None:
            return ""
        rows = organization_choices("", self._named())
        names = [each.name for each in rows if each.uuid in self.new.policy.organizations]
        return words_of_new(self.new.policy, names)

    def _catalog(self) -> str:
        field = self.forms["basics"]["catalog"]
        return dict(field.field.choices).get(field.value(), "General")


def _chosen(draft: PackageDraft) -> dict[str, tuple[UUID, ...]]:
    """Return the public ids of the ticked resources by kind."""
    given = drafts.answers(draft, "resources")
    pairs = [value.partition(":") for value in (given.getlist("resource") if given else [])]
    return {
        kind: tuple(public_ids(key for name, _colon, key in pairs if name == kind))
        for kind in ("group", "webhook")
    }


def _require_may_add(request) -> None:
    """Let everyone in who can create packages: by a role, or in a catalog that they manage."""
    if not getattr(request.user, "manages_catalogs", False):
        require_permission(request, "change_package")


@needs(None)
def start(request):
    """Lead to Basics of a new draft, named in the address so that Back leads to the same one."""
    _require_may_add(request)
    basics = reverse("package_add_step", args=[uuid4(), "basics"])
    return redirect(f"{basics}?{request.GET.urlencode()}" if request.GET else basics)


_wizard = AddPackage.as_view(url_name="package_add_step")


@needs(None, methods=("GET", "POST"))
def step(request, draft: UUID, step: str):
    _require_may_add(request)
    request.draft = drafts.draft_of(request.user, draft)
    if request.draft is None or step not in drafts.STEPS:
        raise Http404
    if request.draft.created_id and request.method == "GET":
        return redirect("package_detail", request.draft.created.uuid)
    return _wizard(request, draft=draft, step=step)

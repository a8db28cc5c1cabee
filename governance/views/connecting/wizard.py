"""The wizard Add connected organization: four steps over a draft, each reachable at any time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from formtools.wizard.views import NamedUrlWizardView

from ...actions.confirmation import ConfirmationRequired
from ...actions.organizations import basics as organizations
from ...forms.organizations import BasicsForm, DirectoriesForm, ReviewForm, SponsorsForm, TryForm
from ...impact.organizations import connecting
from ...models import Draft, Person
from ...queries.connecting.drafts import (
    STEPS,
    DraftReview,
    draft_of,
    marks,
    new_organization,
    review,
    sponsors_of,
)
from ...queries.connecting.steps import page_facts
from ...rules.decision import Reason, Refused
from ...rules.roles import Actor
from ...rules.wording import count_of
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, preview
from ...web.form_data import public_ids
from ...web.responses import see_other
from ...web.unsaved_answers import forget, page_token
from .draft_sources import posted_changes, tell_removed
from .review_parts import changed_parts, review_parts

LABELS = {
    "basics": "Basics",
    "directories": "Directory + domain",
    "sponsors": "Sponsors",
    "review": "Review + create",
}
STEP_OF_FIELD = {
    "name": "basics",
    "description": "basics",
    "state": "basics",
    "sources": "directories",
    "internal_sponsors": "sponsors",
    "external_sponsors": "sponsors",
}


class AddOrganization(NamedUrlWizardView):
    """formtools drives the forms, the draft holds the answers (decision 0007).

    Every POST of a step is stored, valid or not, and leads to any step.
    """

    storage_name = "governance.views.connecting.draft_storage.DraftStorage"
    form_list = [
        ("basics", BasicsForm),
        ("directories", DirectoriesForm),
        ("sponsors", SponsorsForm),
        ("review", ReviewForm),
    ]
    refusal: Refused | None = None
    is_unconfirmed = False  # whether Create was pressed on another Review than this one

    # What formtools asks of a wizard

    def get_form_prefix(self, step=None, form=None):
        return None

    def get_form_kwargs(self, step=None):
        is_final = self.steps.current == self.steps.last
        return {"draft": self.draft, "by": self.by, "at": self.at, "is_final": is_final}

    def get_form_initial(self, step):
        proposed = {"name": self.request.GET.get("name", "")}
        return {"basics": proposed, "review": {"seen": lambda: self.shown.seen}}.get(step, {})

    def get_template_names(self):
        return [f"governance/organizations/add/{self.steps.current}.html"]

    def get_step_url(self, step):
        return reverse("organization_add_step", args=[self.draft.uuid, step])

    def process_step(self, form):
        """Return what a POST changes in the draft, as the action of its step takes it."""
        given = {"basics": _answered, "directories": self._sources, "sponsors": self._sponsor}
        return given.get(self.steps.current, super().process_step)(form)

    def post(self, request, *args, **kwargs):
        """Store a step whether it is valid or not; Create checks them all."""
        forget(request)
        is_last, wanted = self.steps.current == self.steps.last, request.POST.get("goto")
        if is_last and wanted is not None:
            return self._go(wanted)
        form = self.get_form(data=self.storage.with_posted())
        self.storage.set_step_data(self.steps.current, self.process_step(form))
        if is_last:
            return self.render_done(form, **kwargs)
        is_valid = self._is_valid(form)
        if "remove" in request.POST:
            return self._go(self.steps.current)
        return self._go(wanted or self.steps.next) if is_valid or wanted else self._refuse(form)

    def render_done(self, form, **kwargs):
        """Check every step again, then create, without formtools' way over a page that creates when
        it is read.
        """
        try:
            return super(NamedUrlWizardView, self).render_done(form, **kwargs)
        except Refused as refusal:
            self.refusal = refusal
            is_unconfirmed = isinstance(refusal, ConfirmationRequired)
            return self._show_review(is_unconfirmed=is_unconfirmed)

    def render_revalidation_failure(self, failed_step, form, **kwargs):
        """Show what prevents Create on Review, with every answer still there."""
        is_unconfirmed = failed_step == self.steps.last
        if not is_unconfirmed:
            acting = {"by": self.by, "at": self.at}
            new = new_organization(self.draft)
            organizations.record_refused(new=new, reasons=self._reasons(), **acting)
        return self._show_review(is_unconfirmed=is_unconfirmed)

    def done(self, form_list, form_dict, **kwargs):
        new = new_organization(self.draft, seen=form_dict["review"].cleaned_data["seen"])
        made = organizations.connect(new=new, by=self.by, at=self.at)
        text = f"{made.organization.name} created.{_included_in(len(made.grants))}"
        messages.success(self.request, text)
        return see_other("organization_detail", made.organization.uuid)

    def get_context_data(self, form, **kwargs):
        context = super().get_context_data(form, **kwargs)
        is_last = self.steps.current == self.steps.last
        return context | {
            "draft": self.draft,
            "step": self.steps.current,
            "labels": LABELS,
            "is_unsaved": bool(self.storage.held),
            "page_token": page_token(self.request),
            **(self._review_facts() if is_last else self._step_facts(form)),
        }

    # What is known of the request, each asked once

    @property
    def draft(self) -> Draft:
        return self.storage.draft

    @cached_property
    def by(self) -> Actor:
        return actor_of(self.request)

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @cached_property
    def review(self) -> DraftReview:
        return review(self.draft, self.by, self.at)

    @cached_property
    def shown(self) -> Attempt:
        """The impact that Review shows: the one that Create has just computed, if it did."""
        if isinstance(self.refusal, ConfirmationRequired):
            return Attempt(impact=self.refusal.impact, seen=self.refusal.expected)
        return preview(connecting(self.review.preview.claims), self.review.preview.fingerprint)

    # A step

    def _sources(self, form) -> dict:
        given = posted_changes(form.data)
        tell_removed(self.request, self.draft, given["removed"])
        return given

    def _sponsor(self, form) -> dict:
        """The value of the button that was pressed is the kind and the public id."""
        kind, _colon, key = form.data.get("remove", "").partition(":")
        gone = [each for each in public_ids([key]) if each in sponsors_of(self.draft, kind)]
        for person in Person.objects.filter(uuid__in=gone) if gone else ():
            messages.success(self.request, f"{person} removed.")
        return {"kind": kind, "removed": gone}

    def _is_valid(self, form) -> bool:
        """Check the step and store it, even where the check itself fails. Remove changes its mark
        only where it has one.
        """
        is_valid = None
        try:
            is_valid = form.is_valid()
        finally:
            has_mark = "remove" not in self.request.POST or self.steps.current in marks(self.draft)
            self.storage.keep(is_valid if has_mark else None)
        return is_valid

    def _go(self, step: str):
        known = step if step in STEPS else self.steps.last
        return HttpResponseRedirect(self.get_step_url(known), status=303)

    def _refuse(self, form, status: int = 422):
        response = self.render(form)
        response.status_code = status
        return response

    def _step_facts(self, form) -> dict:
        return {
            "problems": self._problems_elsewhere() if form.errors else [],
            "checked": marks(self.draft),
            **page_facts(self.draft, self.steps.current, at=self.at),
        }

    def _problems_elsewhere(self) -> list[dict]:
        """Return the problems of the other steps that were refused, checked again, for the summary
        of this step.
        """
        refused = [step for step in STEPS[:-1] if marks(self.draft).get(step) is False]
        return [
            {"text": text, "url": self.get_step_url(step), "where": LABELS[step]}
            for step in refused
            if step != self.steps.current
            for errors in self.get_form(step, self.storage.get_step_data(step)).errors.values()
            for text in errors
        ]

    # Review

    def _show_review(self, *, is_unconfirmed: bool):
        self.is_unconfirmed = is_unconfirmed
        return self._refuse(self.get_form(), 409 if is_unconfirmed else 422)

    def _review_facts(self) -> dict:
        """Review checks again and trusts no mark."""
        impact, problems = self.shown.impact, self.review.problems
        assert impact is not None, "a preview has its impact"
        posted = self.request.POST
        tried = self.request.GET.get("address", "")[:400]
        return {
            "review": self.review,
            "refusal": self.refusal,
            "is_unconfirmed": self.is_unconfirmed,
            "shown": self.shown,
            "tried": TryForm(self.request.GET or None),
            "problems": [self._problem(reason) for reason in self._reasons()],
            "checked": {step: not reasons for step, reasons in problems.items()},
            "parts": review_parts(self.review, impact),
            "changed": changed_parts(self.review, impact, posted) if self.is_unconfirmed else {},
            **page_facts(self.draft, "review", at=self.at, review=self.review, tried=tried),
        }

    def _reasons(self) -> list[Reason]:
        if self.refusal:
            return list(self.refusal.reasons)
        return [reason for reasons in self.review.problems.values() for reason in reasons]

    def _problem(self, reason: Reason) -> dict:
        step = STEP_OF_FIELD.get(reason.field, "review")
        return {
            "text": reason.text,
            "url": self.get_step_url(step),
            "where": LABELS[step],
            "ref": reason.refers_to,
        }


def _answered(form) -> dict:
    given = {name: form.data[name] for name in form.base_fields if name in form.data}
    return {"step": "basics", "given": given}


def _included_in(packages: int) -> str:
    """Return a sentence on the access packages that include it; "" when there is none, of which the
    page says why.
    """
    verb = "includes" if packages == 1 else "include"
    return f" {count_of(packages, 'access package')} {verb} this organization." if packages else ""


@needs("add_organization")
def start(request):
    """Lead to Basics of a new draft.

    The draft is named in the address, so that Back leads to the same one.
    """
    basics = reverse("organization_add_step", args=[uuid4(), "basics"])
    return redirect(f"{basics}?{request.GET.urlencode()}" if request.GET else basics)


_wizard = AddOrganization.as_view(url_name="organization_add_step")


@needs("add_organization", methods=("GET", "POST"))
def step(request, draft: UUID, step: str):
    request.draft = draft_of(request.user, draft)
    if request.draft is None or step not in STEPS or request.draft.edits_id:
        raise Http404
    if request.draft.created_id and request.method == "GET":
        return redirect("organization_detail", request.draft.created.uuid)
    return _wizard(request, draft=draft, step=step)

"""The wizard Add connected organization: four steps over a draft, each reachable at any time."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from formtools.wizard.views import NamedUrlWizardView

from ...actions import drafts
from ...actions.confirmation import ConfirmationRequired
from ...actions.organizations import basics as organizations
from ...facts.access_packages.requestable import grants_to
from ...facts.claims.covering import claims_of
from ...forms.organizations import BasicsForm, DirectoriesForm, ReviewForm, SponsorsForm, TryForm
from ...impact.organizations import connecting
from ...models import Person
from ...queries.connecting.drafts import STEPS, draft_of, new_organization, review, sponsors_of
from ...queries.connecting.steps import page_facts
from ...rules.decision import Refused
from ...rules.wording import count_of
from ...web.access import actor_of, needs
from ...web.confirmation import preview
from ...web.form_data import public_ids
from ...web.responses import see_other
from ...web.unsaved_answers import forget, held_for, page_token
from .draft_sources import change_sources, show_sources
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
    """formtools drives the forms, the draft holds the answers.

    Every POST is stored before it is checked.
    """

    storage_name = "governance.views.connecting.draft_storage.DraftStorage"
    form_list = [
        ("basics", BasicsForm),
        ("directories", DirectoriesForm),
        ("sponsors", SponsorsForm),
        ("review", ReviewForm),
    ]
    refusal: Refused | None = None
    status = 200

    def get_prefix(self, request, *args, **kwargs):
        return "add"

    def get_form_prefix(self, step=None, form=None):
        return None

    def dispatch(self, request, *args, **kwargs):
        request.draft = draft_of(request.user, kwargs["draft"])
        request.draft_step = kwargs["step"]
        if request.draft is None or kwargs["step"] not in STEPS or request.draft.edits_id:
            raise Http404
        if request.draft.created_id and request.method == "GET":
            return redirect("organization_detail", request.draft.created.uuid)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if self.held:
            show_sources(request.draft, self.held)
        return self.render(self.get_form(data=self.held or self._data_to_show()))

    @cached_property
    def held(self) -> QueryDict | None:
        """What was typed on this step when the session had ended."""
        is_filled_in = self.request.method == "GET" and self.steps.current != "review"
        return held_for(self.request) if is_filled_in else None

    def post(self, request, *args, **kwargs):
        step = self.steps.current
        forget(request)
        if step == "review":
            return self.create() if "goto" not in request.POST else self._go(request.POST["goto"])
        self._keep(step)
        form = self.get_form(data=self.storage.get_step_data(step) or {})
        is_valid = form.is_valid()
        if "remove" in request.POST:
            return self._stay(step, is_valid)
        self.storage.keep(step, {}, is_valid)
        wanted = request.POST.get("goto")
        return (
            self._go(wanted or self.get_next_step())
            if is_valid or wanted
            else self.render_refused(form, 422)
        )

    def create(self):
        """Check every step again, then create.

        What prevents it is shown on Review, with every answer still there.
        """
        form = self.get_form(data=self.request.POST)
        try:
            return self.done([form], seen=self.request.POST.get("seen", ""))
        except Refused as refusal:
            self.refusal = refusal
            return self.render_refused(form, 409 if self.is_unconfirmed else 422)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether Create was refused because this Review was not what had been shown."""
        return isinstance(self.refusal, ConfirmationRequired)

    def done(self, form_list, *, seen=None, **kwargs):
        new = new_organization(self.request.draft, seen=seen)
        organization = organizations.connect(new=new, by=actor_of(self.request), at=timezone.now())
        packages = len(grants_to(claims_of(organization), timezone.now()))
        messages.success(self.request, f"{organization.name} created.{_included_in(packages)}")
        return see_other("organization_detail", organization.uuid)

    def render_refused(self, form, status: int):
        self.status = status
        return self.render(form)

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)

    def get_template_names(self):
        return [f"governance/organizations/add/{self.steps.current}.html"]

    def get_form_kwargs(self, step=None):
        return {"draft": self.request.draft, "by": actor_of(self.request), "at": timezone.now()}

    def get_form_initial(self, step):
        return {"name": self.request.GET.get("name", "")} if step == "basics" else {}

    def get_context_data(self, form, **kwargs):
        by, step = actor_of(self.request), self.steps.current
        facts = review(self.request.draft, by, timezone.now()) if step == "review" else None
        shown = facts and preview(connecting(facts.preview.claims), facts.preview.fingerprint)
        return super().get_context_data(
            form,
            **kwargs,
            draft=self.request.draft,
            step=step,
            review=facts,
            refusal=self.refusal,
            tried=TryForm(self.request.GET or None),
            problems=self._problems(facts) if facts else self._problems_elsewhere(form),
            checked=_checked(self.request.draft, facts),
            labels=LABELS,
            shown=shown,
            is_unsaved=bool(self.held),
            page_token=page_token(self.request),
            parts=review_parts(facts, shown.impact) if facts else {},
            is_unconfirmed=self.is_unconfirmed,
            changed=self._changed(facts, shown),
            **page_facts(
                self.request.draft,
                step,
                at=timezone.now(),
                review=facts,
                tried=self.request.GET.get("address", "")[:400],
            ),
        )

    def _changed(self, facts, shown) -> dict[str, str]:
        """The parts of Review that are not what they were when Create was pressed."""
        if not (self.is_unconfirmed and facts):
            return {}
        return changed_parts(facts, shown.impact, self.request.POST)

    def get_step_url(self, step):
        return reverse("organization_add_step", args=[self.request.draft.uuid, step])

    def _keep(self, step: str) -> None:
        if step == "directories":
            change_sources(self.request, self.request.draft)
            self.request.draft = draft_of(self.request.user, self.request.draft.uuid)
        elif step == "sponsors":
            self._remove_sponsor()
        elif step == "basics":
            posted = self.request.POST
            self.storage.set_step_data(
                step, {name: posted[name] for name in BasicsForm.base_fields if name in posted}
            )

    def _remove_sponsor(self) -> None:
        """Remove the sponsor whose button was pressed: its value is the kind and the public id."""
        kind, _colon, key = self.request.POST.get("remove", "").partition(":")
        draft = self.request.draft
        gone = [each for each in public_ids([key]) if each in sponsors_of(draft, kind)]
        if gone:
            own = {"author": self.request.user, "uuid": draft.uuid, "at": timezone.now()}
            self.request.draft = drafts.change_sponsors(kind=kind, removed=gone, **own)
            person = Person.objects.filter(uuid=gone[0]).first()
            messages.success(self.request, f"{person or 'The person'} removed.")

    def _stay(self, step: str, is_valid: bool):
        """Show the step again after Remove. Its mark changes only where it has one."""
        if step in self.request.draft.answers.get("checked", {}):
            self.storage.keep(step, {}, is_valid)
        return self._go(step)

    def _go(self, step: str):
        return HttpResponseRedirect(
            self.get_step_url(step if step in STEPS else "review"), status=303
        )

    def _data_to_show(self):
        """Return what a step shows: as it was left, with its problems, or empty when nothing was
        posted yet.
        """
        step = self.steps.current
        was_refused = self.request.draft.answers.get("checked", {}).get(step) is False
        if step in ("directories", "sponsors"):
            return {} if was_refused else None
        return self.storage.get_step_data(step)

    def _problems(self, facts) -> list[dict]:
        reasons = (
            self.refusal.reasons
            if self.refusal
            else [reason for step in facts.problems.values() for reason in step]
            if facts
            else ()
        )
        return [self._problem(reason) for reason in reasons]

    def _problems_elsewhere(self, form) -> list[dict]:
        """Return the problems of the other steps that were refused, checked again, for the summary
        of this step.
        """
        marks = self.request.draft.answers.get("checked", {}) if form.errors else {}
        refused = [
            step for step in STEPS[:-1] if step != self.steps.current and marks.get(step) is False
        ]
        errors_of = {
            step: self.get_form(step, data=self.storage.get_step_data(step) or {}).errors.values()
            for step in refused
        }
        return [
            {"text": text, "url": self.get_step_url(step), "where": LABELS[step]}
            for step in errors_of
            for errors in errors_of[step]
            for text in errors
        ]

    def _problem(self, reason) -> dict:
        step = STEP_OF_FIELD.get(reason.field, "review")
        return {
            "text": reason.text,
            "url": self.get_step_url(step),
            "where": LABELS[step],
            "ref": reason.refers_to,
        }


def _included_in(packages: int) -> str:
    """Return a sentence on the access packages that include it; "" when there is none, of which the
    page says why.
    """
    verb = "includes" if packages == 1 else "include"
    return f" {count_of(packages, 'access package')} {verb} this organization." if packages else ""


def _checked(draft, facts) -> dict[str, bool]:
    """Return the marks in the list of steps: True is a tick, False a problem. Review checks again
    and trusts none.
    """
    checked = dict(draft.answers.get("checked", {}))
    return {step: not problems for step, problems in facts.problems.items()} if facts else checked


@needs("add_organization")
def start(request):
    """Lead to Basics of a new draft.

    The draft is named in the address, so that Back leads to the same one.
    """
    basics = reverse("organization_add_step", args=[uuid4(), "basics"])
    return redirect(f"{basics}?{request.GET.urlencode()}" if request.GET else basics)


@needs("add_organization", methods=("GET", "POST"))
def step(request, draft: UUID, step: str):
    return AddOrganization.as_view(url_name="organization_add_step", done_step_name="created")(
        request, draft=draft, step=step
    )

"""The wizard Add connected organization: four steps, each reachable at any time, over a draft."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from formtools.wizard.views import NamedUrlWizardView

from ..actions import drafts, organizations
from ..forms.organizations import BasicsForm, DirectoriesForm, ReviewForm, SponsorsForm, TryForm
from ..impact.organizations import connecting
from ..queries.claims import claims_of
from ..queries.draft_pages import page_facts
from ..queries.drafts import STEPS, draft_of, new_organization, review
from ..queries.grants import grants_to
from ..rules.decision import Refused
from ..rules.wording import count_of
from .access import actor_of, needs
from .confirming import preview
from .responses import see_other

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
    """formtools drives the forms; the draft holds the answers; every POST is kept before it is checked."""

    storage_name = "governance.views.draft_storage.DraftStorage"
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
        return self.render(self.get_form(data=self._data_to_show()))

    def post(self, request, *args, **kwargs):
        step = self.steps.current
        if step == "review":
            return self.create() if "goto" not in request.POST else self._go(request.POST["goto"])
        self._keep(step)
        form = self.get_form(data=self.storage.get_step_data(step) or {})
        is_valid = form.is_valid()
        self.storage.keep(step, {}, is_valid)
        wanted = request.POST.get("goto")
        return (
            self._go(wanted or self.get_next_step())
            if is_valid or wanted
            else self.render_refused(form, 422)
        )

    def create(self):
        """Ask every step again, then create; whatever stands against it is shown with every answer kept."""
        form = self.get_form(data=self.request.POST)
        try:
            return self.done([form], seen=self.request.POST.get("seen", ""))
        except Refused as refusal:
            self.refusal = refusal
            return self.render_refused(form, 409 if refusal.code == "effect_changed" else 422)

    def done(self, form_list, *, seen=None, **kwargs):
        new = new_organization(self.request.draft, seen=seen)
        organization = organizations.connect(new=new, by=actor_of(self.request), at=timezone.now())
        messages.success(
            self.request,
            f"{organization.name} created.{_can_request(len(grants_to(claims_of(organization), timezone.now())))}",
        )
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
            shown=facts and preview(connecting(facts.preview.claims), facts.preview.fingerprint),
            **page_facts(
                self.request.draft,
                step,
                at=timezone.now(),
                review=facts,
                tried=self.request.GET.get("address", "")[:400],
            ),
        )

    def get_step_url(self, step):
        return reverse("organization_add_step", args=[self.request.draft.uuid, step])

    def _keep(self, step: str) -> None:
        if step == "directories":
            self._keep_sources()
        elif step == "basics":
            posted = self.request.POST
            self.storage.set_step_data(
                step, {name: posted[name] for name in BasicsForm.base_fields if name in posted}
            )

    def _keep_sources(self) -> None:
        own = {"author": self.request.user, "uuid": self.request.draft.uuid, "at": timezone.now()}
        drafts.switch_subdomains(included=self.request.POST.getlist("subdomains"), **own)
        if identity := self.request.POST.get("remove"):
            drafts.remove_source(identity=identity, **own)
        self.request.draft = draft_of(self.request.user, self.request.draft.uuid)

    def _go(self, step: str):
        if "remove" in self.request.POST:
            step = "directories"
        return HttpResponseRedirect(
            self.get_step_url(step if step in STEPS else "review"), status=303
        )

    def _data_to_show(self):
        """A step that was posted is shown as it was left, with its problems; an untouched one is empty."""
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
        """Beside the problems of this step those of the other steps that were refused, asked anew."""
        marks = self.request.draft.answers.get("checked", {}) if form.errors else {}
        refused = [
            step for step in STEPS[:-1] if step != self.steps.current and marks.get(step) is False
        ]
        told = {
            step: self.get_form(step, data=self.storage.get_step_data(step) or {}).errors.values()
            for step in refused
        }
        return [
            {"text": text, "url": self.get_step_url(step), "where": LABELS[step]}
            for step in told
            for errors in told[step]
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


def _can_request(packages: int) -> str:
    return (
        f" Policies now let its people request {count_of(packages, 'access package')}."
        if packages
        else ""
    )


def _checked(draft, facts) -> dict[str, bool]:
    """Marks in the list of steps: True a tick, False a problem; Review asks anew instead of trusting them."""
    checked = dict(draft.answers.get("checked", {}))
    return {step: not problems for step, problems in facts.problems.items()} if facts else checked


@needs("add_organization")
def start(request):
    """Basics of a draft that is not there yet: its row appears with the first POST."""
    return AddOrganization.as_view(url_name="organization_add_step", done_step_name="created")(
        request, draft=uuid4(), step="basics"
    )


@needs("add_organization", methods=("GET", "POST"))
def step(request, draft: UUID, step: str):
    return AddOrganization.as_view(url_name="organization_add_step", done_step_name="created")(
        request, draft=draft, step=step
    )


@needs("add_organization", methods=("POST",))
def discard(request, draft: UUID):
    if draft_of(request.user, draft) is None:
        raise Http404
    drafts.discard(author=request.user, uuid=draft)
    messages.success(request, "Draft discarded.")
    return see_other("organization_list")

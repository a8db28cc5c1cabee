"""The shape of what people type about a connected organization, step by step."""

from __future__ import annotations

from datetime import datetime

from crispy_forms.layout import Layout
from django import forms

from ..models import Draft
from ..queries.connecting.drafts import (
    basics_problems,
    problems_as_typed,
    sources_of,
    sources_problems,
    sponsors_problems,
)
from ..rules.decision import Reason, Refused
from ..rules.names import DESCRIPTION_LIMIT
from ..rules.roles import Actor
from .layout import ChoiceWithHints, PortalForm

STATES = [
    ("configured", "Configured", "In use. Policies for all configured organizations include it."),
    (
        "proposed",
        "Proposed",
        "Waiting for a decision. Policies for all configured organizations do not include it.",
    ),
]


class StepForm(PortalForm):
    """A step of the wizard: knows the draft it belongs to and who is filling it in.

    `is_final`: Create checks it. What depends on others is then asked by the action, under its
    locks, and not here.
    """

    def __init__(
        self, *args, draft: Draft, by: Actor, at: datetime, is_final: bool = False, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.draft, self.by, self.at, self.is_final = draft, by, at, is_final

    def add_problems(self, problems) -> None:
        if problems:
            self.add_refusal(Refused(*problems))


class BasicsForm(StepForm):
    name = forms.CharField(
        required=True,
        strip=False,
        help_text="Usually the company name. Each connected organization has a different name.",
        error_messages={"required": "Enter a name"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    description = forms.CharField(
        required=False,
        strip=False,
        help_text="Why you work together, and the contract or project if there is one.",
        widget=forms.Textarea({"rows": 3, "data-limit": DESCRIPTION_LIMIT}),
    )
    state = ChoiceWithHints(
        choices=STATES, initial="configured", error_messages={"required": "Choose a state"}
    )

    def __init__(self, *args, besides: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.besides = besides
        if not self.by.may("change_organization"):
            del self.fields["state"]
        elif self.is_final:  # nobody has to have seen the state that is proposed
            self.fields["state"].required = False
        self.helper.layout = Layout(*self.fields)

    def clean(self):
        typed = {name: self.data.get(self.add_prefix(name), "") for name in ("name", "description")}
        self.add_problems(
            [problem for problem in self._problems(typed) if problem.field not in self.errors]
        )

    def _problems(self, typed: dict) -> list[Reason]:
        if self.is_final:
            return problems_as_typed(typed)
        return basics_problems(typed, besides=self.besides)


class DirectoriesForm(StepForm):
    """The sources are in the draft: the pane chooses them and the table's boxes change them."""

    def clean(self):
        sources = sources_of(self.draft)
        if sources and self.is_final:
            return
        self.add_problems(sources_problems(sources, self.by))


class SponsorsForm(StepForm):
    def clean(self):
        if not self.is_final:
            self.add_problems(sponsors_problems(self.draft, self.by, self.at))


class ReviewForm(StepForm):
    """Carries the fingerprint of what was shown, so that Create does exactly that."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class FindForm(PortalForm):
    domain = forms.CharField(
        label="Domain name",
        required=False,
        help_text="Enter the whole domain, such as partner.example."
        " A partial domain returns no results.",
        widget=forms.TextInput(
            {
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "url",
                "autocomplete": "off",
                "autofocus": True,
            }
        ),
    )


class TryForm(PortalForm):
    address = forms.CharField(
        label="Email address",
        required=False,
        max_length=400,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )

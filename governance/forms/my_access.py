"""The shape of what people type on My Access."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django import forms
from django.utils.timezone import get_default_timezone, get_default_timezone_name

from ..models import Policy
from ..rules.access_packages.lifecycle import end_of_day, start_of_day
from ..rules.access_packages.questions import CHOICE, LONG, Question, known_answers
from ..rules.access_requests.outcomes import REASON_LIMIT
from ..rules.decision import Refused
from ..rules.my_access_words import terms_changed
from ..rules.names import clean_long_text
from ..rules.sign_in_codes import LONGEST_TYPED, clean_code
from .layout import UNSEEN, PortalForm, dress
from .people import AddressField, TextOf


class AskForCodeForm(PortalForm):
    email = AddressField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class CodeForm(PortalForm):
    code = TextOf(
        clean_code,
        label="Code",
        help_text="8 letters and digits. Capitals, spaces and hyphens make no difference.",
        error_messages={"required": "Enter the code from the email"},
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": LONGEST_TYPED,
                "class": "form-control code-input",
            }
        ),
    )


def _reason(*, is_required: bool, label: str = "Reason", help_text: str = "") -> TextOf:
    return TextOf(
        partial(clean_long_text, limit=REASON_LIMIT, field="reason", called=label),
        label=label,
        required=is_required,
        help_text=help_text,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": f"Enter {'an' if label == 'Answer' else 'a'} {label.lower()}"},
    )


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a real date, such as 31 Dec 2026"},
    )


class TermsForm(PortalForm):
    """What a policy wants to know of whoever requests: a reason, and a last day where the requester
    chooses it.
    """

    def __init__(self, *args, policy: Policy, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason(
            is_required=policy.needs_reason, help_text="The people who decide read it."
        )
        self._add_questions(policy)
        if policy.lifecycle.requester_chooses:
            self._add_days(policy)
        for field in self.fields.values():
            dress(field)
            field.error_messages["null_characters_not_allowed"] = UNSEEN

    def _add_questions(self, policy: Policy) -> None:
        """Ask nothing more: whoever has the access has answered."""

    def _add_days(self, policy: Policy) -> None:
        zone = get_default_timezone_name()
        self.fields["ends_on"] = _day(
            "Last day", f"{policy.lifecycle.words} The day ends at midnight, {zone}."
        )

    @property
    def ends_at(self) -> datetime | None:
        """When the last day is over; None for as long as the policy lets it last."""
        day: date | None = self.cleaned_data.get("ends_on")
        return end_of_day(day, get_default_timezone()) if day else None


class RequestForm(TermsForm):
    """The same with the policy's questions, and a first day where the requester chooses it."""

    is_overtaken = False  # somebody changed something while the form was filled in

    def __init__(self, *args, policy: Policy, **kwargs):
        super().__init__(*args, policy=policy, **kwargs)
        self.policy = policy

    def _add_questions(self, policy: Policy) -> None:
        self.questions = policy.all_questions
        for number, question in enumerate(self.questions, start=1):
            self.fields[f"answer-{number}"] = _question(question)

    def clean(self):
        """Say so where the policy is not the one that the form was made for."""
        seen = self.data.get("policy"), self.data.get("version")
        if seen != (str(self.policy.uuid), str(self.policy.version)):
            self.note_refusal(terms_changed())

    def note_refusal(self, refusal: Refused) -> None:
        """Say why at the field; a refusal without a field is about what changed meanwhile."""
        self.add_refusal(refusal)
        self.is_overtaken = not any(reason.field in self.fields for reason in refusal.reasons)

    def _add_days(self, policy: Policy) -> None:
        self.fields["starts_on"] = _day("First day", "Leave empty to start as soon as possible.")
        super()._add_days(policy)

    @property
    def starts_at(self) -> datetime | None:
        """When the first day begins; None for as soon as possible."""
        day: date | None = self.cleaned_data.get("starts_on")
        return start_of_day(day, get_default_timezone()) if day else None

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers in the order of the questions."""
        numbers = range(1, len(self.questions) + 1)
        return tuple(self.cleaned_data.get(f"answer-{number}", "") for number in numbers)


def _question(question: Question) -> forms.Field:
    said = {"required": f"Answer “{question.text}”", "invalid_choice": "Choose one of the answers"}
    if question.kind == CHOICE:
        none = [] if question.is_required else [("", "No answer")]
        return forms.ChoiceField(
            choices=[*none, *((choice, choice) for choice in question.choices)],
            widget=forms.RadioSelect,
            label=question.text,
            required=question.is_required,
            error_messages=said,
        )
    return TextOf(
        lambda text: known_answers((question,), (text,))[0],
        widget=forms.Textarea({"rows": 4}) if question.kind == LONG else forms.TextInput(),
        label=question.text,
        required=question.is_required,
        error_messages=said,
    )


class AnswerForm(PortalForm):
    """What the requester answers to a request that was sent back."""

    reason = _reason(is_required=True, label="Answer")

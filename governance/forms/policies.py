"""What people type about the policy of an access package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from uuid import UUID

from django import forms

from ..models import Policy
from ..queries.access_packages.approver_lines import lines_in
from ..rules.access_packages.lifecycle import (
    DAYS,
    HOURS,
    LONGEST_DAYS,
    LONGEST_HOURS,
    UNTIL,
    Lifecycle,
)
from ..rules.access_packages.stages import NAMED_PEOPLE, PARTS
from ..rules.access_packages.terms import NewPolicy
from ..rules.decision import Refused
from ..rules.wording import grouped
from .layout import ChoiceWithHints, PortalForm, dress
from .policy_parts import (
    FIELDS,
    MOST,
    NEW_STAGE,
    number_of,
    numbered,
    question_of,
    rearranged,
    stage_of,
)

_HINTS = {
    Policy.Scope.NAMED: "The organizations that you select below, configured or proposed.",
    Policy.Scope.ALL_CONFIGURED: (
        "Includes organizations that are configured later. Proposed organizations are left out."
    ),
    Policy.Scope.ANY_OUTSIDE: "Connected or not. Every request needs approval.",
    Policy.Scope.MEMBERS: "Members, never guests.",
    Policy.Scope.NOBODY: "Nobody can request access under this policy.",
}
SCOPES = [(scope.value, scope.label, _HINTS[scope]) for scope in Policy.Scope]
NOT_NEEDED, NEEDED = "none", "stages"
APPROVAL = (
    (NEEDED, "Needed", "The stages below decide, one after the other."),
    (
        NOT_NEEDED,
        "Not needed",
        "Everyone who can request access gets it at once. Not possible for any outside person.",
    ),
)
NO_EXTENSION, WITH_APPROVAL, WITHOUT_APPROVAL = "none", "with", "without"
EXTENSION = (
    (NO_EXTENSION, "Not possible", "People request access again when it has ended."),
    (WITH_APPROVAL, "With approval", "The same stages decide again."),
    (WITHOUT_APPROVAL, "Without approval", ""),
)
LENGTHS = {DAYS: "lasts_days", HOURS: "lasts_hours", UNTIL: "last_day"}
PLACES = {"stages": "approval", "scope": "scope"}  # of refusals, where the form calls them so


class LengthField(forms.IntegerField):
    """A number that is needed where access ends after so many days or hours."""

    depends_on_another = True  # not just optional

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class LastDayField(forms.DateField):
    """A day that is needed where access ends on one."""

    depends_on_another = True

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class PolicyForm(PortalForm):
    """All of a policy on one page. Stages and questions have numbered fields, "stage-1-days"."""

    name = forms.CharField(
        strip=False,
        error_messages={"required": "Enter a name"},
        help_text="Seen by administrators and auditors.",
    )
    is_open = forms.BooleanField(label="Open for requests", required=False, initial=True)
    scope = ChoiceWithHints(choices=SCOPES, label="Who can request", initial="named")
    approval = ChoiceWithHints(choices=APPROVAL, label="Approval", initial=NEEDED)
    needs_reason = forms.BooleanField(
        label="The requester has to give a reason", required=False, initial=True
    )
    ends = forms.ChoiceField(
        label="Access ends", choices=Policy.Ends, widget=forms.RadioSelect, initial=DAYS
    )
    lasts_days = LengthField(
        label="Days of access",
        initial=365,
        help_text=f"From 1 to {grouped(LONGEST_DAYS)}.",
        error_messages={"invalid": "Enter a number of days"},
    )
    lasts_hours = LengthField(
        label="Hours of access",
        help_text=f"From 1 to {grouped(LONGEST_HOURS)}.",
        error_messages={"invalid": "Enter a number of hours"},
    )
    last_day = LastDayField(
        label="Last day of access",
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": "Enter a real date, such as 31 Dec 2026"},
    )
    requester_chooses = forms.BooleanField(
        label="The requester can choose dates within that", required=False
    )
    extension = ChoiceWithHints(choices=EXTENSION, label="Extension", initial=WITH_APPROVAL)

    def __init__(self, data=None, files=None, *, initial: Mapping | None = None, **kwargs):
        super().__init__(data, files, initial=initial, **kwargs)
        source = data if data is not None else {"stages": 1, **(initial or {})}
        self.numbers = {kind: _count(kind, source) for kind in MOST}
        for kind, fields in FIELDS.items():
            for number in range(1, self.numbers[kind] + 1):
                for name, field in fields().items():
                    dress(field)
                    self.fields[f"{kind}-{number}-{name}"] = field

    def parts(self, kind: str) -> Iterator[dict]:
        """Yield the bound fields of each stage or question, with its number."""
        for number in range(1, self.numbers[kind] + 1):
            fields = {name: self[f"{kind}-{number}-{name}"] for name in FIELDS[kind]()}
            yield fields | {"number": number, "is_last": number == self.numbers[kind]}

    def stage_parts(self) -> list[dict]:
        return list(self.parts("stage"))

    def question_parts(self) -> list[dict]:
        return list(self.parts("question"))

    def can_add(self) -> dict[str, bool]:
        """Return whether there can be one more of each kind."""
        return {kind: self.numbers[kind] < most for kind, most in MOST.items()}

    def clean(self):
        """Forget what is wrong in fields that are not used."""
        super().clean()
        used = LENGTHS.get(self.cleaned_data.get("ends", ""))
        unused = {name for name in LENGTHS.values() if name != used} | self._unused_of_stages()
        for name in unused & self.errors.keys():
            del self.errors[name]
        if self.cleaned_data.get("approval") == NEEDED and not self.numbers["stage"]:
            self.add_error("approval", "Add a stage, or choose that no approval is needed")

    def _unused_of_stages(self) -> set[str]:
        if self.cleaned_data.get("approval") == NOT_NEEDED:
            numbers = range(1, self.numbers["stage"] + 1)
            return {f"stage-{number}-{part}" for number in numbers for part in FIELDS["stage"]()}
        return {
            f"stage-{number}-{'fallback' if is_named else 'people'}"
            for number in range(1, self.numbers["stage"] + 1)
            for is_named in [self.cleaned_data.get(f"stage-{number}-approvers") == NAMED_PEOPLE]
        }

    def add_refusal(self, refusal: Refused) -> None:
        """Put every reason at its field; "stages" as a whole at the choice of approval."""
        for reason in refusal.reasons:
            place = PLACES.get(reason.field, reason.field)
            self.add_error(place if place in self.fields else None, reason.text)

    def policy(self, organizations: Iterable[UUID]) -> NewPolicy:
        """Return what was typed, as far as it was accepted."""
        typed = self.cleaned_data
        stages = [stage_of(each) for each in self._typed_parts("stage")]
        return NewPolicy(
            typed.get("name", ""),
            typed.get("scope", Policy.Scope.NAMED.value),
            tuple(organizations),
            tuple(stages) if typed.get("approval") != NOT_NEEDED else (),
            typed["is_open"],
            self._lifecycle(),
            typed["needs_reason"],
            tuple(question_of(each) for each in self._typed_parts("question")),
        )

    def _typed_parts(self, kind: str) -> list[dict]:
        typed = self.cleaned_data
        return [
            {name: typed[key] for name in FIELDS[kind]() if (key := f"{kind}-{n}-{name}") in typed}
            for n in range(1, self.numbers[kind] + 1)
        ]

    def _lifecycle(self) -> Lifecycle:
        typed = self.cleaned_data
        extension = typed.get("extension", NO_EXTENSION)
        return Lifecycle(
            typed.get("ends", DAYS),
            typed.get("lasts_days"),
            typed.get("lasts_hours"),
            typed.get("last_day"),
            typed["requester_chooses"],
            extension != NO_EXTENSION,
            extension != WITHOUT_APPROVAL,
        )


def _count(kind: str, source: Mapping) -> int:
    return number_of(kind, {f"{kind}s": str(source.get(f"{kind}s", 0))})


def stored_values(row: Policy) -> dict[str, object]:
    """Return what the form shows for a policy: people as their addresses, one per line."""
    stages = [asdict(stage) for stage in row.all_stages]
    addresses = lines_in(row.all_stages)
    for stage in stages:
        for part in PARTS:
            stage[part] = "\n".join(addresses[key] for key in stage[part] if key in addresses)
    questions = [asdict(each) | {"choices": "\n".join(each.choices)} for each in row.all_questions]
    columns = ("name", "scope", "is_open", "needs_reason", "ends", *LENGTHS.values())
    return {
        **{name: getattr(row, name) for name in columns},
        "requester_chooses": row.requester_chooses,
        "approval": NEEDED if stages else NOT_NEEDED,
        "extension": _extension(row),
        **numbered("stage", stages or [dict(NEW_STAGE)]),
        **numbered("question", questions),
    }


def _extension(row: Policy) -> str:
    if not row.can_extend:
        return NO_EXTENSION
    return WITH_APPROVAL if row.extension_needs_approval else WITHOUT_APPROVAL


def values_after(typed: Mapping[str, str], change: str) -> dict[str, object]:
    """Return all that was typed, with a stage or question added, removed or moved."""
    values: dict[str, object] = {name: typed.get(name, "") for name in PolicyForm.base_fields}
    return values | rearranged(typed, change)

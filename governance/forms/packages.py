"""What people type about an access package."""

from __future__ import annotations

from django import forms

from ..models import Person
from ..queries.access_packages.drafts import basics_problems, catalogs_for
from .catalogs import GENERAL
from .layout import PortalForm, offer


class PackageForm(PortalForm):
    name = forms.CharField(strip=False, error_messages={"required": "Enter a name"})
    description = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What it contains, in words that the people who request it understand.",
    )
    is_listed = forms.BooleanField(
        label="Listed",
        required=False,
        initial=True,
        help_text="A hidden package does not appear when people look for packages.",
    )
    is_open = forms.BooleanField(label="Open for requests", required=False, initial=True)


class NewPackageForm(PackageForm):
    """The first step of the wizard: what is asked of a package, and where it is put."""

    catalog = forms.ChoiceField(
        help_text="The managers of the catalog can change the package.",
        error_messages={
            "required": "Choose a catalog",
            "invalid_choice": "This catalog has been removed. Choose another one",
        },
    )
    field_order = ["name", "description", "catalog", "is_listed", "is_open"]

    def __init__(self, *args, person: Person, is_final: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_final = is_final
        may_choose_all = person.has_perm("governance.change_package")
        general = [(GENERAL, "General")] if may_choose_all else []
        rows = catalogs_for(person, may_choose_all=may_choose_all)
        offer(self, "catalog", [*general, *((str(each.uuid), each.name) for each in rows)])

    def clean(self):
        """Ask the rules, and whether the name is free; Create asks that again under its locks."""
        for name, problem in basics_problems(self.cleaned_data):
            if name not in self.errors:
                self.add_error(name, problem)


class ResourcesForm(PortalForm):
    """The groups and webhooks that are ticked, each as its kind and public id."""

    resource = forms.MultipleChoiceField(required=False, choices=())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        typed = self.data.getlist("resource") if self.is_bound else []
        offer(self, "resource", [(value, value) for value in typed])


class ReviewForm(PortalForm):
    """Carries the fingerprint of what was shown, so that Create makes exactly that."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

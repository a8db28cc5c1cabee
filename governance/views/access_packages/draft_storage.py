"""The wizard's storage: a draft row, not the session, so that tabs never mix (decision 0007)."""

from __future__ import annotations

from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from formtools.wizard.storage.base import BaseStorage

from ...queries.access_packages.drafts import answers
from ...web.unsaved_answers import held_for

LEFT_OUT = ("csrfmiddlewaretoken", "page_token", "goto", "find", "search", "change")


class PackageDraftStorage(BaseStorage):
    """Reads the draft that the view put on the request, at the step that the address names."""

    def __init__(self, prefix, request=None, file_storage=None):
        super().__init__(prefix, request, file_storage)
        self.draft = request.draft
        self.init_data()

    def init_data(self):
        super().init_data()
        self.current_step = self.request.resolver_match.kwargs["step"]

    @cached_property
    def held(self):
        """What was typed on this step when the session had ended."""
        is_read = self.request.method == "GET" and self.current_step != "review"
        return held_for(self.request) if is_read else None

    def get_step_data(self, step):
        """Return what the form of a step is bound to; None where nothing was posted yet."""
        if self.held and step == self.current_step:
            return self.held
        return answers(self.draft, step)

    def posted(self) -> dict[str, list[str]]:
        """Return what the step was given: PostgreSQL stores no NUL in JSON."""
        return {
            name: [text.replace("\0", "\x01") for text in texts]
            for name, texts in self.request.POST.lists()
            if name not in LEFT_OUT
        }

    def with_posted(self) -> MultiValueDict:
        """Return the same as a form is bound to it."""
        return MultiValueDict(self.posted())

"""The wizard's storage: a draft row, not the session, so that tabs never mix and a restart loses
nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from formtools.wizard.storage.base import BaseStorage

from ...actions import drafts
from ...models import Draft
from ...queries.connecting.drafts import (
    answers,
    is_blank,
    marks,
    put_answers,
    put_changed_sources,
    put_changed_sponsors,
    put_mark,
)
from ...web.unsaved_answers import held_for
from .draft_sources import show_sources

# What gives a draft the answers of a step, and the action that saves the same.
_CHANGES: dict[str, tuple[Callable[..., None], Callable[..., Draft]]] = {
    "basics": (put_answers, drafts.save_answers),
    "directories": (put_changed_sources, drafts.change_sources),
    "sponsors": (put_changed_sponsors, drafts.change_sponsors),
}


class DraftStorage(BaseStorage):
    """Reads the draft that the view put on the request, at the step that the address names.

    `keep` stores it, once in a request that posts a step and never on GET.
    """

    def __init__(self, prefix, request=None, file_storage=None):
        super().__init__(prefix, request, file_storage)
        self.draft, self.given = request.draft, {}
        self.init_data()

    def init_data(self):
        super().init_data()
        self.current_step = self.request.resolver_match.kwargs["step"]
        for step in _CHANGES:
            self._show(step)

    @cached_property
    def held(self):
        """What was typed on this step when the session had ended."""
        is_filled_in = self.request.method == "GET" and self.current_step in _CHANGES
        return held_for(self.request) if is_filled_in else None

    def get_step_data(self, step):
        """Return what the form of a step is bound to, as it was left; None where there is nothing
        to check: nothing was posted yet, or a step without fields was not refused.
        """
        if self.held and step == self.current_step:
            show_sources(self.draft, self.held)
            return self.held
        given = super().get_step_data(step)
        if self.request.method == "POST" or marks(self.draft).get(step) is False:
            return given or MultiValueDict()
        return given if step == "basics" else None

    def with_posted(self) -> MultiValueDict:
        """Return what the step has with what was posted in its place.

        PostgreSQL stores no NUL in JSON; another control character is refused at the field too.
        """
        data = self.get_step_data(self.current_step).copy()
        for name, texts in self.request.POST.lists():
            data.setlist(name, [text.replace("\0", "\x01") for text in texts])
        return data

    def set_step_data(self, step, cleaned_data):
        """Give the draft what a step was given, until `keep` stores it. What Review posts is about
        this request alone.
        """
        if step not in _CHANGES:
            super().set_step_data(step, cleaned_data)
            return
        self.given = cleaned_data
        if any(cleaned_data.values()):
            _CHANGES[step][0](self.draft, **cleaned_data)
            self._show(step)

    def keep(self, is_valid: bool | None) -> None:
        """Store the draft with the mark of its step. One without a row gets it once there is
        something to store.
        """
        step, draft = self.current_step, self.draft
        put_mark(draft, step, is_valid)
        if draft.pk or not is_blank(draft):
            own = {"author": self.request.user, "uuid": draft.uuid, "at": timezone.now()}
            self.draft = _CHANGES[step][1](**self.given, is_valid=is_valid, read=draft, **own)

    def _show(self, step: str) -> None:
        """Take the answers of the draft as if they had just been posted."""
        if given := answers(self.draft, step):
            self.data[self.step_data_key][step] = {
                name: value if isinstance(value, list) else [value] for name, value in given.items()
            }

"""The wizard's storage: a draft row instead of the session, so that tabs never mix and a restart loses nothing."""

from __future__ import annotations

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from ..actions import drafts


class DraftStorage(BaseStorage):
    """Reads the draft that the view put on the request; writes it when a step is posted, and never on GET."""

    def __init__(self, prefix, request=None, file_storage=None):
        super().__init__(prefix, request, file_storage)
        self.data = {}

    def init_data(self):
        """Nothing to prepare: the row appears with the first POST."""

    def reset(self):
        """A created draft stays, so that a second Create answers the same organization."""

    @property
    def draft(self):
        return self.request.draft

    def _get_current_step(self):
        return getattr(self.request, "draft_step", None)

    def _set_current_step(self, step):
        self.request.draft_step = step

    current_step = property(_get_current_step, _set_current_step)
    extra_data = property(lambda self: {}, lambda self, value: None)

    def get_step_data(self, step):
        given = self.draft.answers.get(step)
        return (
            MultiValueDict(
                {
                    name: value if isinstance(value, list) else [value]
                    for name, value in given.items()
                }
            )
            if given
            else None
        )

    def set_step_data(self, step, cleaned_data):
        """PostgreSQL keeps no NUL in JSON; another control character is refused at the field alike."""
        self.keep(
            step, {name: text.replace("\0", "\x01") for name, text in cleaned_data.items()}, None
        )

    def keep(self, step, given: dict, is_valid: bool | None):
        self.request.draft = drafts.save_answers(
            author=self.request.user,
            uuid=self.draft.uuid,
            step=step,
            given=given,
            is_valid=is_valid,
            at=timezone.now(),
        )

    def get_step_files(self, step):
        return None

    def set_step_files(self, step, files):
        """No step takes a file."""

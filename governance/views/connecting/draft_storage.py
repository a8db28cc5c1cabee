"""The wizard's storage: a draft row, not the session, so that tabs never mix and a restart loses
nothing.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from ...actions import drafts
from ...queries.connecting.drafts import is_blank


class DraftStorage(BaseStorage):
    """Reads the draft that the view put on the request.

    Stores it when a step is posted, never on GET.
    """

    def __init__(self, prefix, request=None, file_storage=None):
        super().__init__(prefix, request, file_storage)
        self.data = {}

    def init_data(self):
        """Do nothing: the row is made by the first answer."""

    def reset(self):
        """Do nothing: the draft stays, so that a second Create answers the same organization."""

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
        """Store what was typed.

        PostgreSQL stores no NUL in JSON; another control character is refused at the field too.
        """
        self.keep(
            step, {name: text.replace("\0", "\x01") for name, text in cleaned_data.items()}, None
        )

    def keep(self, step, given: dict, is_valid: bool | None):
        """Store the answers of a step.

        A draft without a row gets one once there is something to store.
        """
        draft = self.request.draft
        if not draft.pk:
            draft.answers[step] = draft.answers.get(step, {}) | given
            if is_valid is not None:
                draft.answers["checked"] = draft.answers.get("checked", {}) | {step: is_valid}
            if is_blank(draft):
                return
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

"""Sessions in the database, as Django keeps them, read by a statement whose text is made once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from ..db.kept_statements import Varying, instances


class SessionStore(db.SessionStore):
    """Django's, but for how a session is read: every page does it, and making the text of the
    statement was a tenth of a light page.

    Django 5.2: SessionStore.load asks `_get_session_from_db`.
    """

    def _get_session_from_db(self) -> Session | None:
        values = {"key": self.session_key, "now": timezone.now()}
        for session in instances(Session, "session", _unexpired, values):
            return session
        self._session_key = None
        return None


def _unexpired() -> QuerySet[Session]:
    key, now = Varying("key", "", CharField()), Varying("now", None, DateTimeField())
    return Session.objects.filter(session_key=key, expire_date__gt=now)

"""What somebody typed on a form that was not saved, because their session had ended or changed.

A form that carries `page_token` says whose page it was. What is posted by it without a valid
session waits in the browser's new session until the same person has signed in, and fills in the
same form again. It is never saved by itself.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from ..models import Person
from .portal_request import SignedInRequest

FIELD = "page_token"
HELD_FOR = timedelta(hours=1)
PAGE_MAY_BE = timedelta(days=30)  # as long as a draft is listed
LARGEST = 64_000  # characters; the longest answers of the wizard take a few hundred
MOST = 5  # forms at a time, such as one in each tab
_SALT, _SESSION_KEY = "governance.unsaved-answers", "unsaved_answers"


def page_token(request: SignedInRequest) -> str:
    """Return what the forms of this page carry: for whom the page was made, signed."""
    return signing.dumps([str(request.user.uuid), request.path], salt=_SALT)


def hold(request: HttpRequest) -> bool:
    """Hold what was posted until the person for whom the page was made signs in; return whether it
    is held.
    """
    owner = _owner(request)
    answers = request.POST.copy()
    for name in (FIELD, "csrfmiddlewaretoken"):
        answers.pop(name, None)
    posted = answers.urlencode()
    if not owner or len(posted) > LARGEST or _is_somebody_else(request.user, owner):
        return False
    others = [entry for entry in _entries(request) if entry["path"] != request.path]
    entry = {
        "owner": owner,
        "path": request.path,
        "at": timezone.now().timestamp(),
        "posted": posted,
    }
    request.session[_SESSION_KEY] = [*others, entry][-MOST:]
    return True


def held_for(request: SignedInRequest) -> QueryDict | None:
    """Return what the person typed on this page before they signed in again; None when there is
    nothing.
    """
    entry = next((entry for entry in _own(request) if entry["path"] == request.path), None)
    return QueryDict(entry["posted"]) if entry else None


def forget(request: HttpRequest) -> None:
    """Forget what waits for this page: something was posted by it again."""
    entries = _entries(request)
    others = [entry for entry in entries if entry["path"] != request.path]
    if others != entries:
        request.session[_SESSION_KEY] = others


def forget_those_of_others(request: HttpRequest, person: Person) -> None:
    """Forget what was typed by anybody but the person who signed in."""
    entries = _entries(request)
    own = [entry for entry in entries if entry["owner"] == str(person.uuid)]
    if own != entries:
        request.session[_SESSION_KEY] = own


def _owner(request: HttpRequest) -> str:
    """The public id of the person for whom the page of the posted form was made; "" when nothing
    proves it.
    """
    try:
        owner, path = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=PAGE_MAY_BE)
    except (signing.BadSignature, ValueError):
        return ""
    return owner if path == request.path else ""


def _is_somebody_else(person, owner: str) -> bool:
    return person.is_authenticated and str(person.uuid) != owner


def _entries(request: HttpRequest) -> list[dict]:
    since = (timezone.now() - HELD_FOR).timestamp()
    return [entry for entry in request.session.get(_SESSION_KEY, []) if entry["at"] > since]


def _own(request: SignedInRequest) -> list[dict]:
    return [entry for entry in _entries(request) if entry["owner"] == str(request.user.uuid)]

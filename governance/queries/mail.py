"""Mail to read: codes and links meant for others are masked, unless the portal shows made-up data."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Mail, Person
from .demo import is_demo
from .keyset import Sort, a_number
from .one_statement import Counted, ask
from .pages import Page, page_of

NEWEST = Sort("number", "pk", a_number, descending=True)
MASK = "••••••••"
STATES = {"": "All", **{state.value: state.label for state in Mail.State}}


@dataclass(frozen=True, slots=True)
class MailPage:
    state: str
    mails: Page
    counts: dict[str, Counted]


@dataclass(frozen=True, slots=True)
class ReadableMail:
    mail: Mail
    body: str
    is_masked: bool


def mail_page(state: str, cursor: str) -> MailPage:
    """A page of mail in one state ("": in any), the newest first. Two statements."""
    by_state = {
        each: Mail.objects.filter(state=each) if each else Mail.objects.all() for each in STATES
    }
    counts, _none = ask(by_state, {})
    return MailPage(state, page_of(by_state[state], NEWEST, cursor), counts)


def readable_mail(number: int, *, reader: Person) -> ReadableMail | None:
    mail = Mail.objects.filter(pk=number).first()
    if mail is None:
        return None
    masks = bool(mail.secret) and mail.to != reader.email and not is_demo()
    return ReadableMail(mail, mail.body.replace(mail.secret, MASK) if masks else mail.body, masks)

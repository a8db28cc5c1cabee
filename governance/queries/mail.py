"""Mail to read: codes and links meant for others are masked, unless the portal shows made-up data."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Mail, Person
from .demo import is_demo
from .keyset import Sort, a_number
from .pages import Page, page_of

NEWEST = Sort("number", "pk", a_number, descending=True)
MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class ReadableMail:
    mail: Mail
    body: str
    is_masked: bool


def mail_page(cursor: str) -> Page:
    return page_of(Mail.objects.all(), NEWEST, cursor)


def readable_mail(number: int, *, reader: Person) -> ReadableMail | None:
    mail = Mail.objects.filter(pk=number).first()
    if mail is None:
        return None
    masks = bool(mail.secret) and mail.to != reader.email and not is_demo()
    return ReadableMail(mail, mail.body.replace(mail.secret, MASK) if masks else mail.body, masks)

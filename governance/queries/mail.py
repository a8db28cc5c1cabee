"""Mail to read: codes and links meant for others are masked,
unless the portal shows made-up data.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from ..db.combined_query import Counted, run_combined
from ..db.keyset import Sort, a_number
from ..db.keyset_pages import Page, page_of
from ..facts.sample_data import is_demo
from ..models import Mail, Person

NEWEST = Sort("number", "pk", a_number, descending=True)
MASK = "••••••••"
# A mail is kept where no mail server is set up: nobody got it.
STATE_WORDS = {
    Mail.State.WAITING.value: "Waiting",
    Mail.State.SENT.value: "Sent",
    Mail.State.KEPT.value: "Not sent",
    Mail.State.FAILED.value: "Failed",
    Mail.State.CANCELLED.value: "Cancelled",
}
STATES = {"": "All", **STATE_WORDS}


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

    @property
    def state_words(self) -> str:
        """Return what became of the mail, in a sentence for its page."""
        if self.mail.state == Mail.State.KEPT:
            when = "was" if settings.EMAIL_URL else "is"
            return f"Not sent: no mail server {when} set up"
        problem = f": {self.mail.last_error}" if self.mail.last_error else ""
        return f"{STATE_WORDS[self.mail.state]}{problem}"


def mail_page(state: str, cursor: str) -> MailPage:
    """A page of mail in one state ("": in any), the newest first. Two statements."""
    by_state = {
        each: Mail.objects.filter(state=each) if each else Mail.objects.all() for each in STATES
    }
    counts, _none = run_combined(by_state, {})
    return MailPage(state, page_of(by_state[state], NEWEST, cursor), counts)


def delivery_words(to: str) -> str:
    """Return what becomes of a mail that was just written, as far as it is known."""
    if settings.EMAIL_URL:
        return f"An email with a link goes to {to}."
    unsent = f"The email with the link was not sent to {to}: no mail server is set up."
    if is_demo():  # then nothing is masked
        return f"{unsent} Global administrators can read it under Mail."
    return f"{unsent} Set one up, then send the invitation again."


def readable_mail(number: int, *, reader: Person) -> ReadableMail | None:
    """Return an email with links and codes for others masked; None where there is none."""
    mail = Mail.objects.filter(pk=number).first()
    if mail is None:
        return None
    masks = bool(mail.secret) and mail.to != reader.email and not is_demo()
    return ReadableMail(mail, mail.body.replace(mail.secret, MASK) if masks else mail.body, masks)

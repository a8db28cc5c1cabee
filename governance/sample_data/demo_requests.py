"""Made-up requests in every state, brought there by the actions of the product, at moments that are
past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from ..actions.access_requests import (
    assigning,
    decisions,
    deliveries,
    deputies,
    ending,
    expiry,
    fulfilment,
    submission,
    withdrawal,
)
from ..actions.access_requests.submission import NewRequest
from ..actions.domain_list import add_rules, remove_rule
from ..facts.sample_data import demo_requests
from ..models import (
    AccessRequest,
    ApprovalDecision,
    Assignment,
    Delivery,
    ListRule,
    Mail,
    Package,
    Person,
)
from ..rules.domain_list import NewListRule
from ..rules.roles import Actor

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DRAWINGS, AUDIT, LAB, CALENDAR, WIFI = (
    *("Supplier drawings", "Audit workspace", "Corrosion lab data"),
    *("Project calendar", "Visitor network"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """Requests that one person makes, told to the end at which they are now."""

    by: Actor
    now: datetime

    def submit(self, package: str, email: str, ago: timedelta, reason: str) -> AccessRequest:
        """Submit a request so long ago, by whoever has the address."""
        person = Person.objects.filter(email=email).first()
        visitor = Actor(person.pk if person else None, str(person) if person else email)
        return submission.submit(
            package=Package.objects.get(name=package),
            new=NewRequest(email, reason, signed_in_by="code"),
            by=visitor if "kestrel" not in email else self.by,
            at=self.now - ago,
        )

    def approve(self, row: AccessRequest, name: str, ago: timedelta, text: str = "") -> None:
        """Approve the present stage as somebody."""
        decisions.approve(request=row, reason=text, by=_as(name), at=self.now - ago)

    def set_up(self, row: AccessRequest, ago: timedelta) -> Assignment:
        """Set up the access, and do all that is to be done at its resources."""
        assignment = self.begin(row, ago)
        for delivery in assignment.deliveries.order_by("pk"):
            deliveries.deliver(delivery.pk, self.now - ago)
        return assignment

    def begin(self, row: AccessRequest, ago: timedelta) -> Assignment:
        """Begin to set up the access."""
        fulfilment.start(request=row, by=self.by, at=self.now - ago)
        rows = Assignment.objects.filter(mailbox=row.mailbox, package=row.package)
        return rows.order_by("-pk")[0]


def add_requests(by: Actor, at: datetime) -> None:
    """Add a request in every state, with an extension, a direct assignment, a proposed organization
    and a deputy. What they write to people is kept and not sent.
    """
    last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    story = Story(by, at)
    for tell in (_waiting, _stopped, _set_up, _over, _proposed):
        tell(story)
    tomas, mara = (Person.objects.get(name=name) for name in ("Tomas Oyelaran", "Mara Lindqvist"))
    until = (at + 10 * DAY).date()
    deputies.add_deputy(person=tomas, deputy=mara, last_day=until, by=by, at=at)
    Mail.objects.filter(pk__gt=last, state=Mail.State.WAITING).update(state=Mail.State.KEPT)


def remove_requests(people: list[Person]) -> None:
    """Take away what these made-up people requested, had and decided, with the mail about it."""
    theirs = list(demo_requests())
    about = [f"request:{each.uuid}" for each in theirs]
    emails = [*(each.email for each in people), *(each.email for each in theirs)]
    Mail.objects.filter(Q(about__in=about) | Q(to__in=emails)).delete()
    held = Assignment.objects.filter(Q(person__in=people) | Q(request__in=theirs))
    Delivery.objects.filter(assignment__in=held).delete()
    held.delete()
    AccessRequest.objects.filter(pk__in=[each.pk for each in theirs]).delete()
    ApprovalDecision.objects.filter(person__in=people).delete()


def _as(name: str) -> Actor:
    person = Person.objects.get(name=name)
    return Actor(person.pk, str(person))


def _waiting(story: Story) -> None:
    """Waiting for the first stage, for the second one, and for the requester."""
    reason = "I check the pump drawings for the spring shutdown."
    story.submit(DRAWINGS, "lea@service.pumpworks.example", 20 * HOUR, reason)
    row = story.submit(DRAWINGS, "j.frei@pumpworks-italia.example", 4 * DAY, "Plant 3, valve V-17.")
    story.approve(row, "Rosa Bianchi", 3 * DAY, "Jonas is on our team for plant 3.")
    row = story.submit(AUDIT, "h.brandt@lumen-audit.example", 2 * DAY, "Audit")
    question = "Which part of the audit do you work on, and until when?"
    by = _as("Anneke Kuiper")
    decisions.send_back(request=row, reason=question, by=by, at=story.now - DAY)


def _stopped(story: Story) -> None:
    """On hold since a rule blocked the domain, which is gone again; and failed at a resource."""
    row = story.submit(LAB, "s.haddad@alumni.brightwater.example", 6 * DAY, "The 2025 series.")
    rule = NewListRule("alumni.brightwater.example", "with_subdomains", "block", "Under review")
    add_rules(rules=(rule,), by=story.by, at=story.now - 5 * DAY)
    story.approve(row, "Tomas Oyelaran", 4 * DAY)
    blocked = ListRule.objects.get(name="alumni.brightwater.example")
    remove_rule(rule=blocked, by=story.by, at=story.now - 3 * DAY)
    row = story.submit(AUDIT, "n.pryce@lumen-audit.example", 3 * DAY, "Evidence for inventory.")
    story.approve(row, "Anneke Kuiper", 2 * DAY)
    assignment = story.begin(row, 2 * DAY - HOUR)
    problem = {"last_error": "The group could not be read in time", "attempts": 5}
    assignment.deliveries.update(state=Delivery.State.FAILED, **problem)
    fulfilment.settle(assignment, story.now - 2 * DAY)


def _set_up(story: Story) -> None:
    """Approved for later, being set up, and there: one of it ends soon and is to be extended."""
    row = story.submit(LAB, "k.aho@brightwater.example", 2 * DAY, "My thesis starts next week.")
    story.approve(row, "Tomas Oyelaran", DAY)
    later = story.now + 5 * DAY
    AccessRequest.objects.filter(pk=row.pk).update(starts_at=later, deliver_at=later)
    row = story.submit(AUDIT, "e.lindgren@lumen-audit.example", DAY, "Ledger review.")
    story.approve(row, "Anneke Kuiper", 2 * HOUR)
    begun = story.begin(row, HOUR)
    begun.deliveries.update(attempts=1, due_at=story.now + 3 * HOUR)
    row = story.submit(DRAWINGS, "r.bianchi@pumpworks.example", 172 * DAY, "Hydraulics, plant 2.")
    story.approve(row, "Anneke Kuiper", 171 * DAY)
    story.approve(row, "Tomas Oyelaran", 170 * DAY)
    held = story.set_up(row, 170 * DAY - HOUR)
    assigning.request_extension(
        assignment=held,
        mailbox=held.mailbox,
        reason="The contract was renewed for a year.",
        ends_at=None,
        by=_as("Rosa Bianchi"),
        at=story.now - 5 * HOUR,
    )
    row = story.submit(CALENDAR, "k.dahl@northgate-rail.example", 30 * DAY, "Sidings, week 12.")
    story.set_up(row, 30 * DAY - HOUR)
    direct = assigning.assign(
        package=Package.objects.get(name=CALENDAR),
        email="petr@ostrava-marine.example",
        reason="Surveys the ships of the spring shutdown.",
        last_day=(story.now + 60 * DAY).date(),
        by=story.by,
        at=story.now - 8 * DAY,
    )
    story.set_up(direct, 8 * DAY - HOUR)


def _over(story: Story) -> None:
    """Denied, withdrawn, expired, and ended."""
    row = story.submit(LAB, "m.osei@brightwater.example", 40 * DAY, "Curious.")
    by = _as("Tomas Oyelaran")
    decisions.deny(request=row, reason="No project yet.", by=by, at=story.now - 39 * DAY)
    row = story.submit(DRAWINGS, "p.conti@pumpworks-italia.example", 12 * DAY, "By mistake.")
    visitor = Actor(None, row.email)
    withdrawal.withdraw(request=row, mailbox=row.mailbox, by=visitor, at=story.now - 11 * DAY)
    row = story.submit(LAB, "t.nakai@brightwater.example", 25 * DAY, "Salt spray tests.")
    expiry.expire(request=row, by=story.by, at=story.now - 10 * DAY)
    row = story.submit(CALENDAR, "ines@brightwater.example", 90 * DAY, "Lab visits.")
    held = story.set_up(row, 90 * DAY - HOUR)
    left = "The joint research moved to another building."
    ending.end_assignment(assignment=held, reason=left, by=story.by, at=story.now - 9 * DAY)


def _proposed(story: Story) -> None:
    """A person of a partner that nobody connected: their request proposes it."""
    story.submit(WIFI, "mira@kestrel-optics.example", 3 * HOUR, "Visiting on Thursday.")

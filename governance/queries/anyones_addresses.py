"""People whose address many others, or anyone, can have: without approval no policy lets them in (product rule 29)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from ..models import Person
from ..rules import domain_guards, email_domains
from .among import Among
from .one_statement import compiled
from .ranges import at_or_beneath

# As in ranges.py: each mailbox's range is looked up by itself, whatever the planner believes.
_MAILBOXES = {
    "sqlite": "SELECT t.id FROM (VALUES {ranges}) r CROSS JOIN governance_person t ON t.mailbox >= r.column1 AND t.mailbox < r.column2",
    "postgresql": "SELECT t.id FROM (VALUES {ranges}) r CROSS JOIN LATERAL"
    " (SELECT t.id FROM governance_person t WHERE t.mailbox >= r.column1 AND t.mailbox < r.column2 OFFSET 0) t",
}
_RANGE = {"sqlite": "(%s, %s)", "postgresql": '(%s COLLATE "C", %s COLLATE "C")'}


def is_anyones(public_claims: Iterable[str]) -> Q:
    """The condition on people. `public_claims` are claimed names that whoever accepts public mail claimed: guests are at no others of these."""
    locals_ = sorted(domain_guards.shared_locals())
    mailboxes = _MAILBOXES[connection.vendor].format(
        ranges=", ".join([_RANGE[connection.vendor]] * len(locals_))
    )
    bounds = [bound for local in locals_ for bound in email_domains.mailboxes_range(local)]
    public = [name for name in public_claims if domain_guards.is_public_mail(name)]
    guests, at_these = compiled(
        at_or_beneath(Person.objects.guests(), public, key="domain_key").values("pk"), "{}"
    )
    return Q(Among("pk", f"{mailboxes} UNION ALL {guests}", [*bounds, *at_these]))

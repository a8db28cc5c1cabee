"""Builders of requests and assignments, as rows: in whatever state a test needs them."""

from __future__ import annotations

from dataclasses import dataclass

from governance.models import AccessRequest, Assignment, Package, Person
from governance.rules.email_domains import canonical_email
from tests import make


@dataclass(frozen=True)
class Requests:
    """What one address has of a package, and requested."""

    email: str
    package: Package

    def request(self, state: str = "pending_approval", **more) -> AccessRequest:
        """A request that was submitted at noon, in any state."""
        moments = ("submitted_at", "stage_began_at", "changed_at")
        return AccessRequest.objects.create(
            package=self.package,
            email=self.email,
            mailbox=canonical_email(self.email).mailbox,
            state=state,
            **dict.fromkeys(moments, make.NOON) | more,
        )

    def assignment(self, **more) -> Assignment:
        """Access since noon, with the request that it was delivered for."""
        person = Person.objects.filter(email=self.email).first() or make.guest(self.email)
        values = {"starts_at": make.NOON, "created_at": make.NOON} | more
        return Assignment.objects.create(
            package=self.package,
            person=person,
            mailbox=canonical_email(self.email).mailbox,
            request=self.request("delivered"),
            **values,
        )

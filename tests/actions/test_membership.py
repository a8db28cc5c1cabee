"""Whatever is connected, changed, deleted, restored and released: every number, every belonging and
every search entry stays true.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from governance.actions.organizations import basics, deletion, sources, sponsors
from governance.actions.people import accounts as people
from governance.facts.audit_chain import check_chain
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import AuditEvent, Claim, Organization, Person, Source
from governance.rules import email_domains
from governance.rules.decision import Refused
from governance.rules.names import name_key
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
ROOTS = ("a.example", "b.example", "github.io", "gmail.com")
NAMES = (
    *ROOTS,
    *(f"{label}.{root}" for root in ROOTS for label in ("x", "y")),
    "z.x.a.example",
    "z.y.github.io",
)
GUEST_DOMAINS = (*NAMES, "deep.z.x.a.example", "x.gmail.com", "elsewhere.example")


def covers(claim: Claim, domain: str) -> bool:
    """Rule 10, the long way: nothing at or beneath a suffix that is the claim's name or lies
    beneath it.
    """
    if claim.name == domain:
        return True
    under_a_suffix = domain.endswith(".github.io") and claim.name in ("github.io", "io")
    return (
        claim.source.covers_subdomains and domain.endswith(f".{claim.name}") and not under_a_suffix
    )


def where(domain: str, claims: list[Claim]) -> int | None:
    covering = [claim for claim in claims if covers(claim, domain)]
    return max(covering, key=lambda claim: claim.name.count("."), default=Claim()).organization_id


def require_truth() -> None:
    """Compare all that is stored with what a walk over everything says."""
    claims = list(Claim.objects.filter(released_at=None).select_related("source"))
    guests = list(Person.objects.filter(kind="guest"))
    assert {guest.email: guest.organization_id for guest in guests} == {
        guest.email: where(guest.domain, claims) for guest in guests
    }
    for organization in Organization.objects.all():
        here = [
            guest
            for guest in guests
            if guest.organization_id == organization.pk and guest.state != "removed"
        ]
        own = [claim for claim in claims if claim.organization_id == organization.pk]
        assert (organization.name, organization.people_count) == (organization.name, len(here))
        assert organization.search_entry.text == search_text(organization, own)
        assert organization.sign_in == sign_in(organization)
    assert (
        not Claim.objects.filter(released_at=None, organization__deleted_at=None)
        .exclude(source__released_at=None)
        .exists()
    )
    assert len({claim.name for claim in claims}) == len(claims)


def search_text(organization: Organization, own: list[Claim]) -> str:
    people = organization.sponsorships.values_list("person__name", "person__email")
    return "\n".join(
        [
            name_key(organization.name),
            *sorted(claim.name for claim in own),
            *(name_key(f"{name} {email}") for name, email in people),
        ]
    )


def sign_in(organization: Organization) -> str:
    kinds = set(
        Source.objects.filter(organization=organization, released_at=None).values_list(
            "kind", flat=True
        )
    )
    return {("directory",): "directory", ("directory", "domain"): "both"}.get(
        tuple(sorted(kinds)), "passcode"
    )


class World:
    """Random deeds, each of which may be refused."""

    def __init__(self, seed: int):
        self.random, self.at, self.count = random.Random(seed), make.NOON, 0
        self.directories = [
            make.known_directory(f"D{n}", f"d{n}.directory.example", *names)
            for n, names in enumerate((NAMES[4:7], NAMES[1:2] + NAMES[7:9]))
        ]
        for number, domain in enumerate(GUEST_DOMAINS * 2):
            make.guest(f"p{number}@{domain}", state="removed" if number % 7 == 0 else "active")

    def step(self) -> bool:
        """One deed; whether it was done."""
        self.at += timedelta(hours=1)
        deeds = [
            self.connect,
            self.connect,
            self.change,
            self.change,
            self.switch,
            self.delete,
            self.restore,
            self.release,
            self.sponsor,
            self.remove,
        ]
        try:
            self.random.choice(deeds)()
        except (Refused, IndexError):
            return False
        return True

    def source(self) -> NewSource:
        covers = self.random.random() < 0.7
        if self.random.random() < 0.25:
            known = self.random.choice(self.directories)
            verified = tuple(known.verified_domains.values_list("name", flat=True))
            return NewSource(
                self.random.choice(verified),
                known.directory_id,
                known.name,
                known.initial_domain,
                verified,
                covers,
                True,
            )
        return NewSource(
            self.random.choice(NAMES), covers_subdomains=covers, public_mail_accepted=True
        )

    def some(self, **where) -> Organization:
        return self.random.choice(list(Organization.objects.filter(**where)))

    def present(self) -> Organization:
        return self.some(deleted_at=None)

    def deleted(self) -> Organization:
        return self.some(deleted_at__isnull=False)

    def connect(self):
        self.count += 1
        chosen = tuple(self.source() for _ in range(self.random.randint(1, 3)))
        name = f"O{self.count}" if self.random.random() < 0.8 else self.some().name
        basics.connect(new=NewOrganization(name, sources=chosen), by=SYSTEM, at=self.at)

    def change(self):
        organization = self.present()
        kept = [source for source in sources_as_chosen(organization) if self.random.random() < 0.6]
        self.save(organization, (*kept, *(self.source() for _ in range(self.random.randint(0, 2)))))

    def switch(self):
        organization = self.present()
        self.save(
            organization,
            tuple(
                _switched(source, self.random.random() < 0.5)
                for source in sources_as_chosen(organization)
            ),
        )

    def save(self, organization, wanted):
        sources.change_sources(organization=organization, sources=wanted, by=SYSTEM, at=self.at)

    def delete(self):
        deletion.delete(organization=self.present(), by=SYSTEM, at=self.at)

    def restore(self):
        deletion.restore(organization=self.deleted(), by=SYSTEM, at=self.at)

    def release(self):
        deletion.release(
            organization=self.deleted(), names=self.random.sample(NAMES, 5), by=SYSTEM, at=self.at
        )

    def sponsor(self):
        organization = self.present()
        chosen = [person.uuid for person in organization.people.all()[:1]]
        sponsors.change_sponsors(
            organization=organization, kind="external", people=chosen, by=SYSTEM, at=self.at
        )

    def remove(self):
        people.remove_guest(
            person=self.random.choice(list(Person.objects.filter(kind="guest"))),
            by=SYSTEM,
            at=self.at,
        )


def _switched(source: NewSource, covers: bool) -> NewSource:
    values = {name: getattr(source, name) for name in NewSource.__slots__}
    return NewSource(**values | {"covers_subdomains": covers})


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_of_deeds_all_that_is_stored_is_true(seed):
    world = World(seed)
    done = 0
    for _ in range(40):
        done += world.step()
        require_truth()
    assert done > 3


def test_after_any_sequence_every_deed_and_every_refusal_is_on_record_and_the_chain_holds(db):
    world = World(9)
    outcomes = []
    for _ in range(40):
        before = AuditEvent.objects.count()
        done, events = world.step(), list(AuditEvent.objects.order_by("id"))[before:]
        outcomes.append((done, {event.result for event in events}))
        assert all(event.before != event.after for event in events if event.result == "done")
    assert {result for done, results in outcomes if done for result in results} == {"done"}
    assert {result for done, results in outcomes if not done for result in results} == {"refused"}
    assert check_chain().is_unbroken


def test_the_names_of_this_test_are_canonical():
    assert [email_domains.canonical_domain(name) for name in GUEST_DOMAINS] == list(GUEST_DOMAINS)

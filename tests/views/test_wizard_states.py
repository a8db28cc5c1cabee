"""The wizard driven in any order by two people over several drafts: Create succeeds when every step
is valid now, and only then; drafts never mix.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from governance.actions.organizations import sources
from governance.actions.people import accounts
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import AuditEvent, Claim, Draft, Organization, Person
from governance.queries.connecting.drafts import sources_of, sponsors_of
from governance.rules.organizations import NewSource
from governance.rules.roles import GLOBAL_ADMINISTRATOR, GUEST_INVITER, SYSTEM
from tests import make

STEPS = ("basics", "directories", "sponsors", "review")
NAMES = ("Contoso", "  contoso ", "Fabrikam", "", "...", "Northwind")
DOMAINS = (
    "contoso.example",
    "eu.contoso.example",
    "northwind.example",
    "gmail.com",
    "fabrikam.example",
    "x.fabrikam.example",
    "co.uk",
    "nonsense",
)
GOOD_DOMAINS = ("contoso.example", "eu.contoso.example", "northwind.example", "x.fabrikam.example")
ROOT = "/connected-organizations/add"


@dataclass
class Expected:
    """What a draft must hold, kept by hand beside it."""

    author: str
    basics: dict | None = None
    sources: list[str] = field(default_factory=list)
    pane: list[str] | None = None
    internal: set[UUID] = field(default_factory=set)
    created: str = ""

    @property
    def shown(self) -> list[str]:
        return self.sources if self.pane is None else self.pane


class Wizard(RuleBasedStateMachine):
    """Two people, three drafts; every step is one request."""

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clients = {}
        for who, role in (("ada", GLOBAL_ADMINISTRATOR), ("gil", GUEST_INVITER)):
            person = make.member(f"{who}@harbourgate.example", role, name=who.title())
            self.clients[who] = Client()
            self.clients[who].force_login(person, backend="governance.models.sign_in.RoleBackend")
        self.sams = [
            make.member(f"sam{number}@harbourgate.example", name=f"Sam {number}")
            for number in range(2)
        ]
        self.fabrikam = make.organization("Fabrikam", "fabrikam.example")
        self.drafts = {uuid4(): Expected(author) for author in ("ada", "ada", "gil")}

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # what people press

    @rule(
        number=st.integers(0, 2),
        name=st.sampled_from(NAMES),
        state=st.sampled_from(["configured", "proposed", "nonsense"]),
        goto=st.sampled_from(["", *STEPS]),
    )
    def type_basics(self, number, name, state, goto):
        draft, expected = self.draft(number)
        response = self.post(
            draft,
            "basics/",
            {"name": name, "description": "Contract", "state": state}
            | ({"goto": goto} if goto else {}),
        )
        if not expected.created:
            expected.basics = {"name": name, "description": "Contract", "state": state}
        assert response.status_code in (303, 422)

    @rule(number=st.integers(0, 2), domain=st.sampled_from(DOMAINS), understood=st.booleans())
    def add_in_pane(self, number, domain, understood):
        draft, expected = self.draft(number)
        response = self.post(
            draft,
            "directories/select/",
            {"add": domain} | ({"understood": "on"} if understood else {}),
        )
        if expected.created:
            assert response.status_code == 404
        elif response.status_code == 303:
            assert domain not in ("fabrikam.example", "co.uk", "nonsense")
            assert domain != "gmail.com" or understood and expected.author == "ada"
            expected.pane = [*expected.shown, domain]
        else:
            assert response.status_code == 422

    @rule(number=st.integers(0, 2), press=st.sampled_from(["select", "discard", "ask"]))
    def leave_pane(self, number, press):
        draft, expected = self.draft(number)
        response = self.post(
            draft,
            "directories/select/",
            {"select": "1"} if press == "select" else {"cancel": press},
        )
        if press == "select" and response.status_code == 303:
            expected.sources, expected.pane = expected.shown, None
        elif press == "discard" and not expected.created:
            expected.pane = None
        if press == "ask" and response.status_code == 303:
            expected.pane = None  # nothing to ask about
        assert response.status_code in ((404,) if expected.created else (200, 303, 422))

    @rule(number=st.integers(0, 2), index=st.integers(0, 3))
    def remove_in_pane(self, number, index):
        draft, expected = self.draft(number)
        gone = expected.shown[index] if index < len(expected.shown) else "never.example"
        response = self.post(draft, "directories/select/", {"remove": gone})
        if response.status_code == 303:
            expected.pane = [domain for domain in expected.shown if domain != gone]
        assert response.status_code == (404 if expected.created else 303)

    @rule(number=st.integers(0, 2), index=st.integers(0, 3))
    def remove_on_step(self, number, index):
        draft, expected = self.draft(number)
        gone = expected.sources[index] if index < len(expected.sources) else "never.example"
        self.post(draft, "directories/", {"remove": gone, "subdomains": expected.sources})
        if not expected.created:
            expected.sources = [domain for domain in expected.sources if domain != gone]

    @rule(
        number=st.integers(0, 2),
        chosen=st.sets(st.integers(0, 1)),
        shown=st.sampled_from(["now", "before"]),
    )
    def choose_sponsors(self, number, chosen, shown):
        """`shown` before: the pane was opened when nobody was chosen yet."""
        draft, expected = self.draft(number)
        keys = {self.sams[index].uuid for index in chosen}
        seen = expected.internal if shown == "now" else set()
        response = self.post(
            draft, "sponsors/internal/", {"select": "1", "person": [*keys], "expected": [*seen]}
        )
        if response.status_code == 303:
            expected.internal = (expected.internal - seen) | keys
        assert response.status_code in ((404,) if expected.created else (303, 422))

    @rule(number=st.integers(0, 2), seen=st.sampled_from(["as shown", "stale"]))
    def create(self, number, seen):
        draft, expected = self.draft(number)
        before = Organization.objects.count()
        token, is_valid = (
            self.token(draft, expected) if seen == "as shown" else "stale",
            self.is_valid(expected),
        )
        response = self.post(draft, "review/", {"seen": token})
        if expected.created:
            assert (response.status_code, response.url) == (303, expected.created)
        elif seen == "as shown" and is_valid:
            assert (response.status_code, Organization.objects.count()) == (303, before + 1), (
                self.told(response)
            )
            expected.created = response.url
        else:
            assert (response.status_code in (409, 422), Organization.objects.count()) == (
                True,
                before,
            )

    # what happens meanwhile

    @rule(index=st.integers(0, 1), state=st.sampled_from(["block", "unblock"]))
    def a_sponsor_is_blocked_or_not(self, index, state):
        sam = Person.objects.get(pk=self.sams[index].pk)
        if (sam.state == "blocked") == (state == "unblock"):
            by = make.actor(Person.objects.get(name="Ada"))
            {"block": accounts.block, "unblock": accounts.unblock}[state](
                person=sam, by=by, at=make.NOON
            )
            Person.objects.filter(pk=sam.pk, state="invited").update(state="active", is_active=True)

    @precondition(
        lambda self: not Claim.objects.filter(name="northwind.example", released_at=None).exists()
    )
    @rule()
    def somebody_takes_a_domain(self):
        wanted = (*sources_as_chosen(self.fabrikam), NewSource("northwind.example"))
        sources.change_sources(
            organization=self.fabrikam,
            sources=wanted,
            by=SYSTEM,
            at=make.NOON,
        )

    @rule(
        number=st.integers(0, 2),
        step=st.sampled_from(STEPS),
        method=st.sampled_from(["get", "post"]),
    )
    def somebody_else_tries(self, number, step, method):
        draft, expected = self.draft(number)
        if Draft.objects.filter(uuid=draft).exists():
            other = self.clients["gil" if expected.author == "ada" else "ada"]
            paths = (
                f"{ROOT}/{draft}/{step}/",
                f"{ROOT}/{draft}/directories/select/",
                f"{ROOT}/{draft}/sponsors/internal/",
            )
            assert {
                getattr(other, method)(path, {"name": "Mine", "select": "1"}).status_code
                for path in paths
            } == {404}

    # what is always true

    @invariant()
    def every_draft_holds_what_was_given_to_it(self):
        for draft, expected in getattr(self, "drafts", {}).items():
            row = Draft.objects.filter(uuid=draft).first()
            if row is None or expected.created:
                continue
            assert row.answers.get("basics") == expected.basics
            assert [source.typed_name for source in sources_of(row)] == expected.sources
            assert set(sponsors_of(row, "internal")) == expected.internal

    @invariant()
    def every_organization_was_created_once_and_is_on_record(self):
        if hasattr(self, "drafts"):
            made = sorted(
                str(key)
                for key in Organization.objects.exclude(pk=self.fabrikam.pk).values_list(
                    "uuid", flat=True
                )
            )
            events = AuditEvent.objects.filter(
                activity="Create connected organization", result="done"
            ).exclude(target_key=str(self.fabrikam.uuid))
            assert (
                made
                == sorted(events.values_list("target_key", flat=True))
                == sorted(e.created.split("/")[2] for e in self.drafts.values() if e.created)
            )

    # beside it

    def draft(self, number: int) -> tuple[UUID, Expected]:
        return list(self.drafts.items())[number]

    def post(self, draft: UUID, path: str, given: dict):
        return self.clients[self.drafts[draft].author].post(f"{ROOT}/{draft}/{path}", given)

    def token(self, draft: UUID, expected: Expected) -> str:
        response = self.clients[expected.author].get(f"{ROOT}/{draft}/review/")
        return "" if response.status_code == 302 else response.context["shown"].seen

    def told(self, response) -> list:
        return (
            [problem["text"] for problem in response.context["problems"]]
            if response.context
            else []
        )

    def is_valid(self, expected: Expected) -> bool:
        """By hand, from what stands in the tables now."""
        taken = {
            " ".join(name.casefold().split())
            for name in Organization.objects.values_list("name", flat=True)
        }
        name = " ".join((expected.basics or {"name": ""})["name"].casefold().split())
        claimed = set(Claim.objects.filter(released_at=None).values_list("name", flat=True))
        blocked = {sam.uuid for sam in Person.objects.filter(state="blocked")}
        may = expected.author == "ada"
        return bool(
            name
            and name != "..."
            and name not in taken
            and (not may or expected.basics["state"] != "nonsense")
            and expected.sources
            and not claimed & set(expected.sources)
            and not blocked & expected.internal
            and (may or not any(self.lies_around(domain, claimed) for domain in expected.sources))
        )

    @staticmethod
    def lies_around(domain: str, claimed: set[str]) -> bool:
        return any(
            domain.endswith(f".{other}") or other.endswith(f".{domain}") for other in claimed
        )


class TestWizard(Wizard.TestCase, TestCase):
    settings = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_the_machine_reaches_create(db):
    """Once by hand, so that the machine is known to be able to succeed."""
    machine = Wizard()
    machine.begin()
    machine.type_basics(0, "Contoso", "configured", "")
    machine.add_in_pane(0, "contoso.example", False)
    machine.leave_pane(0, "select")
    machine.create(0, "stale")
    machine.create(0, "as shown")
    machine.create(0, "as shown")
    machine.every_organization_was_created_once_and_is_on_record()
    assert (Organization.objects.count(), machine.draft(0)[1].created != "") == (2, True)
    assert connection.in_atomic_block
    machine.teardown()

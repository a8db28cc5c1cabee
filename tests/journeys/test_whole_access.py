"""The main job, from the partner that is connected to the guest who is removed: an administrator,
two sponsors and a requester in real browsers, real mail, a real webhook, and a clock that moves.
"""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from governance.connectors import outgoing_http
from governance.models import AccessGroup, Assignment, AuditEvent, GroupMember, Person
from tests import make, make_requests
from tests.http_server import make_certificate, running_receiver
from tests.mail_server import running_post, use
from tests.make_visits import CODE

pytestmark = pytest.mark.usefixtures("transactional_db")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
NINA, HOOKS = "nina@fabrikam.example", "hooks.plant.example"


class Clock:
    """The moment that the portal takes for now; `move` makes it later."""

    def __init__(self, now):
        self._now, self._later = now, timedelta()

    def now(self):
        return self._now() + self._later

    def move(self, **by):
        self._later += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now)
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def post(settings):
    with running_post() as running:
        use(running, settings)
        yield running


@pytest.fixture
def receiver(settings, tmp_path, monkeypatch):
    """A server of another system, behind TLS, whose name leads to loopback."""
    usual = socket.getaddrinfo

    def getaddrinfo(host, *more, **kind):
        return usual("127.0.0.1" if host == HOOKS else host, *more, **kind)

    certificate = make_certificate(tmp_path, HOOKS)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = True
    outgoing_http._context.cache_clear()
    with running_receiver(certificate) as running:
        yield running
    outgoing_http._context.cache_clear()


@pytest.fixture
def open_browser(browser, live_server):
    """Answers a page of a browser of its own: `open_browser(PHONE)`."""
    contexts = []

    def new(size) -> Page:
        contexts.append(browser.new_context(viewport=size, base_url=live_server.url))
        return contexts[-1].new_page()

    yield new
    for context in contexts:
        context.close()


def work() -> None:
    """What the worker does with all that is due now."""
    call_command("worker", once=True)


def mails_to(post, address: str) -> list:
    return [message for to, message in post.received if to == [address]]


def subjects(post, address: str) -> list[str]:
    return [message["Subject"] for message in mails_to(post, address)]


def text_of_last(post, address: str) -> str:
    return mails_to(post, address)[-1].get_body(("plain",)).get_content()


def link_in_last(post, address: str) -> str:
    return re.search(r"http://[^/\s]+(/approvals/\S+/)", text_of_last(post, address))[1]


def heading(page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def sign_in_with_password(page, person) -> None:
    person.set_password(make.PASSWORD)
    person.save(update_fields=["password"])
    page.get_by_label("Email", exact=False).first.fill(person.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in_by_code(page, post, address: str) -> None:
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    work()
    page.get_by_label("Code").fill(CODE.search(text_of_last(post, address))[0])
    page.get_by_role("button", name="Sign in", exact=True).click()


def connect_fabrikam(page) -> None:
    """The wizard, with one sponsor of each kind."""
    page.goto("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill("Fabrikam")
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.get_by_role("link", name="Add directory + domain").click()
    page.get_by_label("Domain name").fill("fabrikam.example")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("button", name="Next: Sponsors").click()
    for kind, name in (("internal", "Sam Adeyemi"), ("external", "Eva Lindqvist")):
        page.get_by_role("link", name=f"Add {kind} sponsors").click()
        page.get_by_label(name).check()
        page.get_by_role("button", name="Select", exact=True).click()
        expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()
    page.get_by_role("button", name="Next: Review + create").click()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Fabrikam created.")).to_be_visible()


def make_package(page, ada) -> str:
    """The wizard of packages, with a group, a webhook and two stages. Return the request link."""
    page.goto("/access-packages/add/")
    page.get_by_label("Name", exact=True).fill("Drawings")
    page.get_by_role("button", name="Next: Resources").click()
    page.get_by_label("Drawing readers").check()
    page.get_by_label("Plant system").check()
    page.get_by_role("button", name="Next: Who can request").click()
    page.get_by_label("All configured connected organizations").check()
    page.get_by_role("button", name="Add stage").click()
    for number, kind in ((1, "External sponsors"), (2, "Internal sponsors")):
        stage = page.locator(f"#stage-{number}")
        stage.get_by_label(kind, exact=True).check()
        stage.get_by_label("Fallback").fill(ada.email)
    page.get_by_label("Days of access").fill("60")
    page.get_by_role("button", name="Next: Review + create").click()
    page.get_by_role("button", name="Create", exact=True).click()
    heading(page, "Drawings")
    return re.search(r"/my-access/request/\S+/", page.locator("main").inner_text())[0]


def decide(page, post, person, *, by_code: bool) -> None:
    """Come from the mail, sign in, and approve."""
    page.goto(link_in_last(post, person.email))
    if by_code:
        sign_in_by_code(page, post, person.email)
    else:
        page.get_by_role("link", name="Sign in with your password").click()
        sign_in_with_password(page, person)
    heading(page, f"{NINA} requests Drawings")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.", exact=False).first).to_be_visible()


def test_from_the_connected_partner_to_the_removed_guest(
    ada, sam, clock, post, receiver, open_browser
):
    eva = make.guest("eva@fabrikam.example", name="Eva Lindqvist")
    make_requests.group("Drawing readers")
    make_requests.webhook("Plant system", receiver.url(host=HOOKS, scheme="https"))
    admin, phone = open_browser(DESK), open_browser(PHONE)

    admin.goto("/accounts/login/")
    sign_in_with_password(admin, ada)
    connect_fabrikam(admin)
    link = make_package(admin, ada)

    phone.goto(link)
    sign_in_by_code(phone, post, NINA)
    heading(phone, "Request Drawings")
    phone.get_by_label("Reason").fill("I review the drawings of crane 7.")
    phone.get_by_role("button", name="Request", exact=True).click()
    expect(phone.get_by_text("Waiting for Eva Lindqvist")).to_be_visible()
    work()
    wanted = f"Approval needed: {NINA} requests Drawings"
    assert (wanted in subjects(post, eva.email), subjects(post, sam.email)) == (True, [])

    decide(open_browser(PHONE), post, eva, by_code=True)
    clock.move(minutes=2)
    work()
    assert subjects(post, sam.email) == [wanted]
    decide(open_browser(DESK), post, sam, by_code=False)
    clock.move(minutes=2)
    work()

    nina = Person.objects.get(email=NINA)
    group = AccessGroup.objects.get()
    assert [member.person for member in GroupMember.objects.filter(group=group)] == [nina]
    assert [sent.json["person"]["email"] for sent in receiver.received] == [NINA]
    assert subjects(post, NINA)[-1] == "You now have access to Drawings"

    clock.move(days=46)
    work()
    assert subjects(post, NINA)[-1] == "Your access to Drawings ends in 14 days"
    clock.move(days=14)
    work()
    assert subjects(post, NINA)[-1] == "Your access to Drawings has ended"
    assert not Assignment.objects.in_force(timezone.now()).exists()
    assert not GroupMember.objects.exists()
    assert [sent.json["event"] for sent in receiver.received] == [
        "access.granted",
        "access.revoked",
    ]
    nina.refresh_from_db()
    assert nina.state == Person.State.BLOCKED
    clock.move(days=30)
    work()
    nina.refresh_from_db()
    assert nina.state == Person.State.REMOVED
    done = set(AuditEvent.objects.values_list("activity", flat=True))
    assert done >= {
        "Create connected organization",
        "User requests access package assignment",
        "Approve access package assignment request",
        "Fulfill access package assignment request",
        "Remind of expiring access package assignment",
        "Access package assignment expired",
        "Block guest at the end of access",
        "Delete external user at the end of access",
    }

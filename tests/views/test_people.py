"""The pages about people: finding, inviting, adding, blocking, roles; bad input at its field; what
one may not do is not there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.actions.people import invitations
from governance.forms.people import InviteForm
from governance.models import AuditEvent, Invitation, Mail, Person
from governance.rules.decision import Refused
from governance.rules.email_domains import canonical_email
from governance.rules.roles import GUEST_INVITER, READER, SYSTEM
from tests import make

from .reading import markup_of

pytestmark = pytest.mark.django_db
LIST, INVITE, ADD = "/people/", "/people/invite/", "/people/add/"
SESSION_AND_USER = 2  # the session; the person, the roles and whether there is demo data
DATA = Path(__file__).parent.parent / "data"


def names(page) -> list[str]:
    return [person.name for person in page.context["page"].people.rows]


def found(client, **asked) -> list[str]:
    return names(client.get(LIST, asked))


def counts(client, **asked) -> dict[str, int]:
    return {
        state or "all": count.number
        for state, count in client.get(LIST, asked).context["page"].counts.items()
    }


def errors(page) -> dict[str, list[str]]:
    return dict(page.context["form"].errors)


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def buttons(page) -> set[str]:
    """What can be pressed in the page itself: buttons, and links that look like one."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    drawn = re.findall(r'<button[^>]*>(.*?)</button>|<a class="btn[^>]*>(.*?)</a>', main, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", " ", "".join(pair)).split()) for pair in drawn}


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def everybody(ada, gil, bob, eve):
    """Of each kind, in each state; the administrator and the inviter besides."""
    make.member("ines@harbourgate.example", name="Ines Invited", state="invited")
    make.guest("ivo@fabrikam.example", name="Ivo Invited", state="invited")
    make.guest("bea@partner.example", name="Bea Blocked", state="blocked")
    make.guest("rex@partner.example", name="Rex Removed", state="removed")


# the list


def test_the_list_is_by_name_and_leaves_out_who_was_removed(client, everybody):
    assert found(client) == [
        "Ada Okafor",
        "Bea Blocked",
        "Bob Ferreira",
        "Eve Novak",
        "Gil Marchetti",
        "Ines Invited",
        "Ivo Invited",
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"kind": "member"}, ["Ada Okafor", "Gil Marchetti", "Ines Invited"]),
        ({"kind": "guest"}, ["Bea Blocked", "Bob Ferreira", "Eve Novak", "Ivo Invited"]),
        ({"state": "active"}, ["Ada Okafor", "Bob Ferreira", "Eve Novak", "Gil Marchetti"]),
        ({"state": "invited"}, ["Ines Invited", "Ivo Invited"]),
        ({"state": "blocked"}, ["Bea Blocked"]),
        ({"state": "removed"}, ["Rex Removed"]),
        ({"kind": "guest", "state": "invited"}, ["Ivo Invited"]),
        ({"kind": "member", "state": "blocked"}, []),
        ({"kind": "guest", "state": "active", "q": "eng.fabrikam.example"}, ["Bob Ferreira"]),
        ({"role": GUEST_INVITER}, ["Gil Marchetti"]),
        (
            {"kind": "everyone", "state": "asleep", "role": "Root", "q": " "},
            [
                "Ada Okafor",
                "Bea Blocked",
                "Bob Ferreira",
                "Eve Novak",
                "Gil Marchetti",
                "Ines Invited",
                "Ivo Invited",
            ],
        ),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_kind_state_role_and_text_narrow_together(client, everybody, asked, shown):
    assert found(client, **asked) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ferr", ["Bob Ferreira"]),
        ("FERREIRA", ["Bob Ferreira"]),
        ("bob@eng", ["Bob Ferreira"]),
        ("bob+tag@eng.fabrikam.example", ["Bob Ferreira"]),
        ("fabrikam.example", ["Bob Ferreira", "Eve Novak", "Ivo Invited"]),
        ("eng.fabrikam.example", ["Bob Ferreira"]),
        ("%", []),
        ("_", []),
        ("\0bob\0", ["Bob Ferreira"]),
    ],
    ids=lambda value: value.replace("\0", "NUL") if isinstance(value, str) else "",
)
def test_text_finds_names_addresses_mailboxes_and_domains(client, everybody, text, shown):
    assert found(client, q=text) == shown


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, {"all": 7, "active": 4, "invited": 2, "blocked": 1, "removed": 1}),
        ({"kind": "guest"}, {"all": 4, "active": 2, "invited": 1, "blocked": 1, "removed": 1}),
        ({"q": "invited"}, {"all": 2, "active": 0, "invited": 2, "blocked": 0, "removed": 0}),
        (
            {"state": "blocked", "q": "re"},
            {"all": 1, "active": 1, "invited": 0, "blocked": 0, "removed": 1},
        ),
    ],
    ids=["nothing", "kind", "text", "state and text"],
)
def test_counts_by_state_respect_the_other_filters(client, everybody, asked, numbers):
    assert counts(client, **asked) == numbers


def test_the_views_keep_the_filters_and_the_filters_keep_the_view(client, everybody):
    page = markup_of(client.get(LIST, {"kind": "guest", "state": "invited", "cursor": "x"}))
    assert '<a href="?kind=guest&amp;state=blocked">Blocked <span class="pill">1</span></a>' in page
    assert (
        '<input type="hidden" name="state" value="invited" id="f-state">' in page,
        '<option value="guest" selected>' in page,
    ) == (True, True)


def test_the_numbers_of_the_overview_lead_to_what_they_count(everybody, gil, signed_in):
    client = signed_in(gil)
    overview = client.get("/").context["overview"]
    numbers = {
        number.label: (
            number.count.number,
            client.get(f"{LIST}{number.query}").context["page"].total.number,
        )
        for number in overview.numbers
        if number.page == "person_list"
    }
    assert numbers == {"Guests": (4, 4), "Members": (3, 3)}


def test_pages_follow_each_other_without_loss(client):
    for number in range(60):
        make.guest(f"g{number:02}@partner.example", name=f"Guest {number % 7}")
    seen, cursor = [], ""
    while True:
        page = client.get(LIST, {"kind": "guest", "cursor": cursor}).context["page"].people
        seen += [person.email for person in page.rows]
        if not (cursor := page.next):
            break
    assert (len(seen), len(set(seen))) == (60, 60)


@pytest.mark.parametrize("cursor", ["x", "%00", "W10", "W1tdXQ", "9" * 5000])
def test_a_cursor_that_is_none_is_the_first_page(client, bob, cursor):
    assert found(client, cursor=cursor) == ["Ada Okafor", "Bob Ferreira"]


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize(
    "asked",
    [{}, {"q": "guest"}, {"kind": "guest", "state": "active"}],
    ids=["all", "text", "filters"],
)
def test_the_list_takes_three_statements_whatever_there_is(client, number, asked):
    for n in range(number):
        make.guest(f"g{n}@partner.example", name=f"Guest {n}")
    with CaptureQueriesContext(connection) as statements:
        client.get(LIST, asked)
    assert len(statements) == SESSION_AND_USER + 3


def test_htmx_gets_the_table_the_views_and_the_number(client, bob):
    page = client.get(LIST, {"q": "bob"}, HTTP_HX_REQUEST="true").content.decode()
    assert (
        "<html" in page,
        'id="views" data-hx-swap-oob="true"' in page,
        "1 person" in page,
        "Bob Ferreira" in page,
    ) == (False, True, True, True)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ({"q": "nobody <b>"}, "Nobody matches “nobody &lt;b&gt;”"),
        ({"role": READER}, "Nobody matches these filters"),
        ({"state": "invited"}, "No open invitations"),
        ({"state": "blocked"}, "Nobody is blocked"),
        ({"state": "removed"}, "Nobody was removed"),
    ],
    ids=["text", "filter", "invited", "blocked", "removed"],
)
def test_an_empty_list_says_why(client, asked, title):
    assert title in client.get(LIST, asked).content.decode()


# one person


def test_a_person_s_page_tells_who_they_are(client, bob, fabrikam):
    make.sponsor(fabrikam, bob)
    page = text_of(client.get(f"{LIST}{bob.uuid}/"))
    assert [
        part
        for part in (
            "Bob Ferreira",
            "Active",
            "Guest",
            "bob@eng.fabrikam.example",
            "Organization Fabrikam",
            "Roles None",
            "Sponsor of Fabrikam",
        )
        if part not in page
    ] == []


@pytest.mark.parametrize(
    ("who", "on_guest", "on_member", "on_invited"),
    [
        (
            "ada",
            {"Block", "Remove Bob Ferreira"},
            {"Roles", "Block"},
            {"Send invitation again", "Cancel invitation", "Block", "Remove Ivo Invited"},
        ),
        (
            "uma",
            {"Block", "Remove Bob Ferreira"},
            set(),
            {"Send invitation again", "Cancel invitation", "Block", "Remove Ivo Invited"},
        ),
        ("gil", set(), set(), {"Send invitation again", "Cancel invitation"}),
        ("rea", set(), set(), set()),
    ],
)
def test_what_one_may_not_do_is_not_there(
    who, on_guest, on_member, on_invited, request, signed_in, bob, sam, everybody
):
    person = (
        make.member("rea@harbourgate.example", READER)
        if who == "rea"
        else request.getfixturevalue(who)
    )
    client, invited = signed_in(person), Person.objects.get(name="Ivo Invited")
    assert [buttons(client.get(f"{LIST}{each.uuid}/")) for each in (bob, sam, invited)] == [
        on_guest,
        on_member,
        on_invited,
    ]


def test_on_one_s_own_page_there_is_nothing_to_block_or_grant(client, ada):
    assert buttons(client.get(f"{LIST}{ada.uuid}/")) == set()


def test_a_page_says_when_the_mailbox_is_blocked_by_another_address(client, bob):
    make.guest("bob+x@eng.fabrikam.example", state="blocked")
    assert (
        "This mailbox is blocked because of the blocked account bob+x@eng.fabrikam.example"
        in text_of(client.get(f"{LIST}{bob.uuid}/"))
    )


# inviting


def test_check_says_which_organization_covers_the_address_and_writes_nothing(client, fabrikam):
    events = AuditEvent.objects.count()
    page = client.post(INVITE, {"email": "new@eng.fabrikam.example", "name": "New", "check": "1"})
    assert (
        "new@eng.fabrikam.example can be invited."
        " The address belongs to Fabrikam because of the domain fabrikam.example." in text_of(page)
    )
    assert (page.status_code, Invitation.objects.count(), AuditEvent.objects.count()) == (
        200,
        0,
        events,
    )


def test_check_says_that_no_organization_covers_the_address(client):
    assert "The address does not belong to a connected organization." in text_of(
        client.post(INVITE, {"email": "new@partner.example", "check": "1"})
    )


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (
            "x@norr.example",
            "x@norr.example cannot be invited. The rule “norr.example, including subdomains”",
        ),
        ("bea+x@partner.example", "bea@partner.example is blocked"),
        ("x@harbourgate.example", "harbourgate.example is one of your domains"),
        ("bob@eng.fabrikam.example", "already has an account"),
        ("ivo@fabrikam.example", "is already invited"),
    ],
)
def test_check_says_why_somebody_cannot_be_invited(client, everybody, email, words):
    make.list_rule("norr.example")
    make.own_name("harbourgate.example")
    assert words in text_of(client.post(INVITE, {"email": email, "check": "1"}))


def test_inviting_says_where_the_guest_belongs_and_shows_their_page(client, fabrikam):
    page = client.post(
        INVITE, {"email": "new@fabrikam.example", "name": "", "message": ""}, follow=True
    )
    assert (page.status_code, "new@fabrikam.example invited for Fabrikam." in text_of(page)) == (
        200,
        True,
    )


def test_a_look_alike_is_invited_only_by_who_saw_the_warning(client, fabrikam):
    typed = {"email": "x@fabr1kam.example", "name": "X", "message": "Hello"}
    warned = client.post(INVITE, typed)
    text = re.search(r'name="warned" value="([^"]+)"', warned.content.decode())[1]
    invited_before = Invitation.objects.count()
    client.post(INVITE, {**typed, "warned": text})
    assert (
        "fabr1kam.example looks like the known domain fabrikam.example" in text,
        "Invite anyway" in buttons(warned),
        invited_before,
        Invitation.objects.count(),
    ) == (True, True, 0, 1)


def test_a_warning_about_one_address_does_not_do_for_another(client, fabrikam):
    make.organization("Contoso", "contoso.example")
    text = client.post(INVITE, {"email": "x@fabr1kam.example"}).context["answer"].warning
    client.post(INVITE, {"email": "x@c0ntoso.example", "warned": text})
    assert Invitation.objects.count() == 0


def test_an_address_from_elsewhere_is_filled_in(client):
    assert (
        'value="new@partner.example"'
        in client.get(INVITE, {"email": "new@partner.example"}).content.decode()
    )


# bad input: at the field, everything kept, nothing written

NAMES = {
    "control": ("a\x07b", "Name has a character that cannot be seen (U+0007). Remove it"),
    "bidi": (
        "a\u202eb",
        "Name has a character that cannot be seen (right-to-left override). Remove it",
    ),
    "format": (
        "a\u200bb",
        "Name has a character that cannot be seen (zero width space). Remove it",
    ),
    "private use": ("a\ue000b", "Name has a character that cannot be seen (U+E000). Remove it"),
    "NUL": ("a\0b", "This has a character that cannot be seen (U+0000). Remove it"),
    "too long": ("x" * 201, "Name must be 200 characters or fewer (now 201)"),
    "punctuation": ("...", "Name must have at least one letter or digit"),
    "reserved": ("system", "system is reserved for the portal itself. Enter the person's own name"),
}
ADDRESSES = {
    "empty": ("", "Enter an email address, such as name@partner.example"),
    "no at": ("partner.example", "Enter an email address, such as name@partner.example"),
    "two": ("a@b@partner.example", "An email address has exactly one @"),
    "NUL": ("a\0@partner.example", "This has a character that cannot be seen (U+0000). Remove it"),
    "too long": (
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example.com",
        "An email address can have at most 254 characters",
    ),
}


def refused_with_everything_kept(client, path, typed: dict, field: str, message: str) -> None:
    before = (
        Person.objects.count(),
        Mail.objects.count(),
        AuditEvent.objects.filter(result="done").count(),
    )
    page = client.post(path, typed)
    assert (page.status_code, errors(page)) == (422, {field: [message]})
    assert {name: page.context["form"][name].value() for name in typed} == typed
    assert (
        Person.objects.count(),
        Mail.objects.count(),
        AuditEvent.objects.filter(result="done").count(),
    ) == before
    assert page.content.decode().count('class="problem"') == 1


@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_cannot_be_is_refused_when_inviting_and_adding(client, case):
    name, message = NAMES[case]
    refused_with_everything_kept(
        client,
        INVITE,
        {"email": "x@partner.example", "name": name, "message": "Hello"},
        "name",
        message,
    )
    refused_with_everything_kept(
        client,
        ADD,
        {"email": "x@harbourgate.example", "name": name, "unit": "Legal"},
        "name",
        message,
    )


@pytest.mark.parametrize("case", ADDRESSES)
def test_an_address_that_cannot_be_is_refused_when_inviting_and_adding(client, case):
    email, message = ADDRESSES[case]
    refused_with_everything_kept(
        client, INVITE, {"email": email, "name": "X", "message": "Hello"}, "email", message
    )
    refused_with_everything_kept(
        client, ADD, {"email": email, "name": "X", "unit": "Legal"}, "email", message
    )


@pytest.mark.parametrize(
    ("path", "field", "value", "message"),
    [
        (INVITE, "message", "x" * 501, "Message must be 500 characters or fewer (now 501)"),
        (
            INVITE,
            "message",
            "a\u2066b",
            "Message has a character that cannot be seen (left-to-right isolate). Remove it",
        ),
        (ADD, "unit", "x" * 201, "Unit must be 200 characters or fewer (now 201)"),
        (
            ADD,
            "unit",
            "a\u200db",
            "Unit has a character that cannot be seen (zero width joiner). Remove it",
        ),
        (ADD, "name", "", "Enter a name"),
    ],
    ids=["long message", "bidi message", "long unit", "joiner in unit", "no name"],
)
def test_other_fields_are_refused_in_their_own_words(client, path, field, value, message):
    typed = {
        "email": "x@harbourgate.example",
        "name": "X",
        "message" if path == INVITE else "unit": "Hello",
    }
    refused_with_everything_kept(client, path, {**typed, field: value}, field, message)


@pytest.mark.parametrize(
    ("path", "typed", "message"),
    [
        (
            INVITE,
            {"email": "x@norr.example", "name": "X", "message": "Hello"},
            "on the allow and deny list blocks norr.example",
        ),
        (
            INVITE,
            {"email": "bob@eng.fabrikam.example", "name": "X", "message": ""},
            "already has an account",
        ),
        (
            ADD,
            {"email": "bob@eng.fabrikam.example", "name": "X", "unit": ""},
            "already has an account",
        ),
    ],
    ids=["blocked by the list", "guest is here", "member is here"],
)
def test_what_only_the_house_knows_is_said_at_the_address_too(client, bob, path, typed, message):
    make.list_rule("norr.example")
    page = client.post(path, typed)
    assert (
        page.status_code,
        message in errors(page)["email"][0],
        {name: page.context["form"][name].value() for name in typed},
    ) == (422, True, typed)


def odd_addresses() -> list[str]:
    told = json.loads((DATA / "odd_addresses_isemail_1_2_0.json").read_text())
    collected = json.loads((DATA / "odd_addresses_email_validator_2_4_0.json").read_text())
    return [case[0] for case in told] + [
        case if isinstance(case, str) else case[0] for cases in collected.values() for case in cases
    ]


def passed_by_the_form(text: str) -> str | None:
    form = InviteForm({"email": text})
    form.is_valid()
    return form.cleaned_data.get("email")


def canonical(text: str) -> str | None:
    try:
        return canonical_email(text).text
    except Refused:
        return None


def test_of_all_odd_addresses_only_canonical_ones_pass_and_none_breaks_the_page(client):
    """All through the form; some of what passes it, and of what does not, through the page."""
    addresses = odd_addresses()
    kept = {text: passed_by_the_form(text) for text in addresses}
    asked = [text for text in addresses if kept[text]][::5] + addresses[::40]
    assert kept == {text: canonical(text) for text in addresses}
    assert {client.post(INVITE, {"email": text, "check": "1"}).status_code for text in asked} == {
        200,
        422,
    }


# adding


def test_an_added_member_is_told_of_and_shown(client):
    page = client.post(
        ADD, {"email": "x@harbourgate.example", "name": "Xenia", "unit": "Legal"}, follow=True
    )
    assert "Xenia added. The email with the link was not sent to x@harbourgate.example" in text_of(
        page
    )


# resending, cancelling, blocking, removing


@pytest.mark.parametrize(
    ("deed", "told", "state"),
    [
        (
            "invitation/resend",
            "New link created. The email with the link was not sent to ivo@fabrikam.example",
            "invited",
        ),
        ("invitation/cancel", "Invitation of ivo@fabrikam.example cancelled.", "removed"),
        ("block", "Ivo Invited blocked. Their sessions ended.", "blocked"),
        ("remove", "Ivo Invited removed.", "removed"),
    ],
)
def test_what_was_done_is_said_on_the_person_s_page(client, everybody, deed, told, state):
    ivo = Person.objects.get(name="Ivo Invited")
    page = client.post(f"{LIST}{ivo.uuid}/{deed}/", follow=True)
    assert (told in text_of(page), Person.objects.get(pk=ivo.pk).state) == (True, state)


def test_unblocking_is_said_too(client, everybody):
    bea = Person.objects.get(name="Bea Blocked")
    assert "Bea Blocked unblocked." in text_of(
        client.post(f"{LIST}{bea.uuid}/unblock/", follow=True)
    )


def test_a_refusal_is_said_where_the_button_was(client, everybody):
    bea = Person.objects.get(name="Bea Blocked")
    assert "Bea Blocked is already blocked" in text_of(
        client.post(f"{LIST}{bea.uuid}/block/", follow=True)
    )


@pytest.mark.parametrize(
    ("name", "deed", "refusal"),
    [
        ("Bea Blocked", "block", "Bea Blocked is already blocked"),
        ("Bea Blocked", "remove", "Bea Blocked is blocked. A removed guest can be invited again."),
        ("Ivo Invited", "unblock", "Ivo Invited is not blocked"),
        ("Bea Blocked", "invitation/cancel", "Bea Blocked no longer has an open invitation"),
    ],
)
def test_a_page_offers_no_button_for_what_would_be_refused(client, everybody, name, deed, refusal):
    page = client.get(f"{LIST}{Person.objects.get(name=name).uuid}/{deed}/")
    assert (refusal in text_of(page), page.content.count(b'form="form"')) == (True, 0)


def test_nobody_is_offered_to_block_themselves(client, ada):
    page = client.get(f"{LIST}{ada.uuid}/block/")
    assert ("You cannot block yourself" in text_of(page), b'form="form"' in page.content) == (
        True,
        False,
    )


def test_another_account_of_one_s_own_mailbox_offers_no_block_either(client, ada):
    other = make.guest("ada+test@harbourgate.example")
    offered = f"{LIST}{other.uuid}/block/"
    pages = [client.get(path).content.decode() for path in (f"{LIST}{other.uuid}/", offered)]
    assert (offered in pages[0], "You cannot block yourself" in pages[1]) == (
        False,
        True,
    )


def test_one_s_own_page_says_what_one_cannot_change(client, ada):
    assert "You cannot change your own roles or block yourself." in text_of(
        client.get(f"{LIST}{ada.uuid}/")
    )


def test_the_question_before_blocking_names_the_organizations_and_the_other_addresses(
    client, bob, fabrikam
):
    make.sponsor(fabrikam, bob)
    make.guest("bob+x@eng.fabrikam.example")
    page = text_of(client.get(f"{LIST}{bob.uuid}/block/"))
    assert [
        part
        for part in (
            "Sponsor of 1 connected organization: Fabrikam",
            "Other accounts of the same mailbox: bob+x@eng.fabrikam.example",
            "bob@eng.fabrikam.example will be signed out on all devices",
        )
        if part not in page
    ] == []


@pytest.mark.parametrize("deed", ["block", "unblock"])
def test_a_member_is_not_for_a_user_administrator(signed_in, uma, sam, deed):
    answers = [
        signed_in(uma).post(f"{LIST}{sam.uuid}/{deed}/"),
        *([signed_in(uma).get(f"{LIST}{sam.uuid}/block/")] if deed == "block" else []),
    ]
    assert {
        (page.status_code, "It needs the role Global administrator" in text_of(page))
        for page in answers
    } == {(403, True)}


@pytest.mark.parametrize("deed", ["resend", "cancel"])
def test_a_member_s_invitation_is_not_for_a_guest_inviter(signed_in, gil, everybody, deed):
    ines = Person.objects.get(name="Ines Invited")
    events = AuditEvent.objects.filter(result="refused").count()
    assert signed_in(gil).post(f"{LIST}{ines.uuid}/invitation/{deed}/").status_code == 403
    assert AuditEvent.objects.filter(result="refused").count() == events + 1


def test_somebody_who_is_not_there_is_404(client):
    assert client.get(f"{LIST}00000000-0000-0000-0000-000000000000/").status_code == 404


# roles


@pytest.fixture
def with_password(client, ada):
    """Signed in with a password, which is then asked for again."""
    ada.set_password(make.PASSWORD)
    ada.save()
    client.post("/accounts/login/", {"login": ada.email, "password": make.PASSWORD})
    return client


def test_roles_are_changed_only_after_the_password_was_given_again(with_password, sam):
    path = f"{LIST}{sam.uuid}/roles/"
    asked = [with_password.get(path).url, with_password.post(path, {"roles": [READER]}).url]
    assert ([url.partition("?")[0] for url in asked], sam.groups.count()) == (
        ["/accounts/reauthenticate/"] * 2,
        0,
    )


def test_with_the_password_given_roles_are_saved(with_password, sam):
    with_password.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = with_password.post(
        f"{LIST}{sam.uuid}/roles/", {"roles": [READER, GUEST_INVITER]}, follow=True
    )
    assert (
        "Roles of Sam Adeyemi saved." in text_of(page),
        set(Person.objects.get(pk=sam.pk).role_names),
    ) == (True, {READER, GUEST_INVITER})


def test_a_wrong_password_opens_nothing(with_password, sam):
    page = with_password.post("/accounts/reauthenticate/", {"password": "guess"})
    assert (errors(page), with_password.get(f"{LIST}{sam.uuid}/roles/").status_code) == (
        {"password": ["This is not your password"]},
        302,
    )


@pytest.mark.parametrize(
    ("person", "typed", "message"),
    [
        (
            "bob",
            [READER],
            "Bob Ferreira cannot have a role. Only active and invited members can have roles",
        ),
        ("ada", [READER], "You cannot change your own roles. Ask another Global administrator"),
        ("sam", ["Root"], "Select a valid choice. Root is not one of the available choices."),
    ],
)
def test_a_role_that_cannot_be_is_refused_on_the_page(client, request, person, typed, message):
    page = client.post(f"{LIST}{request.getfixturevalue(person).uuid}/roles/", {"roles": typed})
    assert (
        page.status_code,
        [error for messages in errors(page).values() for error in messages],
        page.context["form"]["roles"].value(),
    ) == (422, [message], typed)


def test_an_unreadable_name_is_shown_inside_its_own_direction(client):
    person = invitations.invite_guest(
        email="x@partner.example", name="שלום", message="", by=SYSTEM, at=make.NOON
    )
    assert "<bdi>שלום</bdi>" in client.get(f"{LIST}{person.uuid}/").content.decode()


def links_that_work(client) -> dict[str, bool]:
    page = client.get(LIST, {"state": "invited"}).context["page"]
    return {row.email: row.pk not in page.broken_links for row in page.people.rows}


@pytest.fixture
def invited(db):
    for email in ("ann@fabrikam.example", "uwe@contoso.example"):
        invitations.invite_guest(email=email, name="", message="", by=SYSTEM, at=timezone.now())


def test_the_list_of_people_says_whose_link_does_not_work_because_of_a_rule(client, invited):
    make.list_rule("fabrikam.example")
    assert links_that_work(client) == {"ann@fabrikam.example": False, "uwe@contoso.example": True}


def test_the_list_of_people_says_whose_link_does_not_work_because_of_our_domains(client, invited):
    make.own_name("fabrikam.example")
    assert links_that_work(client) == {"ann@fabrikam.example": False, "uwe@contoso.example": True}


def test_the_list_of_people_says_whose_link_has_expired(client, invited):
    Invitation.objects.filter(person__email__startswith="ann").update(expires_at=make.NOON)
    assert links_that_work(client) == {"ann@fabrikam.example": False, "uwe@contoso.example": True}


def test_the_list_of_people_says_whose_link_does_not_work_because_the_mailbox_is_blocked(
    client, invited
):
    make.guest("ann+old@fabrikam.example", state="blocked")
    assert links_that_work(client) == {"ann@fabrikam.example": False, "uwe@contoso.example": True}

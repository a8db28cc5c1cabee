"""Times in the viewer's time zone: the browser's by its cookie, or the one chosen in Account."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from governance.actions.audit import record
from governance.actions.people.own_account import change_preferences
from governance.models import AuditEvent, Mail, Person
from governance.rules.decision import Refused
from governance.rules.roles import Actor
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNT = "/account/"
LATE = datetime(2026, 11, 18, 23, 30, 22, tzinfo=UTC)
IN_UTC = ("18 Nov 2026, 23:30:22 UTC", "18 Nov 2026, 23:30")
IN_BERLIN = ("19 Nov 2026, 00:30:22 Europe/Berlin (UTC+01:00)", "19 Nov 2026, 00:30")
IN_NEW_YORK = ("18 Nov 2026, 18:30:22 America/New_York (UTC-05:00)", "18 Nov 2026, 18:30")


@pytest.fixture
def client(signed_in, ada):
    record("Test", by=Actor(1, "Ada"), at=LATE)
    return signed_in(ada)


def shown(client) -> tuple[str, str]:
    """Title and text of the only event's time in the audit log."""
    page = client.get("/audit-log/").content.decode()
    return re.search(r'<time [^>]*title="([^"]*)">([^<]*)</time>', page).groups()


@pytest.mark.parametrize(
    ("cookie", "chosen", "expected"),
    [
        (None, "", IN_UTC),
        ("Europe/Berlin", "", IN_BERLIN),
        ("Europe/Berlin", "America/New_York", IN_NEW_YORK),
        (None, "America/New_York", IN_NEW_YORK),
        ("Nowhere/Land", "", IN_UTC),
        ("../../etc/passwd", "", IN_UTC),
    ],
    ids=["neither", "browser", "chosen over browser", "chosen", "unknown", "path"],
)
def test_a_time_is_shown_in_the_viewers_zone(client, ada, cookie, chosen, expected):
    Person.objects.filter(pk=ada.pk).update(time_zone=chosen)
    if cookie:
        client.cookies["time_zone"] = cookie
    assert shown(client) == expected


def test_one_viewers_zone_is_not_the_next_ones(client, signed_in, uma):
    client.cookies["time_zone"] = "Europe/Berlin"
    assert (shown(client), shown(signed_in(uma))) == (IN_BERLIN, IN_UTC)


@pytest.mark.parametrize(
    ("zone", "since", "until", "found"),
    [
        ("UTC", "2026-11-18", "2026-11-18", 1),
        ("UTC", "2026-11-19", "2026-11-19", 0),
        ("Europe/Berlin", "2026-11-18", "2026-11-18", 0),
        ("Europe/Berlin", "2026-11-19", "2026-11-19", 1),
        ("Pacific/Kiritimati", "0001-01-01", "9999-12-31", 1),
        ("Pacific/Pago_Pago", "0001-01-01", "9999-12-30", 1),
    ],
)
def test_days_of_the_audit_log_are_the_viewers(client, zone, since, until, found):
    client.cookies["time_zone"] = zone
    page = client.get("/audit-log/", {"since": since, "until": until})
    assert len(page.context["page"].rows) == found


def test_an_exported_time_is_in_utc_with_its_offset(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    answer = client.get("/audit-log/export/")
    text = b"".join(answer.streaming_content).decode()
    assert "2026-11-18T23:30:22+00:00" in text


def test_an_exported_list_has_times_in_utc_with_their_offset(client, fabrikam):
    client.cookies["time_zone"] = "Europe/Berlin"
    answer = client.get("/connected-organizations/export/")
    assert "2026-11-23T12:00:00+00:00" in b"".join(answer.streaming_content).decode()


def test_an_event_says_its_zone_and_how_it_is_stored(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    page = client.get(f"/audit-log/{AuditEvent.objects.get().pk}/").content.decode()
    assert "stored as 2026-11-18T23:30:22+00:00" in page


def test_a_zone_is_saved_in_account(client, ada):
    client.post(ACCOUNT, {"theme": "system", "time_zone": "Europe/Berlin"})
    assert Person.objects.get(pk=ada.pk).time_zone == "Europe/Berlin"


def test_a_zone_that_is_none_is_refused_with_the_rest_kept(client, ada):
    page = client.post(ACCOUNT, {"theme": "dark", "time_zone": "Mars/Olympus"})
    assert (
        page.status_code,
        dict(page.context["form"].errors),
        page.context["form"]["theme"].value(),
        Person.objects.get(pk=ada.pk).theme,
    ) == (422, {"time_zone": ["Choose a time zone from the list"]}, "dark", "")


def test_the_what_if_checker_says_in_which_zone_it_asks(client):
    client.cookies["time_zone"] = "Asia/Kathmandu"
    page = client.get("/what-if/")
    assert page.context["form"]["at"].label == "Time (optional), Asia/Kathmandu (UTC+05:45)"


def test_a_moment_without_an_offset_gets_the_viewers(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    answer = client.get("/what-if/", {"email": "x@a.example", "at": "2026-11-24T14:00"})
    assert (answer.status_code, answer.url) == (
        303,
        "/what-if/?email=x%40a.example&at=2026-11-24T14%3A00%3A00%2B01%3A00",
    )


def test_a_moment_with_an_offset_is_the_same_everywhere_and_shown_as_the_viewers(client):
    client.cookies["time_zone"] = "America/New_York"
    page = client.get("/what-if/", {"email": "x@a.example", "at": "2026-11-24T14:00:00+01:00"})
    assert (page.context["asked_at"].astimezone(UTC), 'value="2026-11-24T08:00"') == (
        datetime(2026, 11, 24, 13, tzinfo=UTC),
        re.search(r'value="2026[^"]*"', page.content.decode()).group(),
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0001-01-01T00:00", "Enter a year from 1900 to 2999"),
        ("9999-12-31T23:59:00-12:00", "Enter a year from 1900 to 2999"),
        ("tomorrow", "Enter a date and a time"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_said_at_its_field(client, typed, message):
    client.cookies["time_zone"] = "Pacific/Kiritimati"
    page = client.get("/what-if/", {"email": "x@a.example", "at": typed})
    assert dict(page.context["form"].errors) == {"at": [message]}


def test_a_rules_last_day_names_the_portals_zone_whatever_the_viewers(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    assert client.get("/allow-deny-list/add/").context["form"]["ends_on"].help_text == (
        "The last day on which the rule is in force. The day ends at midnight in the portal's"
        " time zone, UTC."
    )


def test_a_mail_names_the_zone_of_its_last_moment(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    client.post("/people/invite/", {"email": "ann@a.example", "name": "Ann"})
    line = Mail.objects.get().body.strip().splitlines()[-1]
    assert re.fullmatch(r"The link works once, until \d+ \w{3} \d{4}, \d\d:\d\d UTC\.", line)


def test_the_zone_ends_with_the_request(client):
    client.cookies["time_zone"] = "Europe/Berlin"
    client.get("/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_health_check_asks_for_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/livez")


def test_an_action_refuses_a_zone_that_is_none(ada):
    with pytest.raises(Refused) as refused:
        change_preferences(person=ada, time_zone="Mars/Olympus", by=make.actor(ada), at=make.NOON)
    assert refused.value.code == "time_zone_unknown"

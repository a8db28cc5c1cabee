"""The numbers of the overview, their twelve weeks, and what of requests needs somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Assignment
from governance.queries.overview_numbers import Trend
from governance.rules.roles import READER
from governance.rules.wording import duration_words
from governance.templatetags.sparkline import sparkline
from tests import make, make_requests, request_states

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def package(fabrikam, uma):
    return request_states.package(uma)


def numbers(client) -> dict[str, str]:
    return {each.label: str(each.count) for each in client.get("/").context["overview"].numbers}


def trend(client, label: str) -> Trend:
    shown = client.get("/").context["overview"].numbers
    return next(each.trend for each in shown if each.label == label)


def sentences(client) -> set[str]:
    return {task.sentence for task in client.get("/").context["overview"].tasks}


def test_there_are_four_numbers(client, package):
    assert numbers(client) == {
        "Configured organization": "1",
        "People with access": "0",
        "Open access package": "1",
        "Median decision time": "–",
    }


def test_somebody_with_two_packages_is_one_person_with_access(client, package, uma):
    for row in (package, make.package("Calendar")):
        make_requests.access(row, "bob@fabrikam.example", at=timezone.now())
    assert numbers(client)["Person with access"] == "1"


def test_access_that_is_over_does_not_count(client, package):
    row = make_requests.access(package, "bob@fabrikam.example", at=timezone.now())
    row.ends_at = timezone.now()
    row.save()
    assert numbers(client)["People with access"] == "0"


def decided(package, approver, name: str, *, ago: timedelta, after: timedelta) -> None:
    submitted = timezone.now() - ago - after
    row = make_requests.request(package, f"{name}@fabrikam.example", at=submitted)
    make_requests.approve(row, approver, at=timezone.now() - ago)


def test_the_median_is_of_the_decisions_of_twelve_weeks(client, package, uma):
    for name, hours in (("a", 1), ("b", 5), ("c", 9)):
        decided(package, uma, name, ago=DAY, after=hours * HOUR)
    decided(package, uma, "d", ago=90 * DAY, after=9 * DAY)
    assert numbers(client)["Median decision time"] == "5 hours"


def test_each_week_has_its_own_median(client, package, uma):
    decided(package, uma, "a", ago=DAY, after=2 * HOUR)
    decided(package, uma, "b", ago=8 * DAY, after=4 * HOUR)
    assert trend(client, "Median decision time").values == (*[None] * 10, 4.0, 2.0)


def test_a_decision_that_was_taken_back_does_not_count(client, package, uma):
    decided(package, uma, "a", ago=DAY, after=HOUR)
    row = uma.approval_decisions.get()
    row.undone_at = timezone.now()
    row.save()
    assert numbers(client)["Median decision time"] == "–"


def test_access_given_is_counted_by_week(client, package):
    for name, days in (("a", 0), ("b", 6), ("c", 8), ("d", 83), ("e", 85)):
        row = make_requests.access(package, f"{name}@fabrikam.example", at=timezone.now())
        created = timezone.now() - days * DAY
        Assignment.objects.filter(pk=row.pk).update(created_at=created)
    shown = trend(client, "People with access")
    assert (shown.values, shown.words) == (
        (1, *[0] * 9, 1, 2),
        "4 assignments in the last 12 weeks",
    )


def test_a_guest_inviter_sees_no_number_of_access_or_packages(signed_in, gil, package):
    labels = [label.rstrip("s") for label in numbers(signed_in(gil))]
    assert labels == ["Configured organization", "Guest", "Member"]


def test_a_reader_sees_the_four_numbers(signed_in, package):
    assert len(numbers(signed_in(make.member("rea@harbourgate.example", READER)))) == 4


def test_what_of_requests_needs_somebody_is_said(client, package, uma):
    request_states.in_every_state(package, uma, at=timezone.now() - 2 * DAY)
    row = make_requests.access(package, "bob@fabrikam.example", at=timezone.now())
    row.ends_at = timezone.now() + 13 * DAY
    row.save()
    wanted = {
        "request is on hold and waits until you resume or cancel it",
        "approved request could not be set up",
        "assignment ends within 14 days",
    }
    assert sentences(client) & wanted == wanted


def test_a_chart_says_in_words_what_it_draws():
    drawn = sparkline(Trend((1, None, 3), "4 in all"), "People")
    assert '<title id="spark-people-t">People by week</title>' in drawn
    assert "By week, the oldest first: 1, none, 3" in drawn


def test_a_week_without_a_value_breaks_the_line():
    assert sparkline(Trend((1, None, 3, 4), ""), "People").count("<polyline") == 2


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "1 minute"),
        (40 * timedelta(minutes=1), "40 minutes"),
        (90 * timedelta(minutes=1), "2 hours"),
        (47 * HOUR, "47 hours"),
        (60 * HOUR, "2 days"),
    ],
)
def test_a_length_is_said_in_one_unit(length, words):
    assert duration_words(length) == words

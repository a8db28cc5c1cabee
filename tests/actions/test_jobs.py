"""What the worker does from time to time: in batches, each job on its own."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from governance.actions import jobs
from governance.actions.jobs import Job, run_job
from governance.actions.mail_delivery import deliver_mail
from governance.actions.worker import note_worker
from governance.models import WorkerHeartbeat
from governance.rules.roles import SYSTEM
from portal.log_lines import JsonLines
from tests import make

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def job(run) -> Job:
    return Job("A job", timedelta(minutes=1), run)


def run(run, **more) -> int:
    return run_job(job(run), by=SYSTEM, at=make.NOON, **more)


def test_a_job_is_called_until_nothing_is_due_any_more():
    batches = [200, 200, 7, 0, 200]
    assert (run(lambda by, at: batches.pop(0)), batches) == (407, [200])


def test_a_job_is_told_who_acts_and_when():
    told = []
    run(lambda by, at: told.append((by, at)) or 0)
    assert told == [(SYSTEM, make.NOON)]


def test_a_job_stops_after_the_batch_when_the_worker_is_to_end():
    batches = [200, 200, 0]
    assert (run(lambda by, at: batches.pop(0), goes_on=lambda: False), batches) == (200, [200, 0])


def test_a_job_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(jobs, "MOST_BATCHES", 3)
    assert run(lambda by, at: 1) == 3


def failing(by, at) -> int:
    raise ZeroDivisionError("no reason")


def test_a_job_that_fails_is_logged_as_one_line_and_stops_no_other(monkeypatch, caplog):
    monkeypatch.setattr(jobs, "JOBS", (job(failing), Job("Fine", timedelta(1), lambda by, at: 0)))
    with caplog.at_level(logging.ERROR):
        done = jobs.run_jobs(by=SYSTEM, at=make.NOON)
    (record,) = caplog.records
    line = JsonLines().format(record)
    assert done == {"A job": 0, "Fine": 0}
    assert ("\n" in line, json.loads(line)["message"]) == (False, "The job “A job” failed")
    assert json.loads(line)["traceback"].endswith("ZeroDivisionError: no reason")


def test_what_a_job_did_before_it_failed_is_counted():
    batches = [200]
    assert run(lambda by, at: batches.pop(0)) == 200


def test_every_job_has_a_name_of_its_own():
    names = [each.name for each in jobs.JOBS]
    assert len(set(names)) == len(names)


def test_all_jobs_together_leave_an_empty_portal_as_it_is():
    assert set(jobs.run_jobs(by=SYSTEM, at=make.NOON).values()) == {0}


# tasks that ended


def tasks(status: str, started: timedelta, number: int = 1) -> None:
    for _each in range(number):
        deliver_mail.enqueue(1)
    DBTaskResult.objects.filter(started_at=None).update(
        status=status, started_at=make.NOON - started
    )


@pytest.mark.parametrize("status", ["SUCCESSFUL", "FAILED", "RUNNING"])
def test_tasks_that_began_a_week_ago_are_deleted(status):
    tasks(status, WEEK + timedelta(seconds=1))
    tasks(status, WEEK - timedelta(seconds=1))
    assert jobs.delete_finished_tasks(SYSTEM, make.NOON) == 1
    assert DBTaskResult.objects.get().started_at > make.NOON - WEEK


def test_tasks_that_wait_are_not_deleted():
    deliver_mail.enqueue(1)
    assert jobs.delete_finished_tasks(SYSTEM, make.NOON + 10 * WEEK) == 0


def test_tasks_are_deleted_in_batches():
    tasks("SUCCESSFUL", 2 * WEEK, number=201)
    done = [jobs.delete_finished_tasks(SYSTEM, make.NOON) for _batch in range(3)]
    assert done == [200, 1, 0]


# sign of life


def test_the_worker_has_one_sign_of_life_which_is_the_latest():
    note_worker(make.NOON)
    note_worker(make.NOON + timedelta(seconds=10))
    assert WorkerHeartbeat.objects.get().seen_at == make.NOON + timedelta(seconds=10)

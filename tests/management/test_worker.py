"""`manage.py worker`: does what is due, lives on through faults, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone

from governance.actions.mail import write_mail, write_message
from governance.management.commands import worker
from governance.models import Mail, WorkerHeartbeat
from governance.rules.mail import Message
from tests import make
from tests.faults.portal import ROOT, database_for

STATES = """
from governance.models import Mail, WorkerHeartbeat
print(*sorted(Mail.objects.values_list("state", flat=True)), WorkerHeartbeat.objects.count())
"""


def states() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("state", flat=True))


def test_once_it_sends_what_is_due_and_ends(shell, post):
    write_mail(to="a@partner.example", subject="S", body="B", at=make.NOON)
    make.mail("b@partner.example", state="waiting")  # whose task was lost
    make.mail("c@partner.example", state="kept")
    write_message(
        to="d@partner.example",
        message=Message("S", ("B",)),
        at=timezone.now(),
        due_at=timezone.now() + timedelta(hours=1),
    )
    shell("worker", "--once")
    assert (states(), sorted(to for (to,), _message in post.received)) == (
        ["sent", "sent", "kept", "waiting"],
        ["a@partner.example", "b@partner.example"],
    )


def test_once_it_gives_a_sign_of_life(shell):
    before = timezone.now()
    shell("worker", "--once")
    assert WorkerHeartbeat.objects.get().seen_at >= before


def test_once_with_a_mail_server_that_is_down_it_ends_too(shell, post, settings):
    settings.EMAIL_PORT = 1
    write_mail(to="a@partner.example", subject="S", body="B", at=make.NOON)
    shell("worker", "--once")
    assert (states(), Mail.objects.get().attempts) == (["waiting"], 1)


def test_a_job_that_fails_stops_neither_the_queue_nor_the_other_jobs(shell, post, monkeypatch):
    def fail(by, at):
        raise ZeroDivisionError

    failing = worker.JOBS[0].__class__("Failing", timedelta(seconds=1), fail)
    monkeypatch.setattr(worker, "JOBS", (failing, *worker.JOBS))
    make.mail(state="waiting")
    shell("worker", "--once")
    assert states() == ["sent"]


def test_a_queue_outside_the_database_is_left_to_its_own_worker(shell, post, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    make.mail(state="waiting")
    shell("worker", "--once")
    assert (states(), post.received) == (["waiting"], [])


@pytest.mark.django_db(transaction=True)
def test_while_the_database_does_not_answer_it_waits_and_goes_on(monkeypatch, caplog):
    command, rounds = worker.Command(), [DatabaseError("gone"), True, False]

    def round_of(_self) -> bool:
        if isinstance(now := rounds.pop(0), Exception):
            raise now
        return now

    monkeypatch.setattr(worker.Command, "_round", round_of)
    assert [command._pause() for _round in range(3)] == [worker.AFTER_A_FAULT, 0, worker.PAUSE]
    assert caplog.messages == ["The worker's database did not answer"]


# as a process


@pytest.fixture
def portal(tmp_path):
    """Environment of a portal with a database of its own."""
    url, drop = database_for(os.environ.get("DATABASE_URL"), tmp_path)
    environment = {**os.environ, "DATABASE_URL": url, "PORTAL_SECRET_KEY": "for a test"}
    for name in ("EMAIL_URL", "PYTEST_CURRENT_TEST"):
        environment.pop(name, None)
    manage(environment, "migrate", "-v", "0")
    yield environment
    drop()


def manage(environment, *words) -> str:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def start(environment, *words) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "worker", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def is_seen(environment) -> bool:
    return manage(environment, "shell", "--no-imports", "-c", STATES).strip() == "1"


def wait_until_seen(environment) -> None:
    last = time.monotonic() + 30
    while not is_seen(environment):
        assert time.monotonic() < last
        time.sleep(0.2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_zero_and_without_a_word(portal, number):
    process = start(portal)
    wait_until_seen(portal)
    process.send_signal(number)
    assert process.wait(10) == 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="there is no /proc")
def test_it_ends_when_who_started_it_is_gone(portal):
    """Where the system does not end it, as Linux does."""
    starter = (
        "import subprocess, sys, os; print(subprocess.Popen([sys.executable, 'manage.py', 'worker',"
        " '--stop-with', str(os.getpid())], stdout=subprocess.DEVNULL).pid, flush=True); input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=ROOT,
        env=portal,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(parent.stdout.readline())
    wait_until_seen(portal)
    parent.kill()
    parent.wait()
    last = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < last:
        time.sleep(0.1)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

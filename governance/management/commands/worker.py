"""Runs what the portal does beside its pages: emails, and all that is due from time to time."""

from __future__ import annotations

import logging
import os
import signal
import time
from threading import Event

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from ...actions.jobs import JOBS, run_job
from ...actions.worker import note_worker
from ...connectors.task_queue import run_next_task
from ...rules.roles import SYSTEM

PAUSE = 1  # seconds between two looks into an empty queue
AFTER_A_FAULT = 5  # seconds until a database that did not answer is asked again
SIGN_OF_LIFE = 10  # seconds
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send emails and run what is due: reminders, the end of access, clean-up."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")
        parser.add_argument(
            "--stop-with", type=int, metavar="PID", help="exit when this parent process is gone"
        )

    def handle(self, *, once, stop_with, **_):
        self._stop, self._parent = Event(), stop_with
        self._worker_id, self._next = get_random_string(32), {}
        if once:
            while self._round():
                pass
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        while self._goes_on():
            self._stop.wait(self._pause())

    def _pause(self) -> float:
        """Do one round; return how long to wait before the next."""
        close_old_connections()
        try:
            return 0 if self._round() else PAUSE
        except DatabaseError:
            _log.exception("The worker's database did not answer")
            connection.close()
            return AFTER_A_FAULT

    def _round(self) -> bool:
        """Run the jobs that are due and one task of the queue; return whether there was a task."""
        for job in JOBS:
            if self._lives_on() and self._is_time_for(job.name, job.every.total_seconds()):
                run_job(job, by=SYSTEM, at=timezone.now(), goes_on=self._lives_on)
        return self._lives_on() and run_next_task(self._worker_id)

    def _lives_on(self) -> bool:
        """Give a sign of life when it is time for one; return whether to go on."""
        if self._is_time_for("sign of life", SIGN_OF_LIFE):
            note_worker(timezone.now())
        return self._goes_on()

    def _is_time_for(self, name: str, every: float) -> bool:
        now = time.monotonic()
        is_time = now >= self._next.get(name, now)
        if is_time:
            self._next[name] = now + every
        return is_time

    def _goes_on(self) -> bool:
        is_orphan = self._parent is not None and os.getppid() != self._parent
        return not (is_orphan or self._stop.is_set())

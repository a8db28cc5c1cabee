"""What the worker does from time to time, as one table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..connectors.task_queue import finished_tasks
from ..rules.roles import Actor
from .access_requests.deliveries import queue_due_deliveries
from .access_requests.expiry import end_due, escalate_due, expire_due, remind_due, remind_ending
from .access_requests.fulfilment import start_due
from .mail_delivery import queue_due_mail
from .my_access.codes import delete_old_codes
from .people.guest_lifecycle import remove_due
from .vouching import end_due_vouchers, tell_of_ending_vouchers

BATCH = 200  # rows of one transaction, so that ten thousand due rows hold no lock for long
MOST_BATCHES = 5_000  # of one run: a job that never ends must not keep the others from running
TASKS_ARE_KEPT = timedelta(days=7)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done every so often.

    `run` does one batch of what is due, at most BATCH rows in a transaction of its own, and returns
    how many rows that were. It is called again until it returns 0, so what it was given once must
    not be due any more after it, whether it worked or not.
    """

    name: str
    every: timedelta
    run: Callable[[Actor, datetime], int]


def run_job(
    job: Job, *, by: Actor, at: datetime, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Do all that is due of one job, and return how many rows that were.

    `goes_on` is asked after each batch. What goes wrong is logged, and stops no other job.
    """
    done = 0
    try:
        for _number in range(MOST_BATCHES):
            batch = job.run(by, at)
            done += batch
            if not batch or not goes_on():
                break
    except Exception:
        _log.exception("The job “%s” failed", job.name)
    return done


def run_jobs(*, by: Actor, at: datetime) -> dict[str, int]:
    """Do all that is due of every job; return how many rows by the job's name."""
    return {job.name: run_job(job, by=by, at=at) for job in JOBS}


def delete_finished_tasks(by: Actor, at: datetime) -> int:
    """Delete a batch of the rows of tasks that ended a week ago."""
    old = finished_tasks(at - TASKS_ARE_KEPT)
    batch = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    old.filter(pk__in=batch).delete()
    return len(batch)


# In the order in which they run. Mail is queued last, so that what the others write goes out too.
JOBS: tuple[Job, ...] = (
    Job("Delete finished tasks", timedelta(hours=1), delete_finished_tasks),
    Job("Delete old codes", timedelta(hours=1), delete_old_codes),
    Job("Expire requests", timedelta(seconds=30), expire_due),
    Job("Escalate requests", timedelta(seconds=30), escalate_due),
    Job("Remind approvers", timedelta(minutes=5), remind_due),
    Job("End vouchers", timedelta(seconds=30), end_due_vouchers),
    Job("End access", timedelta(seconds=30), end_due),
    Job("Remind of ending access", timedelta(minutes=5), remind_ending),
    Job("Remind of ending vouchers", timedelta(minutes=5), tell_of_ending_vouchers),
    Job("Set up approved access", timedelta(seconds=2), start_due),
    Job("Remove guests", timedelta(minutes=5), remove_due),
    Job("Queue deliveries that are due", timedelta(seconds=5), queue_due_deliveries),
    Job("Queue emails that are due", timedelta(seconds=10), queue_due_mail),
)

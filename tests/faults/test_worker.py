"""A worker that is killed, and servers that break off: no mail and no webhook is lost, and a copy
that had to be sent again is known by its Message-ID or delivery ID.

Small counts here; FAULTS=full (make faults) asks for a hundred kills and a thousand of each.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing
from email import message_from_bytes, policy
from threading import Timer

import pytest
from aiosmtpd.controller import Controller

from tests.faults.portal import ROOT, ask_database, database_for
from tests.http_server import Receiver, running_receiver

FULL = os.environ.get("FAULTS") == "full"
KILLS, MAILS = (100, 1_000) if FULL else (3, 24)
pytestmark = pytest.mark.faults

_WRITE = """
from django.db import transaction
from django.utils import timezone
from governance.actions.mail import write_message
from governance.rules.mail import Message
for number in range({number}):
    with transaction.atomic():
        message = Message(f"Mail {{number}}", ("Hello",))
        write_message(to=f"m{{number}}@partner.example", message=message, at=timezone.now())
"""
# Time goes by: nobody who was killed holds a row any more, and what failed is due again.
_LATER = """
UPDATE governance_{of} SET due_at = created_at, attempts = 0 WHERE state = 'waiting'
"""
# More than ten minutes: a task that did not run by then was lost with its worker.
_MUCH_LATER = "UPDATE governance_{of} SET queued_at = NULL WHERE state = 'waiting'"
_STATES = "SELECT state, count(*) FROM governance_{of} GROUP BY state"
_GIVE_ACCESS = """
from django.utils import timezone
from governance.models import Resource, Webhook
from tests import make, make_requests
now = timezone.now()
made = {{"created_by": "System", "changed_by": "System", "created_at": now, "changed_at": now}}
url = "http://127.0.0.1:{port}/hooks"
webhook = Webhook.objects.create(name="W", name_key="w", url=url, secret="secret", **made)
package = make.package("Site access")
make_requests.resource(package, make_requests.group(), now)
more = {{"added_at": now, "added_by": "System"}}
Resource.objects.create(package=package, kind="webhook", webhook=webhook, **more)
make.organization("Partner", "partner.example")
for number in range({number}):
    make_requests.access(package, f"g{{number}}@partner.example", at=now)
"""


class Unreliable:
    """A mail server that refuses, hangs up, and hangs up once it has taken a mail.

    `at_data` is called with each mail before it is answered.
    """

    def __init__(self):
        self.seed = random.Random(11)
        self.copies: dict[str, list[str]] = defaultdict(list)
        self.did = Counter()
        self.at_data = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.seed.random() < 0.05:
            self.did["hung up before the mail"] += 1
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        chance = self.seed.random()
        if chance < 0.15:
            self.did["refused"] += 1
            return "451 try later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.copies[envelope.rcpt_tos[0]].append(message["Message-ID"])
        self.at_data()
        if chance < 0.2:
            self.did["hung up after the mail"] += 1
            server.transport.abort()
        return "250 OK"


class UnreliableReceiver:
    """An HTTP server that refuses, hangs up, and hangs up once it has taken a webhook."""

    def __init__(self, receiver: Receiver):
        self.seed, self.receiver = random.Random(13), receiver
        self.taken: list[str] = []
        self.did = Counter()
        self.at_data = lambda: None
        receiver.answer = self.answer

    def answer(self, handler) -> None:
        chance = self.seed.random()
        if chance < 0.1:
            self.did["refused"] += 1
            handler.send_error(503)
        elif chance < 0.15:
            self.did["hung up before taking it"] += 1
            handler.connection.close()
        else:
            self.taken.append(handler.headers["Harbourgate-Delivery"])
            self.at_data()
            if chance < 0.2:
                self.did["hung up after taking it"] += 1
                handler.connection.close()
            else:
                self.receiver.usual(handler)


class Worker:
    """A portal with a database of its own, and its worker: started, killed, started again."""

    def __init__(self, database_url: str, mail_port: int):
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "PORTAL_LOOPBACK_WEBHOOKS": "1",
            "PORTAL_SECRET_KEY": "for a test",
        }
        self.env.pop("PYTEST_CURRENT_TEST", None)
        self.process: subprocess.Popen | None = None
        self.manage("migrate", "-v", "0")

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def shell(self, code: str) -> None:
        self.manage("shell", "--no-imports", "-c", code)

    def sql(self, statement: str) -> list[tuple]:
        return ask_database(self.env["DATABASE_URL"], statement)

    def states(self, of: str) -> dict[str, int]:
        """How many mails or deliveries are in which state."""
        return dict(self.sql(_STATES.format(of=of)))

    def let_time_go_by(self, of: str, *, is_long: bool = False) -> bool:
        """Return whether any mail or delivery waits still."""
        self.sql(_LATER.format(of=of))
        if is_long:
            self.sql(_MUCH_LATER.format(of=of))
        return "waiting" in self.states(of)

    def start(self) -> None:
        self.process = self.started()

    def started(self, *words: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "worker", *words]
        return subprocess.Popen(command, cwd=ROOT, env=self.env)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)


@pytest.fixture
def mail_server():
    server = Unreliable()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def worker(tmp_path, mail_server):
    url, drop = database_for(os.environ.get("DATABASE_URL"), tmp_path)
    worker = Worker(url, mail_server.port)
    yield worker
    worker.kill()
    drop()


def killed_in_the_middle(worker: Worker, watched, of: str, number: int) -> int:
    """Kill the worker so many times while it sends; return how many times that was.

    Half of the kills come while the server has taken something and has not answered.
    """
    seed, kills = random.Random(5), 0
    for _number in range(number):
        left = [seed.randint(1, 8)]

        def one_more(left=left) -> None:
            left[0] -= 1
            if left[0] == 0:
                if seed.random() < 0.5:
                    worker.kill()
                else:
                    Timer(seed.uniform(0, 0.02), worker.kill).start()

        watched.at_data = one_more
        worker.start()
        last = time.monotonic() + 20
        while worker.process.poll() is None and time.monotonic() < last:
            time.sleep(0.01)
        kills += worker.process.poll() == -signal.SIGKILL
        worker.kill()
        worker.process.wait()
        watched.at_data = lambda: None
        if not worker.let_time_go_by(of):
            break
    return kills


def finish(worker: Worker, of: str) -> None:
    for _round in range(50):
        worker.manage("worker", "--once")
        if not worker.let_time_go_by(of, is_long=True):
            break


def test_no_mail_is_lost_when_the_worker_is_killed_while_it_sends(worker, mail_server):
    worker.shell(_WRITE.format(number=MAILS))
    kills = killed_in_the_middle(worker, mail_server, "mail", KILLS)
    finish(worker, "mail")
    sent = mail_server.copies
    copies = sum(map(len, sent.values()))
    print(f"{kills} kills, {MAILS} mails, {copies - MAILS} second copies, {dict(mail_server.did)}")
    assert kills >= KILLS // 2
    assert worker.states("mail") == {"sent": MAILS}
    assert set(sent) == {f"m{number}@partner.example" for number in range(MAILS)}
    assert {len(set(ids)) for ids in sent.values()} == {1}
    assert len({ids[0] for ids in sent.values()}) == MAILS
    assert copies - MAILS <= kills + mail_server.did["hung up after the mail"]


def test_no_webhook_is_lost_when_the_worker_is_killed_while_it_sends(worker):
    with running_receiver() as receiver:
        unreliable = UnreliableReceiver(receiver)
        worker.shell(_GIVE_ACCESS.format(number=MAILS, port=receiver.port))
        kills = killed_in_the_middle(worker, unreliable, "delivery", KILLS)
        finish(worker, "delivery")
    copies = Counter(unreliable.taken)
    doubled = sum(copies.values()) - MAILS
    print(f"{kills} kills, {MAILS} webhooks, {doubled} second copies, {dict(unreliable.did)}")
    hooks = worker.sql(
        "SELECT count(*) FROM governance_delivery d"
        " JOIN governance_resource r ON r.id = d.resource_id WHERE r.kind = 'webhook'"
    )
    assert kills >= KILLS // 2
    assert worker.states("delivery") == {"done": 2 * MAILS}
    assert worker.states("accessrequest") == {"delivered": MAILS}
    assert (len(copies), hooks) == (MAILS, [(MAILS,)])
    assert doubled <= kills + unreliable.did["hung up after taking it"]
    members = worker.sql("SELECT count(*), count(DISTINCT person_id) FROM governance_groupmember")
    assert members == [(MAILS, MAILS)]


def test_two_workers_at_once_never_do_a_delivery_twice(worker):
    with running_receiver() as receiver:
        worker.shell(_GIVE_ACCESS.format(number=MAILS, port=receiver.port))
        both = [worker.started("--once") for _each in range(2)]
        assert [process.wait() for process in both] == [0, 0]
    taken = Counter(got.headers["Harbourgate-Delivery"] for got in receiver.received)
    assert (len(taken), set(taken.values())) == (MAILS, {1})
    assert worker.states("delivery") == {"done": 2 * MAILS}
    assert worker.sql("SELECT count(*) FROM governance_groupmember") == [(MAILS,)]
    done = "SELECT count(*) FROM governance_auditevent WHERE result = 'done' AND activity = "
    for activity in (
        "Add member to group",
        "Send access to webhook",
        "Fulfill access package assignment request",
    ):
        assert worker.sql(f"{done}'{activity}'") == [(MAILS,)]

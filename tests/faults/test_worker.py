"""A worker that is killed, and servers that break off: no mail is lost, and a copy that had to be
sent again is known by its Message-ID.

Small counts here; FAULTS=full (make faults) asks for a hundred kills and a thousand mails.
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
# Time goes by: nobody who was killed holds a mail any more, and what failed is due again.
_LATER = """
UPDATE governance_mail SET due_at = created_at, queued_at = NULL, attempts = 0
WHERE state = 'waiting'
"""
_WAITING = "SELECT count(*) FROM governance_mail WHERE state = 'waiting'"
_STATES = "SELECT state, count(*) FROM governance_mail GROUP BY state"


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


class Worker:
    """A portal with a database of its own, and its worker: started, killed, started again."""

    def __init__(self, database_url: str, mail_port: int):
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
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

    def let_time_go_by(self) -> bool:
        """Return whether anything waits still."""
        self.sql(_LATER)
        return self.sql(_WAITING)[0][0] > 0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.env
        )

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


def killed_in_the_middle(worker: Worker, watched, number: int) -> int:
    """Kill the worker so many times while it sends; return how many times that was.

    Half of the kills come while the server has the mail and has not answered.
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
        if not worker.let_time_go_by():
            break
    return kills


def test_no_mail_is_lost_when_the_worker_is_killed_while_it_sends(worker, mail_server):
    worker.shell(_WRITE.format(number=MAILS))
    kills = killed_in_the_middle(worker, mail_server, KILLS)
    for _round in range(50):
        if not worker.let_time_go_by():
            break
        worker.manage("worker", "--once")
    sent = mail_server.copies
    copies = sum(map(len, sent.values()))
    print(f"{kills} kills, {MAILS} mails, {copies - MAILS} second copies, {dict(mail_server.did)}")
    assert kills >= KILLS // 2
    assert worker.sql(_STATES) == [("sent", MAILS)]
    assert set(sent) == {f"m{number}@partner.example" for number in range(MAILS)}
    assert {len(set(ids)) for ids in sent.values()} == {1}
    assert len({ids[0] for ids in sent.values()}) == MAILS
    assert copies - MAILS <= kills + mail_server.did["hung up after the mail"]

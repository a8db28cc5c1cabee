"""A portal of its own for fault tests: a database, a server of several processes, people who are
signed in, and plain HTTP.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
_PEOPLE = """
import json
from django.test import Client
from governance.rules.roles import GLOBAL_ADMINISTRATOR
from tests import make
cookies = {}
for name in ("ada", "zoe"):
    client = Client()
    person = make.member(f"{name}@harbourgate.example", GLOBAL_ADMINISTRATOR, name=name)
    client.force_login(person, backend="governance.models.sign_in.RoleBackend")
    cookies[name] = client.cookies["sessionid"].value
print(json.dumps(cookies))
"""
_STATE = """
import json
from governance.models import AuditEvent, Organization
from governance.facts.audit_chain import check_chain
created = AuditEvent.objects.filter(activity="Create connected organization", result="done")
report = check_chain()
print(json.dumps({
    "names": sorted(Organization.objects.values_list("name", flat=True)),
    "with claims": Organization.objects.filter(claims__released_at=None).distinct().count(),
    "with search entry": Organization.objects.filter(search_entry__isnull=False).count(),
    "events": sorted(created.values_list("target", flat=True)),
    "chain": list(report.problems),
}))
"""


class Portal:
    """Start it, talk to it, kill it, look at what is left."""

    def __init__(self, database_url: str, folder: Path):
        self.port = _free_port()
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "PORTAL_SECRET_KEY": "for a test",
            "PORT": str(self.port),
            "PORTAL_DEBUG": "1",
        }
        self.env.pop("PYTEST_CURRENT_TEST", None)
        self.log = (folder / "server.log").open("ab")
        self.process: subprocess.Popen | None = None
        self.manage("migrate", "-v", "0")
        self.manage("createcachetable", "-v", "0")
        self.cookies = json.loads(self.shell(_PEOPLE))

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]

    def state(self) -> dict:
        return json.loads(self.shell(_STATE))

    def start(self, workers: int = 2) -> None:
        """A server in a process group of its own, answering when this returns."""
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(self.port),
            "--workers",
            str(workers),
            "--log-level",
            "error",
            "portal.wsgi:application",
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        for _attempt in range(300):
            try:
                if self.get("/livez")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the server did not come up")

    def kill(self, how: int = signal.SIGKILL) -> None:
        """End the server and its workers, and no other process."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(timeout=30)

    def get(self, path: str, who: str = "ada") -> tuple[int, str, str]:
        return self._ask("GET", path, who, None)

    def post(self, path: str, fields: dict, who: str = "ada") -> tuple[int, str, str]:
        return self._ask("POST", path, who, urlencode({**fields, "csrfmiddlewaretoken": "a" * 32}))

    def _ask(self, method: str, path: str, who: str, body: str | None) -> tuple[int, str, str]:
        """Status, Location and body of one request."""
        token = "a" * 32
        headers = {
            "Cookie": f"sessionid={self.cookies.get(who, '')}; csrftoken={token}",
            "Origin": f"http://localhost:{self.port}",
        }
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or "", answer.read().decode()

    def prepared_draft(self, name: str, domain: str, who: str) -> tuple[str, str]:
        """A draft that only needs Create: its Review page and the fingerprint shown there."""
        base = f"/connected-organizations/add/{uuid4()}"
        self.post(f"{base}/basics/", {"name": name, "description": "", "state": "configured"}, who)
        self.post(f"{base}/directories/select/", {"add": domain}, who)
        self.post(f"{base}/directories/select/", {"select": "1"}, who)
        page = self.get(f"{base}/review/", who)[2]
        return f"{base}/review/", re.search(r'name="seen" value="([^"]*)"', page).group(1)


def database_for(url: str | None, folder: Path) -> tuple[str, callable]:
    """A database of the same kind as the tests' own, and how to drop it."""
    if not url or urlsplit(url).scheme not in ("postgres", "postgresql"):
        return f"sqlite:///{folder / 'faults.sqlite3'}", lambda: None
    import psycopg

    name = f"faults_{uuid4().hex[:12]}"
    with psycopg.connect(
        url.replace("postgres://", "postgresql://"), autocommit=True
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(url)

    def drop():
        with psycopg.connect(
            url.replace("postgres://", "postgresql://"), autocommit=True
        ) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    return f"{parts.scheme}://{parts.netloc}/{name}", drop


def ask_database(url: str, sql: str) -> list[tuple]:
    """Run a statement past Django, which would take a process of its own; return its rows."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
    else:
        import psycopg

        connection = psycopg.connect(url.replace("postgres://", "postgresql://"))
    with closing(connection), connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

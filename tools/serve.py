#!/usr/bin/env python3
"""Runs the server and the worker beside each other, with the standard library alone.

One signal ends both; when the server ends, so does the worker; a worker that dies is started anew.
`tools/run.py run` becomes this program.

python3 tools/serve.py HOST PORT
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = min(
    8, 2 * (os.cpu_count() or 1)
)  # in each server process, whose pool has eight connections to PostgreSQL
PATIENCE = 30  # seconds for what a process is doing when it is told to end
BEFORE_A_NEW_WORKER = 2  # seconds, so that one that cannot start does not keep the machine busy
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # loaded before a process is forked


def server_command(host: str, port: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        port,
        "--workers",
        os.environ.get("WORKERS") or "2",
        "--blocking-threads",
        str(THREADS),
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level",
        "warning",
        "portal.wsgi:application",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "manage.py", "worker", "--stop-with", str(os.getpid())]


class Pair:
    """The server and the worker as processes of ours. PIDs are 0 where there is none."""

    def __init__(self, server: list[str], worker: list[str]):
        self._commands = {"server": server, "worker": worker}
        self._pids = {"server": 0, "worker": 0}
        self._told: set[int] = set()
        self._is_ending = False

    def run(self) -> int:
        """Return the server's exit code once both have ended."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._end())
        signal.signal(signal.SIGHUP, lambda *_: self._send("server", signal.SIGHUP))
        self._start("server")
        self._start("worker")
        code = self._wait_for_the_server()
        self._end()
        self._wait_for_the_worker()
        return code

    def _start(self, name: str) -> None:
        process = subprocess.Popen(
            self._commands[name], cwd=ROOT, process_group=0, preexec_fn=_end_with_the_parent
        )
        process.returncode = 0  # ours to wait for, and not its destructor's
        self._pids[name] = process.pid
        if self._is_ending:  # the signal came while it was started
            self._end()

    def _end(self) -> None:
        """Tell each process once: a second signal would cut off what it does at its end."""
        self._is_ending = True
        for name, pid in self._pids.items():
            if pid not in self._told:
                self._told.add(pid)
                self._send(name, signal.SIGTERM)

    def _send(self, name: str, number: int) -> None:
        if pid := self._pids[name]:
            with suppress(ProcessLookupError):  # it ended at this very moment
                os.kill(pid, number)

    def _wait_for_the_server(self) -> int:
        while True:
            pid, status = os.waitpid(-1, 0)
            if pid == self._pids["server"]:
                self._pids["server"] = 0
                _kill_group(pid)
                return os.waitstatus_to_exitcode(status)
            if pid == self._pids["worker"]:
                self._pids["worker"] = 0
                self._start_a_new_worker()

    def _start_a_new_worker(self) -> None:
        if not self._is_ending:
            time.sleep(BEFORE_A_NEW_WORKER)
        if not self._is_ending:
            self._start("worker")

    def _wait_for_the_worker(self) -> None:
        last = time.monotonic() + PATIENCE
        while pid := self._pids["worker"]:
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._pids["worker"] = 0
            elif time.monotonic() > last:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                self._pids["worker"] = 0
            else:
                time.sleep(0.05)


def _kill_group(pid: int) -> None:
    """Kill what a server has left of its processes: one that was killed cannot end them itself."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end_with_the_parent() -> None:
    """Have Linux end a process when its parent is gone, killed or not.

    Elsewhere the worker looks for its parent itself.
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    code = Pair(server_command(*sys.argv[1:]), worker_command()).run()
    sys.exit(code if code >= 0 else 128 - code)

"""`make run`: the server and the worker begin together and end together, however they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Stands for the server: like it, it has a process of its own that does the serving.
SERVER = """
import signal, subprocess, sys, time
one = [sys.executable, "-c", "import time; time.sleep(60)", "of the server"]
process = subprocess.Popen(one)
def end(*_):
    process.terminate()
    sys.exit(7)
signal.signal(signal.SIGTERM, end)
print("server", flush=True)
time.sleep(60)
"""
WORKER = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("worker has ended", flush=True), sys.exit(0)))
print("worker", flush=True)
time.sleep(60)
"""
PAIR = """
import sys
from tools import serve
serve.BEFORE_A_NEW_WORKER = 0
python = [sys.executable, "-c"]
sys.exit(serve.Pair([*python, sys.argv[1]], [*python, sys.argv[2]]).run() % 256)
"""


def running() -> dict[int, tuple[int, str]]:
    """The parent and the command of every process that has not ended, by its ID."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if stat[0] != "Z":
            found[int(folder.name)] = (int(stat[1]), command)
    return found


def below(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    parents = {child: parent for child, (parent, _command) in running().items()}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def within(seconds: float, condition) -> bool:
    last = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > last:
            return False
        time.sleep(0.02)
    return True


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")


@pytest.fixture
def pair():
    """A server and a worker that were started, with all of their processes."""
    process = subprocess.Popen(
        [sys.executable, "-c", PAIR, SERVER, WORKER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert sorted(process.stdout.readline() for _each in range(2)) == ["server\n", "worker\n"]
    assert within(10, lambda: len(below(process.pid)) == 3)
    process.all = below(process.pid)
    yield process
    for pid in {*process.all, *below(process.pid), process.pid} & running().keys():
        os.kill(pid, signal.SIGKILL)
    process.wait()


def one_of(pair, words: str) -> int:
    """The process of the pair whose command has these words."""
    (pid,) = [pid for pid in below(pair.pid) if words in running()[pid][1]]
    return pid


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_both_and_the_exit_code_is_the_servers(pair, number):
    pair.send_signal(number)
    code = pair.wait(10)
    assert (code, pair.stdout.read(), pair.all & running().keys()) == (
        7,
        "worker has ended\n",
        set(),
    )


def test_a_second_signal_changes_nothing(pair):
    pair.send_signal(signal.SIGINT)
    pair.send_signal(signal.SIGINT)
    assert (pair.wait(10), pair.all & running().keys()) == (7, set())


def test_when_the_server_ends_so_does_the_worker(pair):
    os.kill(one_of(pair, 'print("server"'), signal.SIGTERM)
    assert (pair.wait(10), pair.stdout.read()) == (7, "worker has ended\n")


def test_a_server_that_was_killed_leaves_no_process(pair):
    os.kill(one_of(pair, 'print("server"'), signal.SIGKILL)
    pair.wait(10)
    assert within(5, lambda: not pair.all & running().keys())


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that ends them")
def test_who_started_both_leaves_no_process_when_killed(pair):
    pair.kill()
    assert within(10, lambda: not pair.all & running().keys())


def test_a_worker_that_was_killed_is_started_anew(pair):
    os.kill(one_of(pair, 'print("worker"'), signal.SIGKILL)
    assert (pair.stdout.readline(), len(below(pair.pid))) == ("worker\n", 3)

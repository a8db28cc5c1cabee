"""Calls that begin at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from governance.rules.decision import Refused

needs_rows_that_lock = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time by nature"
)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """What became of each, in order of the alphabet: "done", the code of a refusal, or anything
    else, which must not happen.
    """
    gate, ended = threading.Barrier(len(calls)), [""] * len(calls)

    def run(number: int, call: Callable[[], object]) -> None:
        gate.wait()
        try:
            call()
            ended[number] = "done"
        except Refused as refused:
            ended[number] = refused.code
        except Exception as problem:
            ended[number] = repr(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)

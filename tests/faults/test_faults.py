"""Two at once, and the plug pulled: never half an organization, never a change without its event,
never a 5xx.

Small counts here; FAULTS=full (make faults) asks for hundreds.
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time

import pytest

from tests.faults.portal import Portal, database_for

FULL = os.environ.get("FAULTS") == "full"
RACES, KILLS = (300, 100) if FULL else (6, 3)
pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    url, drop = database_for(os.environ.get("DATABASE_URL"), folder)
    portal = Portal(url, folder)
    yield portal
    portal.kill()
    drop()


def at_once(*jobs) -> list:
    """The answers of jobs that begin together."""
    answers, gate = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(index, job):
        gate.wait()
        answers[index] = job()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_administrators_who_add_one_domain_at_once_one_wins_and_the_other_is_told(portal):
    portal.start(workers=2)
    outcomes = []
    for number in range(RACES):
        domain = f"race{number}.example"
        drafts = {
            who: portal.prepared_draft(f"{who} {number}", domain, who) for who in ("ada", "zoe")
        }
        answers = at_once(
            *(
                lambda who=who, draft=draft: portal.post(draft[0], {"seen": draft[1]}, who)
                for who, draft in drafts.items()
            )
        )
        won = [answer for answer in answers if answer[0] == 303]
        told = [
            answer for answer in answers if answer[0] == 422 and "already belongs to" in answer[2]
        ]
        outcomes.append((len(won), len(told)))
    portal.kill()
    state = portal.state()
    assert outcomes == [(1, 1)] * RACES
    assert len(state["names"]) == state["with claims"] == state["with search entry"] == RACES
    assert (state["events"], state["chain"]) == (state["names"], [])


def test_a_server_killed_during_create_leaves_a_whole_organization_or_none(portal):
    seed = random.Random(7)
    acknowledged = []
    for number in range(KILLS):
        portal.start(workers=1)
        path, seen = portal.prepared_draft(f"Killed {number}", f"killed{number}.example", "ada")
        killer = threading.Thread(target=lambda: (time.sleep(seed.uniform(0, 0.05)), portal.kill()))
        killer.start()
        try:
            if portal.post(path, {"seen": seen})[0] == 303:
                acknowledged.append(f"Killed {number}")
        except (OSError, http.client.HTTPException):
            pass  # cut off in the middle: that is the test
        killer.join()
    state = portal.state()
    names = [name for name in state["names"] if name.startswith("Killed")]
    assert set(acknowledged) <= set(names)
    assert state["events"] == state["names"]
    assert len(state["names"]) == state["with claims"] == state["with search entry"]
    assert state["chain"] == []


def test_a_second_create_of_one_draft_answers_the_same_organization(portal):
    portal.start(workers=2)
    path, seen = portal.prepared_draft("Twice", "twice.example", "ada")
    answers = at_once(*[lambda: portal.post(path, {"seen": seen})] * 2)
    portal.kill()
    assert [status for status, _place, _body in answers] == [303, 303]
    assert answers[0][1] == answers[1][1]

"""kill -9 of everything in the middle of calls: what was acknowledged is there, exactly once.

DANGOL_SOAK=1 makes 20 kills of PostgreSQL and as many of the others.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from dangol.surveys.cells import DIFFERENCES
from tests.faults.agents import Agent, Ledger, forms, make_tokens, together
from tests.faults.desk_agents import DeskAgent, Seen, make_sessions, seen_together
from tests.stack import Stack

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("product")]
SOAK = bool(os.environ.get("DANGOL_SOAK"))
AGENTS, CUSTOMERS, ROUNDS = (12, 20_000, 20) if SOAK else (5, 800, 1)
ENOUGH = 20
VICTIMS = ["web workers", "postgres", "work", "web", "live", "postgres"]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The product with agents that play beside ours."""
    made = Stack(customers=CUSTOMERS, up=("--play", "--workers", "2"),
                 DANGOL_TELEPHONY='{"odds": {"answered": 1.0}, "speed": 8}')  # fmt: skip
    try:
        made.start()
        yield made
    finally:
        made.remove()


def strike(stack: Stack, victim: str) -> None:
    """kill -9: the workers below the web server, the server with all its own, or one process."""
    if victim == "web workers":
        for process in stack.processes()["web"]:
            for child in process.children():
                child.kill()
        return
    until = time.monotonic() + 30  # it may be coming back from the kill before
    while not stack.kill(victim, family=victim == "postgres"):
        assert time.monotonic() < until, f"{victim} did not come back: {stack.said()}"
        time.sleep(0.1)


def storm(stack: Stack) -> tuple[Ledger, Seen, list[float]]:
    """Agents work while things die; the ledgers, and the seconds until it served again each time."""
    asked = forms(stack)
    by_api = [Agent(stack.address, secret, asked) for secret in make_tokens(stack, AGENTS)]
    at_desk = [DeskAgent(stack.address, key) for key in make_sessions(stack, AGENTS)]
    agents = [*by_api, *at_desk]
    for agent in agents:
        agent.start()
    draw, recovered = random.Random(1), []
    for victim in VICTIMS * ROUNDS:
        time.sleep(draw.uniform(1.0, 2.0))
        strike(stack, victim)
        began = time.monotonic()
        time.sleep(0.3)
        stack.wait(30)
        recovered.append(time.monotonic() - began)
    until = time.monotonic() + 180  # a slow machine gets the time for as many calls
    while time.monotonic() < until and not (
        sum(len(a.ledger.finished) for a in by_api) >= ENOUGH
        and sum(len(a.seen.finished) for a in at_desk) >= ENOUGH
    ):
        time.sleep(0.5)
    for agent in agents:
        agent.bell.set()
    for agent in agents:
        agent.join(120)
    return together(by_api), seen_together(at_desk), recovered


def test_after_the_storm_every_acknowledged_step_is_there_exactly_once(stack):
    ledger, seen, recovered = storm(stack)
    assert ledger.surprises + seen.surprises == [], (ledger.surprises, seen.surprises, stack.said())
    print(f"\n{len(ledger.finished)} calls by API, {len(seen.finished)} at desks,"
          f" {ledger.repeats + seen.repeats} repeats, {len(recovered)} kills,"
          f" serving again after {max(recovered):.1f} s at most")  # fmt: skip
    assert min(len(ledger.finished), len(seen.finished)) >= ENOUGH and max(recovered) < 30
    assert len(set(ledger.targets)) == len(ledger.targets), "a call was handed out twice"
    stack.kill("demo")
    stack.stop()
    stack.arguments = ("--workers", "1")
    stack.start()
    with psycopg.connect(stack.database) as line:
        compare(line, ledger)
        compare_desks(line, seen)
        hold_together(line)


def compare(line: psycopg.Connection[Any], ledger: Ledger) -> None:
    """The database against the ledger."""
    agents = line.execute("SELECT DISTINCT user_id FROM api_token WHERE name = 'storm'").fetchall()
    mine = [[key for (key,) in agents]]

    def keys(query: str) -> list[str]:
        return sorted(str(row[0]) for row in line.execute(query, mine).fetchall())

    assert keys("SELECT id FROM interactions_interaction WHERE agent_id = ANY(%s)"
                ) == sorted(ledger.interactions)  # fmt: skip
    assert keys("SELECT interaction_id FROM campaigns_attempt WHERE agent_id = ANY(%s)"
                ) == sorted(ledger.interactions)  # fmt: skip
    assert keys("SELECT id FROM surveys_response WHERE agent_id = ANY(%s)"
                " AND completed_at IS NOT NULL") == sorted(ledger.responses)  # fmt: skip
    assert keys("SELECT id FROM campaigns_target WHERE finished_by_id = ANY(%s)"
                ) == sorted(ledger.finished)  # fmt: skip
    stored = line.execute(
        "SELECT r.id, count(*), count(DISTINCT a.question) FROM surveys_response r"
        " JOIN surveys_answer a ON a.response_id = r.id"
        " WHERE r.agent_id = ANY(%s) AND a.question <> '' GROUP BY r.id", mine,
    ).fetchall()  # fmt: skip
    for response, count, distinct in stored:
        assert count == distinct == len(ledger.responses[str(response)])
    assert len(stored) == len(ledger.responses)


def compare_desks(line: psycopg.Connection[Any], seen: Seen) -> None:
    """The database against what the pages showed."""
    agents = line.execute(
        "SELECT id FROM core_user WHERE email LIKE 'page%@example.com'"
    ).fetchall()
    mine = [[key for (key,) in agents]]
    rows = line.execute(
        "SELECT id, response_id, outcome, finished_at IS NOT NULL FROM desk_handling"
        " WHERE agent_id = ANY(%s)", mine,
    ).fetchall()  # fmt: skip
    there = {str(key): (str(response), outcome, done) for key, response, outcome, done in rows}
    assert seen.opened <= set(there), "a call that lay on a desk is gone"
    for handling, response in seen.finished.items():
        assert there[handling] == (response, "done", True)
    done = sorted(
        response for response, outcome, ended in there.values() if outcome == "done" and ended
    )
    assert sorted(seen.finished.values()) == done == sorted(set(done))
    for response, given in seen.answered.items():
        stored = line.execute(
            "SELECT question, value FROM surveys_answer WHERE response_id = %s AND question <> ''"
            " UNION ALL SELECT d.key, d.value FROM surveys_draft, jsonb_each(answers) d"
            " WHERE response_id = %s", [response, response],
        ).fetchall()  # fmt: skip
        assert {f"q-{name}" for name, _value in stored} >= {n.split(".")[0] for n in given}


NEVER = {
    "a call was completed twice": "SELECT target_id FROM campaigns_attempt WHERE outcome = 'done'"
    " GROUP BY target_id HAVING count(*) > 1",
    "a finished call is still held": "SELECT id FROM campaigns_target"
    " WHERE finished_at IS NOT NULL AND leased_by_id IS NOT NULL",
    "a conversation was wrapped but not ended": "SELECT id FROM interactions_interaction"
    " WHERE wrapped_at IS NOT NULL AND ended_at IS NULL",
    "instants are out of order": "SELECT id FROM interactions_interaction"
    " WHERE ended_at < answered_at OR answered_at < ringing_at OR wrapped_at < ended_at",
    "a finished desk left its conversation open": "SELECT h.id FROM desk_handling h"
    " JOIN interactions_interaction i ON i.id = h.interaction_id"
    " WHERE h.finished_at IS NOT NULL AND h.outcome <> '' AND i.ended_at IS NULL",
    "a finished desk left no try": "SELECT h.id FROM desk_handling h"
    " LEFT JOIN campaigns_attempt a ON a.interaction_id = h.interaction_id"
    " WHERE h.finished_at IS NOT NULL AND h.outcome <> '' AND a.id IS NULL",
    "two desks hold one call": "SELECT target_id FROM desk_handling WHERE finished_at IS NULL"
    " GROUP BY target_id HAVING count(*) > 1",
    "a completed response has no own index row or answers": "SELECT r.id FROM surveys_response r"
    " WHERE r.completed_at IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM surveys_answer a WHERE a.response_id = r.id)",
}


def hold_together(line: psycopg.Connection[Any]) -> None:
    """What must never be, whoever worked: our agents and those that play."""
    for what, query in NEVER.items():
        assert line.execute(query).fetchall() == [], what
    assert line.execute(DIFFERENCES.format(only="")).fetchall() == []


def test_after_kill_9_of_everything_a_start_serves_and_ctrl_c_leaves_nothing(stack):
    own = [p for group in stack.processes().values() for p in group]
    own += [child for p in own for child in p.children(recursive=True)]
    servers = {p.pid for p in stack.postmasters()}
    stack.kill("up", family=False)
    stack.process.wait()
    until = time.monotonic() + 15
    while left := [p for p in own if p.is_running() and p.status() != "zombie"
                   and p.pid not in servers and p.name() != "postgres"]:  # fmt: skip
        assert time.monotonic() < until, left
        time.sleep(0.1)
    after_up = stack.start(30)
    stack.kill("up", family=False)
    stack.kill("postgres")
    stack.process.wait()
    after_all = stack.start(30)
    stack.stop()
    assert stack.postmasters() == [] or not stack.postmasters()[0].is_running()
    clean = stack.start(30)
    print(f"\nstart after kill -9 of up {after_up:.1f} s, of everything {after_all:.1f} s;"
          f" second start {clean:.1f} s")  # fmt: skip
    assert "running from this folder already" in refused(stack)
    stack.stop()


def refused(stack: Stack) -> str:
    """What a second `dangol up` on the same folder says."""
    import subprocess

    from tests.stack import RUN

    done = subprocess.run([*RUN, "up", "--port", str(stack.port + 10)], env=stack.environment,
                          capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
    assert done.returncode == 2
    return done.stderr

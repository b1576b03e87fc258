"""Next call: 500 agents pull from a million due calls, ours against the statement everybody writes first.

Both run on the same rows in the same database, in turns, through as many connections. The need of
500 agents is about 3 calls a second; the load offered is a hundred times that, paced, so that what
is measured is the time of a claim and not the length of a queue that no centre has. The peer:

    SELECT id FROM due ORDER BY priority, next_at LIMIT 1 FOR UPDATE     (then mark it taken)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg

TARGETS = 1_000_000
CAMPAIGNS = 20
AGENTS = 500
CONNECTIONS = 48
RATE = 280.0
ROUNDS = 3
SECONDS = 6.0
GOAL_MS = 15.0
NOW = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)

Claim = Callable[[psycopg.Connection[Any], uuid.UUID], tuple[uuid.UUID | None, float]]
"""From a connection and an agent to what was handed out and the seconds in the database."""


def quantile(values: list[float], share: float) -> float:
    """The value below which the share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def fill() -> list[uuid.UUID]:
    """A million due calls of a million customers in twenty programmes; returns the programmes."""
    from django.db import connection

    from dangol.campaigns.models import Campaign
    from dangol.places.actions import open_place

    place = open_place(code="BENCH", name="bench", kind="company", by=None)
    campaigns = [
        Campaign.objects.create(
            name=f"bench {n}", place=place, priority=1 + n % 9, starts_on=dt.date(2026, 1, 1),
            quarantine_days=7,
        )
        for n in range(CAMPAIGNS)
    ]  # fmt: skip
    keys = [campaign.pk for campaign in campaigns]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        for statement in STATEMENTS:
            cursor.execute(statement, {"n": TARGETS, "campaigns": keys, "now": NOW, "m": CAMPAIGNS})
    return keys


STATEMENTS = [
    """CREATE TEMP TABLE bench ON COMMIT DROP AS
       SELECT n, uuidv7() AS customer, uuidv7() AS thread,
              (%(campaigns)s::uuid[])[1 + n %% %(m)s] AS campaign FROM generate_series(1, %(n)s) n""",
    """INSERT INTO customers_customer (id, created_at, kind, name, given_name, family_name, gender,
           language, tier, note, source, source_key, updated_at, revision, name_jamo, name_initials)
       SELECT customer, %(now)s, 'person', 'bench', '', '', '', 'ko', '', '', 'bench', n::text,
              %(now)s, 1, '', '' FROM bench""",
    """INSERT INTO customers_contactpoint (id, created_at, customer_id, kind, value, parts, label,
           preferred, state, source, tail)
       SELECT uuidv7(), %(now)s, customer, 'phone', '+8210' || lpad(n::text, 8, '0'), '{}', '', false,
              'unverified', 'bench', '' FROM bench""",
    """INSERT INTO interactions_thread (id, created_at, customer_id, begun_by)
       SELECT thread, %(now)s, customer, 'happy_call' FROM bench""",
    """INSERT INTO campaigns_stage (id, created_at, campaign_id, "order", name, name_en, days_after,
           kind, script, script_en, max_attempts, waits)
       SELECT uuidv7(), %(now)s, c, 1, 'bench', '', 7, '', '', '', 5, '{}'
       FROM unnest(%(campaigns)s::uuid[]) c""",
    """INSERT INTO campaigns_target (id, created_at, campaign_id, stage_id, customer_id, thread_id,
           occasion, due_on, due_at, level, zone, next_at, attempts_made, result)
       SELECT uuidv7(), %(now)s, b.campaign, s.id, b.customer, b.thread, b.thread,
              %(now)s::date, %(now)s, 2, 'Asia/Seoul',
              %(now)s - (b.n %% 500000) * interval '1 second', 0, ''
       FROM bench b JOIN campaigns_stage s ON s.campaign_id = b.campaign""",
    """CREATE TABLE bench_naive AS
       SELECT t.id, c.priority, t.next_at, NULL::uuid AS taken_by
       FROM campaigns_target t JOIN campaigns_campaign c ON c.id = t.campaign_id""",
    "ALTER TABLE bench_naive ADD PRIMARY KEY (id)",
]
SPENT = "extract(epoch FROM clock_timestamp() - transaction_timestamp())::float8"
OURS = (
    "WITH claimed AS MATERIALIZED (SELECT campaigns_claim(%s, %s, interval '3 minutes', %s::uuid[],"
    " %s::text[], %s::date[], %s::int[], %s::int[], %s::int[]) AS id)"
    f" SELECT id, {SPENT} FROM claimed"
)
NAIVE = (
    "SELECT id FROM bench_naive WHERE taken_by IS NULL AND next_at <= %s"
    " ORDER BY priority, next_at LIMIT 1 FOR UPDATE"
)

TAKE = f"UPDATE bench_naive SET taken_by = %s WHERE id = %s AND taken_by IS NULL RETURNING {SPENT}"


def our_claim(campaigns: list[uuid.UUID]) -> Claim:
    """The product's own claim: the same call that `campaigns.actions.claim_in` makes."""
    n = len(campaigns)
    rest = [campaigns, ["Asia/Seoul"] * n, [NOW.date()] * n, [None] * n, [7] * n, [30] * n]

    def claim(
        connection: psycopg.Connection[Any], agent: uuid.UUID
    ) -> tuple[uuid.UUID | None, float]:
        row = connection.execute(OURS, [agent, NOW, *rest]).fetchone()
        return row if row else (None, 0.0)

    return claim


def naive_claim(
    connection: psycopg.Connection[Any], agent: uuid.UUID
) -> tuple[uuid.UUID | None, float]:
    """What everybody writes first; after waiting for a lock it may find the row taken, and asks again."""
    with connection.transaction():
        while row := connection.execute(NAIVE, [NOW]).fetchone():
            took = connection.execute(TAKE, [agent, row[0]]).fetchone()
            if took:
                return row[0], took[0]
    return None, 0.0


@dataclasses.dataclass
class Pulled:
    """What a round of pulling gave: seconds in the database and on the wall, keys, duration."""

    database: list[float] = dataclasses.field(default_factory=list)
    wall: list[float] = dataclasses.field(default_factory=list)
    keys: list[uuid.UUID] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Pulled) -> None:
        """Put two rounds together."""
        self.database += other.database
        self.wall += other.wall
        self.keys += other.keys
        self.seconds += other.seconds

    def p95(self) -> float:
        """Milliseconds in the database within which 95 of 100 claims are done."""
        return 1000 * quantile(self.database, 0.95)


def pull(
    claim: Claim, agents: list[uuid.UUID], address: str, seconds: float, rate: float | None
) -> Pulled:
    """Agents pull for some seconds through all connections, paced or as fast as they can."""
    pulled = Pulled()
    lock, gate = threading.Lock(), threading.Barrier(CONNECTIONS + 1)
    begin: list[float] = []

    def work(number: int) -> None:
        own = Pulled()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SELECT 1")
            gate.wait()
            step = CONNECTIONS / rate if rate else 0.0
            turn, end = begin[0] + step * number / CONNECTIONS, begin[0] + seconds
            while time.perf_counter() < end:
                if rate and (wait := turn - time.perf_counter()) > 0:
                    time.sleep(wait)
                start = time.perf_counter()
                agent = agents[(number + CONNECTIONS * len(own.wall)) % len(agents)]
                key, spent = claim(connection, agent)
                own.wall.append(time.perf_counter() - start)
                if key:
                    own.keys.append(key)
                    own.database.append(spent)
                turn = max(turn + step, time.perf_counter() - step)
        with lock:
            pulled.add(own)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    begin.append(time.perf_counter() + 0.1)
    gate.wait()
    for thread in threads:
        thread.join()
    pulled.seconds = time.perf_counter() - begin[0]
    return pulled


def address_of(settings: dict[str, Any]) -> str:
    """The database of the benchmark as libpq writes it."""
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    pairs = {names[k]: str(settings[k]) for k in names if settings.get(k)}
    return psycopg.conninfo.make_conninfo(**pairs)


def run() -> dict[str, Any]:
    """Fill, pull in turns, and report in milliseconds."""
    from django.db import connection, transaction

    with transaction.atomic():
        campaigns = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    agents = add_agents()
    address = address_of(connection.settings_dict)
    ours, peer = Pulled(), Pulled()
    for _round in range(ROUNDS):
        ours.add(pull(our_claim(campaigns), agents, address, SECONDS, RATE))
        peer.add(pull(naive_claim, agents, address, SECONDS, RATE))
    hurried = pull(our_claim(campaigns), agents, address, SECONDS, None)
    handed = ours.keys + hurried.keys
    twice = len(handed) - len(set(handed))
    return {
        "work": "next call",
        "data": (
            f"{TARGETS:,} due calls, {CAMPAIGNS} programmes, {AGENTS} agents, "
            f"{CONNECTIONS} connections, {RATE:.0f} claims a second offered"
        ),
        "ours": round(ours.p95(), 3),
        "peer": round(peer.p95(), 1),
        "peer_name": "ORDER BY … LIMIT 1 FOR UPDATE",
        "ratio": round(peer.p95() / ours.p95(), 1),
        "unit": "ms in the database, p95",
        "limit": "one index probe and one update, 0.3 ms",
        "goal": GOAL_MS,
        "held": ours.p95() <= GOAL_MS and twice == 0,
        "details": {
            "ours_p50_ms": round(1000 * quantile(ours.database, 0.5), 3),
            "ours_p99_ms": round(1000 * quantile(ours.database, 0.99), 3),
            "ours_wall_p95_ms": round(1000 * quantile(ours.wall, 0.95), 2),
            "ours_claims": len(ours.keys),
            "peer_wall_p95_ms": round(1000 * quantile(peer.wall, 0.95), 1),
            "peer_claims": len(peer.keys),
            "peer_claims_a_second": round(len(peer.keys) / peer.seconds, 2),
            "ours_a_second_unpaced": round(len(hurried.keys) / hurried.seconds),
            "ours_p95_ms_unpaced": round(hurried.p95(), 2),
            "handed_out_twice": twice,
        },
    }


def add_agents() -> list[uuid.UUID]:
    """People who pull."""
    from dangol.core.models import User

    made = User.objects.bulk_create(
        [
            User(email=f"bench{n}@example.com", name=f"bench {n}", password="!")
            for n in range(AGENTS)
        ]
    )
    return [user.pk for user in made]

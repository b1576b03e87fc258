"""Data quality at a million contact points: the night's work, then every page of it.

BENCH_POINTS says how many (100,000 unless it is said). The peer is the rate by site, source and
month as one plain query over all checks, which a page would ask without the tallies.
"""

from __future__ import annotations

import os
import resource
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

POINTS = int(os.environ.get("BENCH_POINTS", 100_000))
CUSTOMERS = POINTS // 2
LOOKS = 7
GOAL_MS, GOAL_MINUTES, GOAL_GB = 300.0, 10.0, 2.0
SOURCES = "(ARRAY['dealer', 'web', 'service', 'till', 'event', 'api'])"
SITES = "SELECT array_agg(id ORDER BY lo) AS id FROM places_place WHERE kind = 'site'"
FILL = [
    f"""INSERT INTO customers_customer (id, created_at, updated_at, revision, kind, name, given_name,
           family_name, gender, language, home_place_id, tier, note, source, source_key, name_jamo,
           name_initials, born_on)
       SELECT uuidv7(), now() - make_interval(days => 30 + i %% 1800), now(), 1, 'person',
           '손님' || i, '', '', CASE WHEN i %% 3 = 0 THEN 'f' ELSE '' END, 'ko',
           s.id[1 + i %% array_length(s.id, 1)], '', '', {SOURCES}[1 + i %% 6], i::text, '', '',
           CASE WHEN i %% 2 = 0 THEN date '1950-01-01' + i %% 18000 END
       FROM generate_series(1, %(customers)s) i, ({SITES}) s""",
    """INSERT INTO customers_contactpoint (id, created_at, customer_id, kind, value, parts, label,
           preferred, state, source, tail)
       SELECT uuidv7(), c.created_at, c.id, k.kind, k.value, '{}'::jsonb, '', k.kind = 'phone',
           'unverified', c.source, ''
       FROM customers_customer c CROSS JOIN LATERAL (VALUES
           ('phone', '+8210' || lpad(c.source_key, 8, '2')),
           (CASE WHEN c.source_key::int %% 2 = 0 THEN 'email' ELSE 'address' END,
            CASE WHEN c.source_key::int %% 2 = 0 THEN 'p' || c.source_key || '@example.com'
                 ELSE '서울 강남구 테헤란로 ' || c.source_key END)) k(kind, value)""",
    """INSERT INTO customers_check (id, created_at, contact_point_id, outcome, at, source,
           home_place_id, day)
       SELECT uuidv7(), x.at, x.point, x.outcome, x.at, x.source, x.home, x.at::date
       FROM (SELECT p.id AS point, c.home_place_id AS home, p.source,
                 p.created_at + (now() - p.created_at) * random() AS at,
                 CASE WHEN random() < 0.04 THEN 'wrong' WHEN random() < 0.02 THEN 'moved'
                      ELSE 'verified' END AS outcome
             FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id
             CROSS JOIN generate_series(1, 2) n WHERE random() < 0.6) x""",
    """UPDATE customers_contactpoint p SET state = l.outcome, checked_at = l.at
       FROM (SELECT DISTINCT ON (contact_point_id) contact_point_id, outcome, at
             FROM customers_check ORDER BY contact_point_id, at DESC) l
       WHERE l.contact_point_id = p.id""",
    """INSERT INTO customers_sourcerecord (source, key, kind, customer_id, values, times, first_seen_at,
           seen_at, changed_at, revision, unread)
       SELECT s.source, c.source_key, 'person', c.id, jsonb_strip_nulls(jsonb_build_object(
               'name', c.name, 'phone', CASE WHEN c.source_key::int %% 7 > 0 THEN
                   '010' || lpad(c.source_key, 8, '2') END,
               'email', CASE WHEN c.source_key::int %% 4 = 0 THEN 'p' || c.source_key || '@example.com' END,
               'born_on', c.born_on)), '{}', c.created_at, now(), c.created_at, 1, false
       FROM customers_customer c CROSS JOIN (VALUES ('dealer'), ('till')) s(source)""",
]
PEER = """
    SELECT c.home_place_id, c.source, date_trunc('month', c.day), p.kind, count(*),
        count(*) FILTER (WHERE c.outcome IN ('wrong', 'moved'))
    FROM customers_check c JOIN customers_contactpoint p ON p.id = c.contact_point_id
    WHERE c.day >= current_date - 365 GROUP BY 1, 2, 3, 4
"""
PAGES = {
    "summary": "/quality/", "rates": "/quality/rates/", "rates of two years": "/quality/rates/?months=24",
    "rates of all sites": "/quality/rates/?sites=all", "later sites": "/quality/rates/?sites=100", "rates of phones": "/quality/rates/?kind=phone",
    "rates of a source": "/quality/rates/?source=dealer", "found wrong": "/quality/checks/",
    "found wrong, by kind": "/quality/checks/?kind=email", "decay": "/quality/decay/",
    "probably wrong": "/quality/points/", "probably wrong, phones": "/quality/points/?kind=phone",
    "measures": "/quality/measures/", "measures, validity": "/quality/measures/?measure=valid&field=phone",
    "measures of all sites": "/quality/measures/?sites=all", "records with faults": "/quality/records/",
    "records without a phone": "/quality/records/?field=phone&fault=missing",
    "records of a source": "/quality/records/?field=phone&fault=missing&source=till",
    "rare fault": "/quality/records/?field=name&fault=missing", "tasks": "/quality/tasks/?all=1",
    "open tasks": "/quality/tasks/?state=open", "settings": "/quality/settings/",
    "definitions": "/quality/definitions/",
    "api: summary": "/api/v1/quality", "api: rates by site": "/api/v1/quality/rates?by=site",
    "api: points": "/api/v1/quality/points", "api: measures": "/api/v1/quality/measures",
    "api: records": "/api/v1/quality/records?field=phone&fault=missing",
    "api: sites": "/api/v1/quality/measures/sites?field=phone",
}  # fmt: skip


class Watch(threading.Thread):
    """The most that the database's processes held for themselves, and this one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.done = 0, threading.Event()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = cursor.fetchone()[0]
        self.parent = self.said(self.backend, "PPid")

    @staticmethod
    def said(process: int, name: str) -> int:
        """A number of /proc's; 0 for a process that has ended."""
        try:
            lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
        except OSError:
            return 0
        return next((int(x.split()[1]) for x in lines if x.startswith(f"{name}:")), 0)

    def run(self) -> None:
        """Look ten times a second."""
        while not self.done.wait(0.1):
            try:
                listed = Path(f"/proc/{self.parent}/task/{self.parent}/children").read_text("utf-8")
            except OSError:
                listed = str(self.backend)
            self.most = max(self.most, sum(self.said(int(p), "RssAnon") for p in listed.split()))


def make_data() -> tuple[Any, Any]:
    """Sites, customers, contact points, checks, records; an administrator and a site's manager."""
    from benchmarks.board_company import make_places
    from dangol.core.models import User
    from dangol.core.roles import Role
    from dangol.places.actions import grant_role

    places = make_places()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in FILL:
            cursor.execute(statement, {"customers": CUSTOMERS})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    people = []
    for role, place in (
        (Role.ADMINISTRATOR, next(p for p in places if p.kind == "company")),
        (Role.SITE_MANAGER, next(p for p in places if p.kind == "site")),
    ):
        user = User.objects.create_user(f"{role}@example.com", name=str(role))
        grant_role(user, role, place, by=None)
        people.append(user)
    return people[0], people[1]


def timed(work: Any) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def steps_of_a_night() -> dict[str, float]:
    """Each step of the nightly job with its seconds."""
    from django.utils import timezone

    from dangol.quality.decay.applying import tell_chances
    from dangol.quality.decay.learning import learn_decay
    from dangol.quality.measures.keeping import measure_records
    from dangol.quality.queries import policy_in_use
    from dangol.quality.tasks.making import make_tasks
    from dangol.quality.tried.cost import measure_verification_time
    from dangol.quality.tried.counting import count_checks

    at, today = timezone.now(), timezone.localdate()
    kept: dict[str, Any] = {}
    return {
        name: round(timed(work), 1)
        for name, work in {
            "counting checks": count_checks,
            "verification time": lambda: measure_verification_time(today),
            "learning decay": lambda: kept.update(model=learn_decay()),
            "telling chances": lambda: tell_chances(kept["model"], at, today),
            "measuring records": lambda: measure_records(policy_in_use(), today),
            "making tasks": lambda: make_tasks(policy_in_use(), at),
        }.items()
    }


def pages_of(user: Any) -> dict[str, tuple[float, float]]:
    """Page: median and most milliseconds of some looks after the first."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    found = {}
    for name, address in PAGES.items():
        answer = client.get(address)
        if answer.status_code == 403:
            continue
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        taken = [1000 * timed(lambda address=address: client.get(address)) for _ in range(LOOKS)]
        found[name] = (statistics.median(taken), max(taken))
    return found


def run() -> dict[str, Any]:
    """A first night, a second one, and every page as head office and as a site see it."""
    administrator, manager = make_data()
    watch = Watch()
    watch.start()
    first, second = steps_of_a_night(), steps_of_a_night()
    watch.done.set()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        peer = 1000 * min(
            timed(lambda: (cursor.execute(PEER), cursor.fetchall())) for _ in range(2)
        )
    whole, site = pages_of(administrator), pages_of(manager)
    worst = max(median for pages in (whole, site) for median, _most in pages.values())
    night = sum(first.values())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = (own + watch.most) / 2**20
    told = {name: round(median, 1) for name, (median, _most) in whole.items()}
    told_site = {name: round(median, 1) for name, (median, _most) in site.items()}
    return {
        "work": "pages of data quality, the slowest one", "ours": round(worst, 1),
        "data": f"{2 * CUSTOMERS:,} contact points, {len(whole) + len(site)} pages of two people",
        "peer": round(peer, 1), "peer_name": "the rate as one query over all checks",
        "ratio": round(peer / worst, 1), "unit": "ms", "limit": 0.3,
        "goal": "each page ≤ 300 ms; the night ≤ 10 min and < 2 GB",
        "held": worst <= GOAL_MS and night <= 60 * GOAL_MINUTES and memory < GOAL_GB,
        "details": {
            "first night (s)": first, "second night (s)": second,
            "the night in all (s)": round(night, 1), "peak memory of the night (GB)": round(memory, 2),
            "page, head office (ms)": told, "page, a site (ms)": told_site,
        },
    }  # fmt: skip

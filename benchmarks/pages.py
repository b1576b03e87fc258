"""Pages at a million customers: desk, boards, lists and the customer page from one web process.

The peer is the same lists written plainly (plain_pages.py), served the same way from the same data
in turns. Making the data takes a quarter of an hour: DANGOL_BENCH_DATA names a folder to keep them.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.visitors import Ask, Visit, body, quantile, visit

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", 1_000_000))
THREADS, SECONDS = 8, float(os.environ.get("BENCH_SECONDS", 20))
ALONE_SECONDS, GOAL_MS, GOAL_RATIO = 1.5, 100.0, 3.0
LISTS = ["customers", "customers, 20th page", "customers, found", "cases"]


def make_data() -> dict[str, Any]:
    """The demo company, unless this folder has it already; how it was made."""
    from django.conf import settings
    from django.db import connection

    from dangol.demo.company import make_company
    from dangol.places.models import Place

    note = settings.VAR / "made.json"
    if not Place.objects.exists():
        began = time.monotonic()
        make_company(customers=CUSTOMERS, seed=3, say=lambda line: print(f"  {line}", flush=True))
        note.write_text(json.dumps({"generation_seconds": round(time.monotonic() - began)}))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    made: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    with connection.cursor() as cursor:
        for table in ("customers_customer", "purchases_transaction", "interactions_interaction",
                      "surveys_response", "surveys_answer", "cases_case"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            made[table.split("_", 1)[1] + "s"] = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        made["database_gb"] = round(cursor.fetchone()[0] / 2**30, 1)
    return made


def sessions() -> dict[str, str]:
    """A session of each demo account that opens pages."""
    from django.contrib.sessions.backends.cached_db import SessionStore

    from dangol.core.models import User

    keys = {}
    for who in ("admin", "supervisor", "agent", "site"):
        user, session = User.objects.get(email=f"{who}@demo.dangol"), SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.create()
        keys[who] = str(session.session_key)
    return keys


@contextmanager
def served(settings_module: str) -> Iterator[int]:
    """One web process with its usual four threads; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    web = subprocess.Popen(
        [sys.executable, "-m", "dangol", "web", "--port", str(port), "--workers", "1"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings_module},
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        web.terminate()
        web.wait(30)


def plan(port: int, keys: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """For each kind of page the addresses that are opened, each with whose session."""
    from dangol.customers.models import Customer
    from dangol.places.models import Place

    draw = random.Random(5)
    newest = list(Customer.objects.order_by("-created_at").values_list("pk", "name")[:20_000])
    people = draw.sample(newest, 400)
    places = list(Place.objects.values_list("pk", flat=True))
    found = [urllib.parse.quote(name) for _key, name in people[:100]]
    admin = keys["admin"]
    deep = "/customers/"
    for _ in range(19):
        more = re.search(r'hx-get="([^"]*after=[^"]*)"', body(port, deep, admin))
        assert more, deep
        deep = urllib.parse.urljoin("/customers/", html.unescape(more[1]))
    return {
        "desk": [("/desk/", keys["agent"])],
        "freshness": [("/quality/rates/", admin)],
        "board": [(f"/board/{key}/", admin) for key in draw.sample(places, 200)],
        "cases": [("/cases/?state=open&state=waiting", keys["supervisor"])],
        "customers": [("/customers/?", admin)],
        "customers, 20th page": [(deep, admin)],
        "customers, found": [(f"/customers/?q={words}", admin) for words in found],
        "customer": [(f"/customers/{key}/", admin) for key, _name in people],
        "customer's timeline": [(f"/customers/{key}/timeline/", admin) for key, _name in people],
    }


def plain_plan(keys: dict[str, str], ours: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """The same lists at the peer."""
    admin = keys["admin"]
    return {
        "customers": [("/customers/", admin)],
        "customers, 20th page": [("/customers/?page=20", admin)],
        "customers, found": ours["customers, found"],
        "cases": [("/cases/", keys["supervisor"])],
    }


def mixed(pages: dict[str, list[tuple[str, str]]], kinds: list[str]) -> Ask:
    """Kinds in equal shares, addresses by chance."""

    def ask(draw: random.Random) -> tuple[str, str, str]:
        kind = draw.choice(kinds)
        return kind, *draw.choice(pages[kind])

    return ask


def told(result: Visit) -> dict[str, Any]:
    """Rate and times of a run."""
    assert not result.broken, result.broken[:3]
    by_page = {
        k: [round(quantile(v, 0.5)), round(quantile(v, 0.95))] for k, v in result.taken.items()
    }
    return {
        "pages_per_second": round(result.rate, 1), "p95_ms": round(quantile(result.all, 0.95), 1),
        "median_and_p95_ms_by_page": by_page,
    }  # fmt: skip


def run() -> dict[str, Any]:
    """Serve, open, compare."""
    made, keys = make_data(), sessions()
    with served("dangol.config.settings") as port:
        pages = plan(port, keys)
        visit(port, mixed(pages, list(pages)), threads=2, seconds=3)
        alone = {
            kind: visit(port, mixed(pages, [kind]), threads=1, seconds=ALONE_SECONDS)
            for kind in pages
        }
        mix = visit(port, mixed(pages, list(pages)), threads=THREADS, seconds=SECONDS)
        lists = visit(port, mixed(pages, LISTS), threads=THREADS, seconds=SECONDS)
    with served("benchmarks.plain_settings") as port:
        plain = plain_plan(keys, pages)
        visit(port, mixed(plain, LISTS), threads=2, seconds=3)
        plain_alone = {
            kind: visit(port, mixed(plain, [kind]), threads=1, seconds=ALONE_SECONDS)
            for kind in LISTS
        }
        peer = visit(port, mixed(plain, LISTS), threads=THREADS, seconds=SECONDS)
    slowest = max(quantile(v.all, 0.95) for v in alone.values())
    return {
        "work": "lists of customers and cases, one web process",
        "data": f"{made['customers']:,} customers, {made['transactions']:,} transactions",
        "ours": round(lists.rate, 1), "peer": round(peer.rate, 1),
        "peer_name": "Django Paginator (COUNT, OFFSET) and icontains",
        "ratio": round(lists.rate / peer.rate, 2), "unit": "pages/s", "limit": None,
        "goal": f"every page p95 ≤ {GOAL_MS:.0f} ms alone, lists ≥ {GOAL_RATIO:.0f} × the plain ones with 8 clients",
        "held": slowest <= GOAL_MS and lists.rate >= GOAL_RATIO * peer.rate,
        "details": {
            "page_mix_8_clients": told(mix), "lists_8_clients": told(lists),
            "plain_lists_8_clients": told(peer),
            "plain_alone_p95_ms": {k: round(quantile(v.all, 0.95), 1) for k, v in plain_alone.items()},
            "alone_median_ratio_by_list": {
                kind: round(quantile(v.all, 0.5) / quantile(alone[kind].all, 0.5), 1)
                for kind, v in plain_alone.items()
            },
            "alone_p95_ms": {kind: round(quantile(v.all, 0.95), 1) for kind, v in alone.items()},
            "data": made,
        },
    }  # fmt: skip

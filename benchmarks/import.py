"""import: files through the whole import engine, against bare COPY of the same rows.

The peer is the least that anything could do: COPY of the prepared rows into tables without any
index, key or check. Ours reads, checks, finds references, keeps every index and can be repeated.
"""

from __future__ import annotations

import os
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from benchmarks.people import names, phone

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", 100_000))
TRANSACTIONS = CUSTOMERS * 3
SITES, PRODUCTS = 1300, 40


def write_files(folder: Path) -> tuple[Path, Path]:
    """A file of customers and one of transactions with lines."""
    draw = random.Random(7)
    people = names(CUSTOMERS, seed=7)
    customers, transactions = folder / "customers.csv", folder / "transactions.csv"
    with customers.open("w") as out:
        out.write("고객번호,이름,휴대폰,이메일,우편번호,시도,시군구,도로명,생년월일,지점\n")
        for i, name in enumerate(people):
            mail = f"u{i}@example.com" if i % 3 == 0 else ""
            born = f"{1945 + i % 60}-{i % 12 + 1:02}-{i % 28 + 1:02}"
            out.write(f"C{i},{name},{phone(i)},{mail},{i % 63000:05},서울특별시,강남구,테헤란로 {i % 500},"
                      f"{born},S{i % SITES}\n")  # fmt: skip
    with transactions.open("w") as out:
        out.write("거래번호,고객번호,거래일시,지점,구분,금액,상품코드,수량,차량번호\n")
        for i in range(TRANSACTIONS):
            sale = i % 3 == 0
            plate = f"{10 + i % 690}{'가나다라마'[i % 5]}{i % 10000:04}" if sale else ""
            when = f"202{i % 6}-{i % 12 + 1:02}-{i % 28 + 1:02} {9 + i % 9:02}:{i % 60:02}"
            out.write(f"T{i},C{draw.randrange(CUSTOMERS)},{when},S{draw.randrange(SITES)},"
                      f"{'판매' if sale else '정비'},{(i % 400) * 1000},P{i % PRODUCTS},1,{plate}\n")  # fmt: skip
    return customers, transactions


@transaction.atomic
def make_ground() -> None:
    """The company, its sites and products."""
    from dangol.places.actions import open_place
    from dangol.places.models import Place
    from dangol.places.tree import renumber
    from dangol.purchases.models import Product

    top = open_place(code="HQ", name="본사", kind="company", by=None)
    Place.objects.bulk_create(
        Place(code=f"S{i}", name=f"지점 {i}", kind="site", parent=top, lo=0, hi=0)
        for i in range(SITES)
    )
    renumber(Place)
    Product.objects.bulk_create(
        Product(code=f"P{i}", name=f"상품 {i}", lo=i, hi=i) for i in range(PRODUCTS)
    )


def load(kind: str, path: Path) -> tuple[float, float]:
    """Load a file; wall and own CPU seconds."""
    from django.core.files.base import File

    from dangol.imports import actions
    from dangol.imports.running import run_file

    with path.open("rb") as opened:
        run = actions.upload_import(
            kind=kind, source="bench", file=File(opened, path.name), by=None
        )
    actions.start_import(run, by=None, now=False)
    wall, cpu = time.perf_counter(), time.process_time()
    run = run_file(run.pk, dry=False)
    assert run.new == run.rows, (run.new, run.rows, run.refused)
    return time.perf_counter() - wall, time.process_time() - cpu


def bare_copy(table: str) -> float:
    """COPY the same rows out of the loaded table into an empty one without index; seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table})")
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            blocks = [bytes(block) for block in out]
        began = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return seconds


def run() -> dict[str, Any]:
    """Load customers and transactions; rows a second against bare COPY."""
    with tempfile.TemporaryDirectory() as folder:
        customers, transactions = write_files(Path(folder))
        make_ground()
        wall_c, cpu_c = load("customers", customers)
        wall_t, cpu_t = load("transactions", transactions)
        again, _cpu = repeat(customers)
        copied = sum(map(bare_copy, (
            "customers_customer", "customers_contactpoint", "purchases_transaction",
            "purchases_line", "purchases_ownership",
        )))  # fmt: skip
    rows = CUSTOMERS + TRANSACTIONS
    ours, peer = rows / (wall_c + wall_t), rows / copied
    return {
        "work": "import",
        "data": f"{CUSTOMERS:,} customers, {TRANSACTIONS:,} transactions with lines",
        "ours": round(ours), "peer": round(peer),
        "peer_name": "COPY into tables without index, key or check",
        "ratio": round(ours / peer, 3), "unit": "rows/s",
        "limit": round(peer), "goal": "1 million rows in 5 minutes (3,333 rows/s)",
        "held": min(CUSTOMERS / wall_c, TRANSACTIONS / wall_t, CUSTOMERS / again) >= 3334,
        "details": {
            "customers_per_second": round(CUSTOMERS / wall_c),
            "transactions_per_second": round(TRANSACTIONS / wall_t),
            "second_load_per_second": round(CUSTOMERS / again),
            "cpu_seconds": round(cpu_c + cpu_t, 1),
            "wall_seconds": round(wall_c + wall_t, 1),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
    }  # fmt: skip


def repeat(path: Path) -> tuple[float, int]:
    """Load the same customers again: everything is found the same."""
    from django.core.files.base import File

    from dangol.imports import actions
    from dangol.imports.running import run_file

    with path.open("rb") as opened:
        again = actions.upload_import(
            kind="customers", source="bench", file=File(opened, path.name), by=None
        )
    actions.start_import(again, by=None, now=False)
    wall = time.perf_counter()
    again = run_file(again.pk, dry=False)
    assert again.same == again.rows, (again.same, again.changed, again.new)
    return time.perf_counter() - wall, again.rows

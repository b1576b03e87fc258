"""A large lake out of arithmetic: 1,300 sites, so many answers and transactions over three years.

CUBE_FACTS says how many facts there are in all; half are answers, half are transactions.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid

import numpy as np
import pyarrow as pa

SITES, REGIONS, UNITS, CUSTOMERS, AGENTS, SURVEYS = 1300, 34, 2, 5_000_000, 500, 3
ITEMS = ("", "reception", "explanation", "contract", "delivery", "overall")
PROCESSES = ("sales", "service", "product")
FIRST, DAYS = dt.date(2023, 12, 1), 1086
FACTS = int(os.environ.get("CUBE_FACTS", 6_000_000))
BLOCK = 1 << 20
EPOCH = (FIRST - dt.date(1970, 1, 1)).days


def full(name: str, columns: dict[str, object], rows: int) -> pa.Table:
    """Columns of a fact table; those that are not given are empty."""
    from dangol.warehouse.facts import FACTS as DECLARED

    schema = DECLARED[name].schema
    arrays = [
        pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(rows, f.type)
        for f in schema
    ]
    return pa.table(arrays, schema=schema)


def places() -> pa.Table:
    """Company, two units, 34 regions and 1,300 sites; numbered in the order of the tree."""
    rows: list[dict[str, object]] = []

    def add(kind: str, parents: dict[str, int], code: str) -> dict[str, object]:
        number = len(rows) + 1
        row: dict[str, object] = {"id": number, "kind": kind, "code": code, "name": code, "name_en": "", "lo": number, "hi": number}  # fmt: skip
        rows.append(row | parents | {f"{kind}_id": number})
        return rows[-1]

    company = add("company", {}, "HQ")
    for u in range(UNITS):
        above = {"company_id": company["id"]}
        unit = add("unit", above, f"U{u}")  # type: ignore[arg-type]
        for r in range(u, REGIONS, UNITS):
            higher = above | {"unit_id": unit["id"]}
            region = add("region", higher, f"R{r}")  # type: ignore[arg-type]
            for s in range(r, SITES, REGIONS):
                add("site", higher | {"region_id": region["id"]}, f"S{s}")  # type: ignore[arg-type]
            region["hi"] = len(rows)
        unit["hi"] = len(rows)
    company["hi"] = len(rows)
    names = {name for row in rows for name in row}
    return full("places", {n: [row.get(n) for row in rows] for n in names}, len(rows))


def site_numbers(table: pa.Table) -> np.ndarray:
    """The numbers of the sites."""
    kinds = np.array(table["kind"].to_pylist())
    return np.array(table["id"])[kinds == "site"]


def words(choices: tuple[str, ...], at: np.ndarray) -> pa.Array:
    """Codes for words."""
    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(choices)).cast(pa.string())  # fmt: skip


def answers(dice: np.random.Generator, sites: np.ndarray, first: int, rows: int, day: int = -1) -> pa.Table:  # fmt: skip
    """Answers in the order of time: six to a response."""
    numbers = np.arange(first, first + rows)
    days = np.full(rows, day) if day >= 0 else np.sort(dice.integers(0, DAYS, rows))
    item = (numbers % len(ITEMS)).astype(np.int64)
    score = np.clip(np.round(dice.normal(78_000, 17_000, rows) / 1250) * 1250, 0, 100_000).astype(np.int64)  # fmt: skip
    return full("answers", {
        "id": numbers, "response": numbers // len(ITEMS), "customer": dice.integers(1, CUSTOMERS, rows),
        "place": dice.choice(sites, rows), "survey": dice.integers(1, SURVEYS + 1, rows),
        "process": words(PROCESSES, dice.integers(0, 3, rows)), "question": words(ITEMS, item),
        "item": words(ITEMS, item), "score": score, "day": (days + EPOCH).astype(np.int32),
        "channel": words(("phone", "web"), dice.integers(0, 2, rows)),
        "agent": dice.integers(1, AGENTS + 1, rows), "counts": np.ones(rows, dtype=bool),
    }, rows)  # fmt: skip


def transactions(dice: np.random.Generator, sites: np.ndarray, first: int, rows: int) -> pa.Table:
    """Sales and visits in won."""
    numbers = np.arange(first, first + rows)
    days = np.sort(dice.integers(0, DAYS, rows))
    seconds = (days + EPOCH) * 86400 + dice.integers(0, 86400, rows)
    amount = pa.array(dice.integers(10, 4000, rows) * 10_000).cast(pa.decimal128(21, 2))
    return full("transactions", {
        "id": numbers, "customer": dice.integers(1, CUSTOMERS, rows), "place": dice.choice(sites, rows),
        "kind": words(("sale", "service"), (dice.random(rows) < 0.7).astype(int)),
        "at": pa.array(seconds * 1_000_000).cast(pa.timestamp("us")),
        "day": (days + EPOCH).astype(np.int32), "amount": amount,
        "currency": words(("KRW",), np.zeros(rows, dtype=int)),
        "source": words(("erp", "web"), dice.integers(0, 2, rows)),
    }, rows)  # fmt: skip


def publish(tables: dict[str, tuple[tuple[object, ...], object]], version: int) -> None:
    """A version of the lake out of files that were written."""
    from dangol.warehouse import manifest
    from dangol.warehouse.facts import FACTS as DECLARED

    made = {
        name: manifest.TableVersion(
            tuple((c.name, str(c.type)) for c in DECLARED[name].columns), "bench", files, changes,  # type: ignore[arg-type]
            DECLARED[name].customer, version if changes else 1,
        )
        for name, (files, changes) in tables.items()
    }  # fmt: skip
    at = dt.datetime.now(dt.UTC).isoformat()
    manifest.publish(manifest.Manifest(version, "copy", at, uuid.uuid4().hex, "", made))


def make(facts: int) -> dict[str, tuple[tuple[object, ...], object]]:
    """Version 1, and its tables."""
    from dangol.warehouse import files
    from dangol.warehouse.facts import FACTS as DECLARED

    dice, tree = np.random.default_rng(7), places()
    sites, half = site_numbers(tree), facts // 2
    tables: dict[str, list[object]] = {"places": [files.write(DECLARED["places"], tree)]}
    for name, maker in (("answers", answers), ("transactions", transactions)):
        tables[name] = [
            files.write(DECLARED[name], maker(dice, sites, first + 1, min(BLOCK, half - first)))
            for first in range(0, half, BLOCK)
        ]
    for name, fact in DECLARED.items():
        if name not in tables:
            tables[name] = [files.write(fact, fact.schema.empty_table())]
    kept = {name: (tuple(made), None) for name, made in tables.items()}
    publish(kept, 1)
    return kept

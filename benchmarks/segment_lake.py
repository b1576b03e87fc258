"""The lake of the segments benchmark, as the copier writes it: all days up to yesterday, then a new day."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import Any

import numpy as np

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", 500_000))
TRANSACTIONS = int(os.environ.get("BENCH_TRANSACTIONS", 10_000_000))
A_DAY = round(TRANSACTIONS * 91 / 100_000)
TODAY = dt.date(2026, 6, 15)
YEARS = 4


def customers(count: int) -> Any:
    """The company's customers, as the lake has them."""
    import pyarrow as pa

    from dangol.warehouse.facts import FACTS

    draw = np.random.default_rng(1)
    words = {
        "kind": np.where(draw.random(count) < 0.1, "organisation", "person"),
        "gender": draw.choice(["f", "m", ""], count), "language": np.full(count, "ko"),
        "tier": draw.choice(["", "vip"], count, p=[0.95, 0.05]), "source": np.full(count, "bench"),
    }  # fmt: skip
    given = {
        "id": pa.array(np.arange(1, count + 1)), "birth_band": pa.array(draw.integers(1940, 2005, count) // 5 * 5),
        "home_place": pa.array(draw.integers(1, 1301, count)),
        "created_at": pa.array(np.full(count, np.datetime64("2022-01-01", "us"))),
        **{name: pa.array(values.tolist()) for name, values in words.items()},
    }  # fmt: skip
    schema = FACTS["customers"].schema
    return pa.table(
        [given[name].cast(schema.field(name).type) for name in schema.names], schema=schema
    )


class Sales:
    """Transactions in the order of life; some customers have many, most a few."""

    def __init__(self, customers: int) -> None:
        self.draw = np.random.default_rng(2)
        self.weight = np.cumsum(self.draw.gamma(0.8, size=customers))
        self.number = 0

    def rows(self, count: int, days: Any) -> Any:
        """So many rows on these days (sorted), numbered on."""
        import pyarrow as pa

        from dangol.warehouse.facts import FACTS

        whose = np.searchsorted(self.weight, self.draw.random(count) * self.weight[-1]) + 1
        ids = np.arange(self.number + 1, self.number + count + 1)
        self.number += count
        cents = self.draw.integers(-2_000, 500_000, count)
        kinds = pa.DictionaryArray.from_arrays(
            pa.array(self.draw.choice(3, count, p=[0.2, 0.7, 0.1]).astype(np.int8)), ["sale", "service", "other"]
        )  # fmt: skip
        money = pa.DictionaryArray.from_arrays(
            pa.array((self.draw.random(count) < 0.03).astype(np.int8)), ["KRW", "USD"]
        )
        source = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), ["bench"])
        given = {
            "id": pa.array(ids), "customer": pa.array(np.minimum(whose, len(self.weight))),
            "place": pa.array(self.draw.integers(1, 1301, count)), "kind": kinds.cast(pa.string()),
            "at": pa.array(days.astype("datetime64[us]")), "day": pa.array(days.astype("datetime64[D]")),
            "amount": pa.array(cents).cast(pa.decimal128(19, 0)).cast(pa.decimal128(21, 2)),
            "currency": money.cast(pa.string()), "source": source.cast(pa.string()),
        }  # fmt: skip
        schema = FACTS["transactions"].schema
        return pa.table(
            [given[name].cast(schema.field(name).type) for name in schema.names], schema=schema
        )


def make_lake() -> tuple[int, int]:
    """Two versions: all days up to yesterday, and the new day."""
    from dangol.warehouse import files, manifest
    from dangol.warehouse.facts import FACTS
    from dangol.warehouse.manifest import Changes, Manifest, TableVersion

    sales, written = Sales(CUSTOMERS), []
    span = YEARS * 365
    blocks = range(0, TRANSACTIONS, files.BLOCK)
    for start in blocks:
        count = min(files.BLOCK, TRANSACTIONS - start)
        share = (start + np.arange(count)) / TRANSACTIONS
        days = np.datetime64(TODAY) - 1 - np.floor((1 - share) * span).astype("timedelta64[D]")
        written.append(files.write(FACTS["transactions"], sales.rows(count, days)))
    people = files.write(FACTS["customers"], customers(CUSTOMERS))

    def table(name: str, parts: Any, changes: Any, changed_in: int) -> TableVersion:
        schema = tuple((c.name, str(c.type.value)) for c in FACTS[name].columns)
        return TableVersion(
            schema, "bench", tuple(parts), changes, FACTS[name].customer, changed_in
        )

    def publish(version: int, tables: Any) -> None:
        at = dt.datetime(2026, 6, 14 + version, tzinfo=dt.UTC).isoformat()
        manifest.publish(Manifest(version, "copy", at, uuid.uuid4().hex, "", tables))

    nothing = Changes()
    publish(
        1,
        {
            "customers": table("customers", [people], None, 1),
            "transactions": table("transactions", written, None, 1),
        },
    )
    new = files.write(
        FACTS["transactions"], sales.rows(A_DAY, np.full(A_DAY, np.datetime64(TODAY)))
    )
    publish(2, {
        "customers": table("customers", [people], nothing, 1),
        "transactions": table("transactions", [*written, new], Changes((new,), ()), 2),
    })  # fmt: skip
    return 1, 2

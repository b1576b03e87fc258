"""A person is erased: their rows leave every kept version, not only the next one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection
from django.utils import timezone

from dangol.core.alone import alone
from dangol.core.models import User
from dangol.warehouse import files, keeping, manifest
from dangol.warehouse.actions import LAKE, agreed, recorded
from dangol.warehouse.copying import write_all
from dangol.warehouse.facts import FACTS
from dangol.warehouse.files import Numbers
from dangol.warehouse.manifest import Changes, File, TableVersion
from dangol.warehouse.models import Run, RunKind
from dangol.warehouse.sources import Source


class Eraser:
    """Rewrites the files that hold rows of these customers, each once."""

    def __init__(self, customers: Collection[int]) -> None:
        self.customers = pa.array(sorted(customers), pa.int64())
        self.done: dict[str, tuple[File, ...]] = {}
        self.gone: dict[str, list[int]] = {}
        """Numbers of the removed rows by table."""

    def table(self, name: str, before: TableVersion) -> TableVersion:
        """A table without them; as it was where it holds none."""
        if not before.customer:
            return before
        changes = before.changes and Changes(
            self.all_of(name, before, before.changes.added),
            self.all_of(name, before, before.changes.removed),
        )
        left = self.all_of(name, before, before.files)
        return replace(before, files=left or before.files[:0], changes=changes)

    def all_of(self, name: str, table: TableVersion, parts: tuple[File, ...]) -> tuple[File, ...]:
        """Files without them."""
        return tuple(new for file in parts for new in self.one(name, table, file))

    def one(self, name: str, table: TableVersion, file: File) -> tuple[File, ...]:
        """A file without them: the same one, another, or an empty one."""
        if file.path not in self.done:
            path = files.checked(file)
            whose = pq.read_table(path, columns=[table.customer])[table.customer]
            theirs = pc.is_in(whose, value_set=self.customers)
            self.done[file.path] = (file,)
            if pc.any(theirs).as_py():
                rows = pq.read_table(path)
                self.gone.setdefault(name, []).extend(rows.filter(theirs)["id"].to_pylist())
                left = rows.filter(pc.invert(theirs))
                fact = FACTS[name]
                self.done[file.path] = tuple(write_all(fact, left)) or (files.write(fact, left),)
        return self.done[file.path]


def erase_customers(customers: Collection[int], *, by: User | None) -> Run:
    """Remove these customers' rows from every kept version; the files that held them are deleted.

    What the product itself still keeps of them (because a law says so) is read again with the next
    copy; erase there first.
    """
    with alone(LAKE), recorded(Run(kind=RunKind.ERASE, by=by)) as run:
        eraser = Eraser(customers)
        newest = agreed()
        for made in keeping.readable():
            tables = {name: eraser.table(name, table) for name, table in made.tables.items()}
            if tables != made.tables:
                manifest.publish(replace(made, tables=tables), instead=True)
        keeping.sweep(timezone.now())
        run.rows = sum(len(set(numbers)) for numbers in eraser.gone.values())
        run.version, run.finished_at = newest.version if newest else None, timezone.now()
        run.save()
        read_again(eraser.gone)
        return run


def read_again(gone: dict[str, list[int]]) -> None:
    """Have the next copy look at these rows in the source."""
    with connection.cursor() as cursor:
        for name, numbers in gone.items():
            apart = sorted(set(numbers))
            text = str(Numbers([(n, n + 1) for n in apart]))
            cursor.execute(
                "INSERT INTO warehouse_change (source, numbers) VALUES (%s, %s::int8multirange)",
                [Source(FACTS[name]).base, text],
            )

"""From the product's tables into the lake: what changed, or all of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dangol.warehouse import files
from dangol.warehouse.checking import damaged
from dangol.warehouse.facts import FactTable, facts
from dangol.warehouse.files import BLOCK, Numbers
from dangol.warehouse.manifest import Changes, Damaged, File, Manifest, TableVersion
from dangol.warehouse.reading import read_rows
from dangol.warehouse.sources import Source, number_column

EVERYTHING = "{(,)}"
Progress = Callable[[str, int], None]

MANY = 10_000
"""Numbers of rows from which on the planner is told of a table before it is read whole."""


@dataclass
class Pending:
    """Changes that were not copied yet: their keys, and the rows by table of the product."""

    ids: list[int] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


def pending(cursor: Any) -> Pending:
    """Every change that is committed by now; one that commits later is seen the next time."""
    found = Pending()
    cursor.execute("SELECT id FROM warehouse_change")
    found.ids = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT source, range_agg(numbers)::text FROM warehouse_change GROUP BY source")
    found.numbers = dict(cursor.fetchall())
    return found


def fingerprint(source: Source) -> str:
    """Changes whenever a table's columns, or the way they are read, change."""
    said = f"{source.select_all()}|{[(c.name, c.type) for c in source.table.columns]}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass
class Copier:
    """Makes the tables of the next version from the version before and one snapshot."""

    cursor: Any
    before: Manifest | None
    changed: Pending
    rebuild: Collection[str] = ()
    progress: Progress = lambda table, rows: None
    rows: int = 0

    def tables(self) -> dict[str, TableVersion]:
        """Every declared table as of the snapshot."""
        return {table.name: self.table(Source(table)) for table in facts()}

    def table(self, source: Source) -> TableVersion:
        """One table: as it was, with its changes, or all anew."""
        before = self.before.tables.get(source.table.name) if self.before else None
        if (
            before is None
            or source.table.name in self.rebuild
            or before.fingerprint != fingerprint(source)
        ):
            return self.anew(source)
        numbers = self.numbers(source)
        bad = damaged(list(before.files), thoroughly=False)
        if not numbers and not bad:
            return replace(before, changes=Changes())
        if any(EVERYTHING in one for one in numbers) or (bad and source.table.whole):
            return self.anew(source)
        try:
            if source.table.whole:
                return self.whole(source, before)
            return self.with_changes(source, before, numbers, bad)
        except Damaged:  # altered without another size: found only now
            return self.anew(source)

    def numbers(self, source: Source) -> list[str]:
        """The facts that changed: their own rows, and rows that they are read from."""
        found = []
        if own := self.changed.numbers.get(source.base):
            found.append(own)
        for path, hop in source.followed.items():
            there = self.changed.numbers.get(hop.model._meta.db_table)
            if there and source.table.whole:
                found.append(there)
            elif there:
                self.cursor.execute(source.facts_of(path), [there])
                if hanging := self.cursor.fetchone()[0]:
                    found.append(as_text(hanging))
        return found

    def union(self, numbers: list[str]) -> str:
        """Several sets as one."""
        self.cursor.execute(
            "SELECT range_agg(n::int8multirange)::text FROM unnest(%s::text[]) n", [numbers]
        )
        return str(self.cursor.fetchone()[0])

    def made(self, source: Source, made: list[File], changes: Changes | None) -> TableVersion:
        """A table of the new version."""
        self.rows += sum(f.rows for f in (changes.added if changes else made))
        made = made or [files.write(source.table, source.table.schema.empty_table())]  # never none
        schema = tuple((c.name, str(c.type)) for c in source.table.columns)
        return TableVersion(
            schema, fingerprint(source), tuple(made), changes, source.table.customer
        )

    def anew(self, source: Source) -> TableVersion:
        """All rows, block by block of their numbers."""
        column = number_column(source.table.model)
        self.cursor.execute(f"SELECT min({column}), max({column}) FROM {source.base}")
        low, high = self.cursor.fetchone()
        if (high or 0) - (low or 0) >= MANY:
            # what was just loaded may be unknown to the planner, who would search row by row
            self.cursor.execute(f"ANALYZE {', '.join(source.tables)}")
        made: list[File] = []
        held: list[pa.Table] = []
        for start in range(low or 0, (high or -1) + 1, BLOCK):
            select = source.select_range(start, start + BLOCK)
            held.append(read_rows(self.cursor, source.table, select))
            self.progress(source.table.name, held[-1].num_rows)
            if sum(rows.num_rows for rows in held) >= BLOCK:
                made += write_all(source.table, pa.concat_tables(held))
                held.clear()
        if held:
            made += write_all(source.table, pa.concat_tables(held))
        return self.made(source, made, None)

    def whole(self, source: Source, before: TableVersion) -> TableVersion:
        """A small table read again; as it was if nothing is different."""
        fresh = read_rows(self.cursor, source.table, source.select_all())
        old = pa.concat_tables(files.read(f) for f in before.files).sort_by("id")
        if fresh.equals(old):
            return replace(before, changes=Changes())
        made = write_all(source.table, fresh)
        return self.made(source, made, Changes(tuple(made), before.files))

    def with_changes(
        self, source: Source, before: TableVersion, numbers: list[str], bad: list[File]
    ) -> TableVersion:
        """The files that hold changed rows are written again; new rows become new files.

        What lay in a damaged file is read again; nobody knows then what changed.
        """
        lost = [f"{{[{f.low},{f.high + 1})}}" for f in bad]
        state = [f for f in before.files if f.rows and f not in bad]
        changes = Changes()
        for piece in Numbers.of(self.union(numbers + lost)).pieces(BLOCK):
            select = source.select_keys().replace("%s", f"'{piece}'")
            fresh = read_rows(self.cursor, source.table, select)
            state, one = exchange(source.table, state, piece, fresh)
            changes = Changes(changes.added + one.added, changes.removed + one.removed)
            self.progress(source.table.name, fresh.num_rows)
        if changes == Changes() and not bad:
            return replace(before, changes=changes)
        return self.made(source, state, None if bad else changes)


def exchange(
    table: FactTable, state: list[File], numbers: Numbers, fresh: pa.Table
) -> tuple[list[File], Changes]:
    """Rows of these numbers out, fresh ones in; only files that hold any of them are touched.

    One file is in memory at a time: a hundred corrections may lie in a hundred large files.
    """
    touched = {f.path: gone for f in state if (gone := held(f, numbers)) is not None}
    removed = (
        pa.concat_tables(touched.values()).sort_by("id") if touched else table.schema.empty_table()
    )
    if removed.equals(fresh):
        return state, Changes()
    kept = [f for f in state if f.path not in touched]
    added = write_all(table, fresh)
    rest = fresh
    for file in (f for f in state if f.path in touched):
        rows = files.read(file)
        staying = rows.filter(pa.array(~numbers.hold(rows["id"].to_numpy())))
        ours = pa.array(Numbers([(file.low, file.high + 1)]).hold(rest["id"].to_numpy()))
        kept += write_all(table, pa.concat_tables([staying, rest.filter(ours)]).sort_by("id"))
        rest = rest.filter(pc.invert(ours))
    kept += write_all(table, rest) if touched else added
    kept.sort(key=lambda f: f.low)
    return kept, Changes(tuple(added), tuple(write_all(table, removed)))


def held(file: File, numbers: Numbers) -> pa.Table | None:
    """The rows of these numbers in a file; None if it holds none, without reading more than that."""
    if not numbers.touch(file):
        return None
    mask = numbers.hold(files.read(file, columns=["id"])["id"].to_numpy())
    return files.read(file).filter(pa.array(mask)) if mask.any() else None


def write_all(table: FactTable, rows: pa.Table) -> list[File]:
    """Rows into as many files as they need; none for none."""
    return [
        files.write(table, rows.slice(start, BLOCK)) for start in range(0, rows.num_rows, BLOCK)
    ]


def as_text(multirange: Any) -> str:
    """A multirange as PostgreSQL writes it, whoever read it."""
    if isinstance(multirange, str):
        return multirange
    return "{" + ",".join(f"[{r.lower},{r.upper})" for r in multirange) + "}"


def new_token() -> str:
    """A token that no other version has."""
    return uuid.uuid4().hex

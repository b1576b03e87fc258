"""Aggregates kept beside the lake: their files, which version they stand for, and merging.

An aggregate is one file of sums and some small ones of changed cells; a cell is the sum over all.
`standing.json` names the files that belong together and is exchanged in one step, so that readers
of many processes see one state; files are never changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from dangol.cubes.subjects.catalogue import Aggregate, Source, Subject
from dangol.cubes.sums.merging import changed, facts_schema, rows_of
from dangol.cubes.sums.shaping import ROWS, folded, summed, taken_off
from dangol.warehouse import manifest
from dangol.warehouse.engine import Lake, lake

MOST_PARTS = 8
GROWN = 8
KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Part:
    """A file, and the sum that it must still have."""

    name: str
    rows: int
    checksum: str


WHOLE: set[tuple[str, int, int]] = set()
"""Files that this process has found to be as they were written, by path, size and time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of an aggregate, and of which version of the lake it speaks."""

    version: int
    token: str
    definition: str
    parts: tuple[Part, ...]
    """The whole one first, then changed cells."""

    @property
    def rows(self) -> int:
        """Rows to read."""
        return sum(part.rows for part in self.parts)


class Kept:
    """One aggregate of one source of a subject, and where it lies."""

    def __init__(self, subject: Subject, source: Source, aggregate: Aggregate) -> None:
        self.source, self.aggregate = source, aggregate
        self.name = f"{subject.name}.{source.name}.{aggregate.name}"

    @property
    def folder(self) -> Path:
        """Beside the lake, not inside it: the lake removes what no version of it names."""
        root = Path(settings.LAKE)
        return root.with_name(f"{root.name}-cubes") / self.name

    def standing(self) -> Standing | None:
        """What is kept now; None where nothing is, or of another definition."""
        try:
            body = json.loads((self.folder / "standing.json").read_text("utf-8"))
            parts = tuple(Part(**part) for part in body["parts"])
            found = Standing(body["version"], body["token"], body["definition"], parts)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None  # never made, or written by something else: it is made anew
        if found.definition != definition(self.source, self.aggregate):
            return None
        return found if all(map(self.whole, parts)) else None

    def whole(self, part: Part) -> bool:
        """Whether a file is as it was written; read once by each process."""
        path = self.folder / part.name
        try:
            seen = path.stat()
            mark = (str(path), seen.st_size, seen.st_mtime_ns)
            if mark not in WHOLE and checksum(path) == part.checksum:
                WHOLE.add(mark)
        except FileNotFoundError:
            return False
        return mark in WHOLE

    def cells(self, standing: Standing, seen: Lake) -> ir.Table:
        """Its files as a table of this lake; cells may stand in several rows."""
        paths = [str(self.folder / part.name) for part in standing.parts]
        mark = hashlib.sha256("|".join(paths).encode()).hexdigest()[:16]
        seen.parquet[f"cube_{mark}"] = paths
        return ibis.table(schema_of(self.source, self.aggregate), name=f"cube_{mark}")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time works on it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def write(self, cells: Iterable[pa.Table]) -> Part:
        """A new file, durable before anybody is told its name; the cells come bit by bit."""
        schema, rows = schema_of(self.source, self.aggregate).to_pyarrow(), 0
        name = f"{time.time_ns():020}-{uuid.uuid4().hex[:8]}.parquet"
        beside = self.folder / f".{name}"
        try:
            with beside.open("wb") as out:
                with pq.ParquetWriter(out, schema, compression="zstd", compression_level=1) as to:
                    for some in cells:
                        to.write_table(some.cast(schema))
                        rows += some.num_rows
                out.flush()
                os.fsync(out.fileno())
            part = Part(name, rows, checksum(beside))
            beside.rename(self.folder / name)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return part

    def publish(self, standing: Standing) -> Standing:
        """Say which files belong together from now on."""
        beside = self.folder / f".{uuid.uuid4().hex}"
        beside.write_text(json.dumps(asdict(standing)), "utf-8")
        beside.replace(self.folder / "standing.json")
        return standing

    def sweep(self, now: float) -> int:
        """Remove files that are no longer named and that nobody can still be reading."""
        standing = self.standing()
        named = {part.name for part in standing.parts} if standing else set()
        gone = 0
        for path in self.folder.glob("*.parquet"):
            if path.name not in named and now - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def checksum(path: Path) -> str:
    """The sum of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


@lru_cache(256)
def described(source: Source, aggregate: Aggregate) -> tuple[str, ibis.Schema]:
    """A sum over the definition in SQL, and the columns that it gives."""
    schema = ibis.Schema.from_pyarrow(facts_schema(source.fact))
    made = summed(source, ibis.table(schema, name="facts"), aggregate)
    text = ibis.to_sql(made, dialect="duckdb")
    return hashlib.sha256(str(text).encode()).hexdigest(), made.schema()


def definition(source: Source, aggregate: Aggregate) -> str:
    """Changes when a source, a part or the facts' columns do: what was kept is then made anew."""
    return described(source, aggregate)[0]


def schema_of(source: Source, aggregate: Aggregate) -> ibis.Schema:
    """The columns of an aggregate."""
    return described(source, aggregate)[1]


def brought_up(kept: Kept, seen: Lake, *, build: bool) -> Standing | None:
    """The aggregate as of this version: only changed cells are added; made anew where need be.

    Without `build` nothing long is begun: None where all facts would have to be read.
    """
    standing = kept.standing()
    if standing and standing.version == seen.version and standing.token == seen.manifest.token:
        return standing
    if standing is None and not build:
        return None
    with kept.alone():
        standing = kept.standing()
        if standing and standing.version > seen.version:
            return standing if build else None
        cells = changed_cells(kept, standing, seen) if standing else None
        if cells is None:
            return made_anew(kept, seen) if build else None
        assert standing
        return added(kept, standing, cells, seen)


def changed_cells(kept: Kept, standing: Standing, seen: Lake) -> pa.Table | None:
    """What changed since the aggregate was made; None where everything has to be read again."""
    if seen.version == standing.version:
        return None if seen.manifest.token != standing.token else no_cells(kept)
    if seen.manifest.tables[kept.source.fact].changed_in <= standing.version:
        return no_cells(kept)
    files = seen.changed_files(kept.source.fact, since=standing.version)
    if files is None:
        return None
    if kept.source.history:
        return changed_histories(kept, standing, seen)
    came, went = (rows_of(kept.source, kept.aggregate, side) for side in files)
    return changed(kept.source, kept.aggregate, came, went)


def changed_histories(kept: Kept, standing: Standing, seen: Lake) -> pa.Table | None:
    """Where a row's meaning hangs on others of its owner: all rows of the owners that changed."""
    changes = seen.changes(kept.source.fact, since=standing.version)
    assert changes
    owner = kept.source.history
    touched = changes.added.select(owner).union(changes.removed.select(owner)).distinct()
    owners = seen.run(touched)
    if not owners.num_rows:
        return no_cells(kept)
    try:
        before = lake(standing.version)
    except (manifest.NoLake, manifest.Damaged):
        return None
    chosen = ibis.memtable(owners)
    sides = []
    for one in (seen, before):
        facts = one.table(kept.source.fact).semi_join(chosen, owner)
        sides.append(one.run(summed(kept.source, facts, kept.aggregate)))
    new, old = (ibis.memtable(side) for side in sides)
    both = new.union(taken_off(old, kept.source.sums))
    made = folded(both, kept.aggregate.keys, kept.source.sums)
    names = (*kept.source.sums, ROWS)
    return seen.run(made.filter(ibis.or_(*[made[name] != 0 for name in names])))


def no_cells(kept: Kept) -> pa.Table:
    """Nothing changed."""
    return schema_of(kept.source, kept.aggregate).to_pyarrow().empty_table()


def made_anew(kept: Kept, seen: Lake) -> Standing:
    """Every cell from the facts."""
    made = summed(kept.source, seen.table(kept.source.fact), kept.aggregate)
    part = kept.write(seen.batches(made.order_by(list(kept.aggregate.keys))))
    return kept.publish(stands(kept, seen, (part,)))


def added(kept: Kept, standing: Standing, cells: pa.Table, seen: Lake) -> Standing:
    """The changed cells beside what was kept; many small files become one."""
    parts = standing.parts
    if cells.num_rows:
        parts = (*parts, kept.write([cells]))
    whole, small = parts[0], parts[1:]
    if len(small) >= MOST_PARTS:
        # the large file is written again only when the small ones have grown to a good part of it
        grown = sum(part.rows for part in small) * GROWN > whole.rows
        parts = (together(kept, parts, seen),) if grown else (whole, together(kept, small, seen))
    return kept.publish(stands(kept, seen, parts))


def together(kept: Kept, parts: tuple[Part, ...], seen: Lake) -> Part:
    """Several files as one; cells that came to nothing are gone."""
    cells = kept.cells(stands(kept, seen, parts), seen)
    made = folded(cells, kept.aggregate.keys, kept.source.sums)
    moved = ibis.or_(*[made[name] != 0 for name in (*kept.source.sums, ROWS)])
    return kept.write(seen.batches(made.filter(moved).order_by(list(kept.aggregate.keys))))


def stands(kept: Kept, seen: Lake, parts: tuple[Part, ...]) -> Standing:
    """Files that speak of this version."""
    mark = definition(kept.source, kept.aggregate)
    return Standing(seen.version, seen.manifest.token, mark, parts)


def all_kept(subject: Subject) -> list[Kept]:
    """Every aggregate of a subject."""
    return [Kept(subject, s, aggregate) for s in subject.sources for aggregate in s.aggregates]

"""Rows become typed batches: every cell parsed, what cannot be parsed refused with its reason."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from dangol.imports.cells import tidy
from dangol.imports.kinds import Column, Kind, Refused, heading_of
from dangol.imports.reading import Line

CHARACTERS = 24_000_000


@dataclass
class Refusal:
    """Why one row was not taken."""

    line: int
    column: str
    reason: str
    facts: dict[str, Any]
    cells: list[str]


@dataclass
class Parsed:
    """A batch ready for the stage, and the rows that did not get so far."""

    rows: int = 0
    lines: list[int] = field(default_factory=list)
    columns: list[list[Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    originals: dict[int, list[str]] = field(default_factory=dict)
    key_at: int | None = None
    """Where the key that groups rows stands in the file."""


def cut(lines: Iterable[Line], kind: Kind, group_at: int | None) -> Iterator[list[Line]]:
    """Lines in batches; rows of one group are never cut apart (unless they are ten batches long)."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        full = len(batch) >= kind.batch_rows or size >= CHARACTERS
        if full and not (
            group_at is not None and same_group(batch[-1], line, group_at)
            and len(batch) < 10 * kind.batch_rows
        ):  # fmt: skip
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += sum(map(len, line.cells))
    if batch:
        yield batch


def same_group(a: Line, b: Line, at: int) -> bool:
    """Whether two rows have the same key."""
    return len(a.cells) > at and len(b.cells) > at and a.cells[at].strip() == b.cells[at].strip()


class Parser:
    """Parses batches of one kind under one mapping."""

    def __init__(self, kind: Kind, names: list[str], mapping: dict[str, Any]) -> None:
        self.kind, self.names = kind, names
        self.sources: list[tuple[Column, int | str]] = []
        for column in kind.columns:
            chosen = mapping.get(column.name)
            if heading := heading_of(chosen):
                self.sources.append((column, names.index(heading)))
            elif isinstance(chosen, dict) and chosen.get("value"):
                self.sources.append((column, tidy(str(chosen["value"]))))
        self.mapped = frozenset(column.name for column, _at in self.sources)
        self.places = {column.name: i for i, (column, _at) in enumerate(self.sources)}

    @property
    def group_at(self) -> int | None:
        """Where the key that groups rows stands in the file."""
        if not self.kind.grouped:
            return None
        for column, at in self.sources:
            if column.name == "key" and isinstance(at, int):
                return at
        return None

    @property
    def stage_columns(self) -> list[tuple[str, str]]:
        """Name and SQL type of what comes into the stage, beside line and key."""
        own = [(column.name, column.sql) for column in self.kind.columns if column.name != "key"]
        return own + [(name, sql) for name, sql, _origin, _f in self.kind.derived]

    def parse(self, lines: list[Line]) -> Parsed:
        """One batch."""
        found = Parsed(rows=len(lines), key_at=self.group_at)
        width = len(self.names)
        good: list[Line] = []
        for line in lines:
            if line.problem:
                refuse(found, line, "", line.problem, {})
            elif len(line.cells) > width and any(cell.strip() for cell in line.cells[width:]):
                refuse(found, line, "", gettext_noop("the row has %(has)s cells, the headings are %(headings)s"),
                       {"has": len(line.cells), "headings": width})  # fmt: skip
            else:
                good.append(line)
        columns = [self.column_values(column, at, good) for column, at in self.sources]
        kept: list[int] = []
        for i, line in enumerate(good):
            bad = next(
                (
                    (self.sources[c][0], values[i])
                    for c, values in enumerate(columns)
                    if values[i].__class__ is Refused
                ),
                None,
            )
            if bad:
                refuse(found, line, bad[0].name, bad[1].reason, bad[1].facts)
            else:
                kept.append(i)
        self.arrange(found, good, kept, columns)
        return found

    def arrange(
        self, found: Parsed, good: list[Line], kept: list[int], columns: list[list[Any]]
    ) -> None:
        """The rows that are left, as the stage wants them: line, key, every column, derived ones."""
        found.lines = [good[i].number for i in kept]
        found.originals = {good[i].number: good[i].cells for i in kept}
        given = {
            column.name: (
                columns[self.places[column.name]]
                if len(kept) == len(good)
                else [columns[self.places[column.name]][i] for i in kept]
            )
            for column, _at in self.sources
        }
        nothing = [None] * len(kept)
        ordered = [column.name for column in self.kind.columns if column.name != "key"]
        keys = given.get("key")
        if keys is None and self.kind.key_of:
            names = list(given)
            keys = [
                self.kind.key_of(dict(zip(names, values, strict=True)))
                for values in zip(*given.values(), strict=True)
            ]
        found.columns = [keys or nothing, *(given.get(name, nothing) for name in ordered)]
        for _name, _sql, origin, function in self.kind.derived:
            values = given.get(origin, nothing)
            found.columns.append([None if v is None else function(v) for v in values])

    def column_values(self, column: Column, at: int | str, lines: list[Line]) -> list[Any]:
        """A column's values, Refused where a cell cannot be taken."""
        if isinstance(at, str):
            return [one(column, at)] * len(lines)
        out: list[Any] = []
        add, parse, required = out.append, column.parse, column.required
        for line in lines:
            cells = line.cells
            cell = tidy(cells[at]) if at < len(cells) else ""
            if not cell:
                add(Refused(gettext_noop("empty, but needed")) if required else None)
                continue
            try:
                add(parse(cell))
            except Refused as refusal:
                add(refusal)
        return out


def one(column: Column, cell: str) -> Any:
    """A value or its refusal."""
    try:
        return column.parse(cell)
    except Refused as refusal:
        return refusal


def refuse(found: Parsed, line: Line, column: str, reason: str, facts: dict[str, Any]) -> None:
    """Note a refused row with its cells."""
    cells = [cell[:2000] for cell in line.cells]
    found.refusals.append(Refusal(line.number, column, reason, facts, cells))


def ahead[T](source: Iterator[T], depth: int = 1) -> Iterator[T]:
    """The same items, made in a thread of their own while the database works on the last ones."""
    box: queue.Queue[tuple[str, Any]] = queue.Queue(depth)
    stop = threading.Event()

    def put(item: tuple[str, Any]) -> None:
        while not stop.is_set():
            try:
                box.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in source:
                put(("item", item))
                if stop.is_set():
                    return
            put(("end", None))
        except BaseException as failure:  # noqa: BLE001 - raised again where it is read
            put(("failure", failure))

    thread = threading.Thread(target=work, name="import-reader", daemon=True)
    thread.start()
    try:
        while True:
            what, item = box.get()
            if what == "end":
                return
            if what == "failure":
                raise item
            yield item
    finally:
        stop.set()
        thread.join(5)


Batches = Callable[[int], Iterator[Parsed]]

"""The books that the state reads, brought to a version of the lake by what came and went."""

from __future__ import annotations

import shutil

from dangol.segments import catalogue
from dangol.segments.state import figures
from dangol.segments.state.book import Book, nobody, read
from dangol.segments.state.measures import Measure
from dangol.segments.state.rows import Rows
from dangol.segments.state.store import State
from dangol.warehouse import manifest
from dangol.warehouse.engine import Lake

MANY = 250_000
"""Rows from which on a table has a book although no kept rule asks it: who edits one does not wait."""


class Shelf:
    """The books of the tables that rules ask."""

    def __init__(self, state: State, seen: Lake, measures: list[Measure]) -> None:
        self.state, self.seen = state, seen
        asked = {f.table for m in measures if figures.readable(m) for f in m.facts}
        large = {
            f.name for f in catalogue.fact_tables()
            if f.name in seen.manifest.tables and seen.manifest.tables[f.name].rows >= MANY
        }  # fmt: skip
        self.tables = sorted(asked | large)
        self.books: dict[str, Book] = {}
        self.changes: dict[str, tuple[Rows, Rows]] = {}

    def book(self, table: str) -> Book:
        """The rows of a table at the new version."""
        return self.books[table]

    def changed(self, table: str) -> tuple[Rows, Rows]:
        """The rows that came and those that went."""
        return self.changes[table]

    def bring(self) -> None:
        """Every book to the version; those that nobody needs go."""
        for path in self.state.books().glob("*"):
            if path.name not in self.tables:
                shutil.rmtree(path, ignore_errors=True)
        for table in self.tables:
            self.bring_one(table)

    def bring_one(self, table: str) -> None:
        """One book by its changes, or anew where they are not known."""
        since, folder = self.state.version, self.state.books()
        files = self.seen.changed_files(table, since) if self.state.capacity else None
        book = Book.opened(folder, table) if files is not None else None
        known = book is not None
        if book is None:
            book = Book.begun(folder, self.seen, table)
        self.books[table] = book
        sides = []
        for name, some in zip(("in", "out"), files or ([], []), strict=True):
            version = self.seen.manifest.tables[table]
            rows = (
                self.seen.over(f"{table}_{name}", version, tuple(some))
                if any(f.rows for f in some)
                else None
            )
            sides.append(nobody(book.shape) if rows is None else read(book.shape, self.seen, rows))
        came, went = sides
        self.changes[table] = (Rows.of(book.shape, came), Rows.of(book.shape, went))
        if not known or not files or not any(f.rows for some in files for f in some):
            return
        if len(went["id"]):
            self.step_by_step(book, since)
            book.compact()
        else:
            book.add(dict(came))
        book.save()

    def step_by_step(self, book: Book, since: int) -> None:
        """Version by version, because a row may come, go and come again as another."""
        table = book.shape.table
        for number in range(since + 1, self.seen.version + 1):
            changes = manifest.load(number).tables[table].changes
            assert changes is not None
            for some, change in ((changes.removed, book.forget), (changes.added, book.add)):
                if any(f.rows for f in some):
                    rows = self.seen.over(
                        f"{table}_step", self.seen.manifest.tables[table], tuple(some)
                    )
                    change(read(book.shape, self.seen, rows))

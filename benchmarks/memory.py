"""The memory of a piece of work: of this process and of its PostgreSQL together, at its highest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

EVERY = 0.5
GIB = 2**30


def children_of(pid: int) -> list[int]:
    """The processes that a process began."""
    found = []
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = one.read_text()
        except OSError:  # it ended meanwhile
            continue
        if int(told.rpartition(")")[2].split()[1]) == pid:
            found.append(int(one.parent.name))
    return found


def held_by(pid: int) -> int:
    """Bytes that a process holds; what it shares with others counts by its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def server() -> int:
    """The process of PostgreSQL that began this connection's own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    return int(told.rpartition(")")[2].split()[1])


class Peak:
    """The highest sum that was seen."""

    bytes = 0

    @property
    def gib(self) -> float:
        """In GiB."""
        return self.bytes / GIB


@contextmanager
def watched() -> Iterator[Peak]:
    """Watch this process and PostgreSQL while a piece of work is done."""
    peak, done, main = Peak(), Event(), server()

    def look() -> None:
        while not done.wait(EVERY):
            now = sum(map(held_by, [os.getpid(), main, *children_of(main)]))
            peak.bytes = max(peak.bytes, now)

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()

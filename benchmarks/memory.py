"""The memory of a piece of work: of this process and of its PostgreSQL together, at its highest."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

EVERY = 5.0
"""Seconds between two looks: each walks through all pages of the server, which costs it time."""
GIB = 2**30


def children_of(pid: int) -> list[int]:
    """The processes that a process began."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


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


def own() -> int:
    """The most bytes that this process ever held, as the system counted."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Peak:
    """The highest sum of the server's processes that was seen, and this process's own highest.

    The two need not have been at one moment: together they are an upper bound.
    """

    server = 0
    own = 0

    @property
    def gib(self) -> float:
        """In GiB."""
        return (self.server + self.own) / GIB


@contextmanager
def watched() -> Iterator[Peak]:
    """Watch this process and PostgreSQL while a piece of work is done."""
    peak, done, main = Peak(), Event(), server()

    def look() -> None:
        while not done.wait(EVERY):
            peak.server = max(peak.server, sum(map(held_by, [main, *children_of(main)])))

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
        peak.own = own()

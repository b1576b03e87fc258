"""Work that must not be done twice at once, on however many machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Busy(RuntimeError):
    """Somebody else does this work at this moment."""


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the work of this name, or raise Busy; a process that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise Busy(name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


HELD = """
SELECT EXISTS (SELECT 1 FROM pg_locks l, hashtextextended(%s, 0) AS h
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid::bigint = (h >> 32) & 4294967295 AND l.objid::bigint = h & 4294967295)
"""


def held(name: str) -> bool:
    """Whether somebody does the work of this name at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [name])
        return bool(cursor.fetchone()[0])


def in_turn(name: str) -> None:
    """Wait until nobody else does work of this name, and hold it until the transaction ends.

    Asked for before any row is locked, it keeps two who lock rows in different orders from waiting
    for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [name])

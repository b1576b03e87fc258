"""From where on a subscriber is told: nobody waits for writers, no writer waits, and nothing is missed.

Rows that change are noted while somebody listens. A statement that was under way when the subscriber
came did not see it and noted nothing. Such statements belong to transactions that were open then:
once these are over, every row that was written since is noted, whoever wrote it. Deletions are
always noted, because no row is left to be found.
"""

from __future__ import annotations

from django.db import connection, transaction

from dangol.sources.outgoing.models import Subscriber
from dangol.sources.outgoing.triggers import WATCHED

OPEN_NOW = """
SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'virtualxid' AND l.granted AND a.datname = current_database()
    AND l.pid <> pg_backend_pid()
"""
WRITTEN = """
SELECT sources_note_changes(%(entity)s, (SELECT array_agg(key ORDER BY key) FROM (
    SELECT DISTINCT {column} AS key FROM {table}
    WHERE {column} IS NOT NULL AND age(xmin) <= age((%(xid)s %% 4294967296)::text::xid)) written))
"""


def open_now() -> set[str]:
    """Every other transaction in this database that has begun and is not over."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_NOW)
        return {name for (name,) in cursor.fetchall()}


@transaction.atomic
def begin(subscriber: Subscriber) -> bool:
    """Complete the beginning once the transactions that were open then are over; whether it is."""
    found = Subscriber.objects.select_for_update(skip_locked=True).filter(pk=subscriber.pk).first()
    if found is None or found.begins_after is None:
        return found is not None
    if not found.open_then:
        found.open_then = sorted(open_now())
    else:
        found.open_then = sorted(open_now() & set(found.open_then))
    if found.open_then:
        found.save(update_fields=["open_then"])
        return False
    note_written_since(found.entity, found.begins_after)
    found.begins_after = None
    found.save(update_fields=["begins_after", "open_then"])
    return True


def note_written_since(entity: str, xid: int) -> None:
    """Note every row that a transaction as young as this one, or younger, has written."""
    with connection.cursor() as cursor:
        for table, column in WATCHED[entity]:
            cursor.execute(WRITTEN.format(table=table, column=column), {"entity": entity, "xid": xid})  # fmt: skip


def begin_all() -> int:
    """Complete every beginning that can be; how many still wait."""
    waiting = Subscriber.objects.filter(begins_after__isnull=False, ended_at=None)
    return sum(not begin(one) for one in waiting)

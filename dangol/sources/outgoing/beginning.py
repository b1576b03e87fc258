"""From where on a subscriber is told: nobody waits for writers, no writer waits, and nothing is missed.

Rows that change are noted while somebody listens. A statement that was under way when the subscriber
came did not see it and noted nothing. Such statements belong to transactions that were open then:
once these are over, every row that was written since is noted, whoever wrote it. Deletions are
always noted, because no row is left to be found.

All of this looks through whole tables, so it is the work of a job of its own: who asks for it only
writes that into the subscriber's row, and neither that row nor the feed is held up meanwhile.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from dangol.core.alone import Busy, alone
from dangol.core.jobs import one_by_one
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
EVERYTHING = (
    "SELECT sources_note_changes(%(entity)s, (SELECT array_agg(id ORDER BY id) FROM {table}))"
)
TABLES = {
    "customer": "customers_customer",
    "transaction": "purchases_transaction",
    "site": "places_place",
    "product": "purchases_product",
}


def open_now() -> set[str]:
    """Every other transaction in this database that has begun and is not over."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_NOW)
        return {name for (name,) in cursor.fetchall()}


def begin_all() -> int:
    """Do what can be done for every beginning; how many are not complete yet. One that fails holds
    up no other."""
    owed = Q(begins_after__isnull=False) | Q(everything_asked_at__isnull=False)
    waiting = Subscriber.objects.filter(owed, ended_at=None).order_by("created_at")
    return sum(not complete for complete in one_by_one(list(waiting), begin))


def begin(subscriber: Subscriber) -> bool:
    """Note what is owed to a subscriber, once the transactions that were open then are over;
    whether its beginning is complete."""
    try:
        with alone(f"sources.begin {subscriber.pk}"):
            found = Subscriber.objects.get(pk=subscriber.pk)
            if found.everything_asked_at is not None:
                note_everything(found)
            return found.begins_after is None or tell_what_was_open(found, found.begins_after)
    except Busy:
        return False


def note_everything(subscriber: Subscriber) -> None:
    """Note every row there is, once each time that it is asked for."""
    note(EVERYTHING.format(table=TABLES[subscriber.entity]), {"entity": subscriber.entity})
    asked = Subscriber.objects.filter(
        pk=subscriber.pk, everything_asked_at=subscriber.everything_asked_at
    )
    asked.update(everything_asked_at=None)


def tell_what_was_open(subscriber: Subscriber, xid: int) -> bool:
    """Once no transaction is open that was when it subscribed, note what they wrote; whether it is so."""
    row, still_open = Subscriber.objects.filter(pk=subscriber.pk), open_now()
    if subscriber.open_then:
        still_open &= set(subscriber.open_then)
    if still_open:
        row.update(open_then=sorted(still_open))
        return False
    note_written_since(subscriber.entity, xid)
    row.update(begins_after=None, open_then=[])
    return True


def note_written_since(entity: str, xid: int) -> None:
    """Note every row that a transaction as young as this one, or younger, has written."""
    for table, column in WATCHED[entity]:
        note(WRITTEN.format(table=table, column=column), {"entity": entity, "xid": xid})


@transaction.atomic
def note(statement: str, facts: dict[str, Any]) -> None:
    """One look through a table, which may take its time; its notes are a transaction of their own,
    so that the feed waits for none of the next looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, facts)

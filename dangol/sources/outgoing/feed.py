"""The change feed of an entity: in the order in which transactions began, each once they are over.

A change is told only when no older transaction is still open, so that what commits late is never
passed over. The position is (transaction, number of the change). Changes are kept for some time
only; a position before what is kept is refused, never passed over in silence.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.db import connection

from dangol.sources.outgoing.models import Change, Forgotten

OPEN = """
SELECT least(
    coalesce((SELECT min(x::text::bigint) FROM pg_snapshot_xip(q.now) x WHERE NOT EXISTS (
            SELECT 1 FROM pg_stat_activity a WHERE a.datname <> current_database()
                AND a.backend_xid::text::bigint = x::text::bigint % 4294967296)),
        pg_snapshot_xmax(q.now)::text::bigint),
    coalesce(pg_current_xact_id_if_assigned()::text::bigint, 9223372036854775807))
FROM (SELECT pg_current_snapshot() AS now) q
"""
"""The oldest open transaction that may change this database; those known to work in another one
hold nothing up. Our own counts as open."""
NUMBERED = (
    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('sources_change', 'id')), 0)"
)
POSITION = re.compile(r"([0-9]{1,19})\.([0-9]{1,19})")
Position = tuple[int, int]
STEP = 20
"""Changes that are read first for a page, of at most a hundred rows each; then twice as many, and so on."""
FARTHEST = 5000
"""Changes that are read for one page at most: one row may have changed as often."""


class LeftBehind(Exception):
    """Changes after a position are kept no more; `kept_after` is the position of the last of them."""

    def __init__(self, kept_after: Position) -> None:
        self.kept_after = kept_after
        super().__init__(cursor_of(kept_after))


@dataclass(frozen=True)
class Told:
    """Some changed rows, and the position after them."""

    keys: list[uuid.UUID]
    position: Position
    more: bool


def settled_before() -> int:
    """Every transaction older than this one is over."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        return int(cursor.fetchone()[0])


def changes_after(entity: str, position: Position, limit: int = 100) -> Told:
    """The next changed rows after a position, as many as that; LeftBehind when some are forgotten."""
    xid, last = position
    before = settled_before()
    if xid > before:  # the database was brought back from a copy: its transactions count anew
        xid, last = 0, 0
    told = page_after(entity, (xid, last), before, limit)
    if gone := forgotten_after(
        entity, (xid, last)
    ):  # after reading: what was missing there is seen here
        raise LeftBehind(gone)
    return told


def page_after(entity: str, position: Position, before: int, limit: int) -> Told:
    """Rows that changed after a position, each once, until the page is full or nothing follows."""
    keys: dict[uuid.UUID, None] = {}
    looked_at, step = 0, STEP
    while looked_at < FARTHEST:
        found = notes_after(entity, position, before, step)
        for xid, number, changed in found:
            fresh = [key for key in changed if key not in keys]
            if keys and len(keys) + len(fresh) > limit:
                return Told(list(keys), position, True)
            keys.update(dict.fromkeys(fresh))
            position = (xid, number)
        if len(found) < step:
            return Told(list(keys), position, False)
        looked_at, step = looked_at + step, min(2 * step, FARTHEST - looked_at - step)
    return Told(list(keys), position, bool(notes_after(entity, position, before, 1)))


def notes_after(
    entity: str, position: Position, before: int, most: int
) -> list[tuple[int, int, list[uuid.UUID]]]:
    """The next noted changes after a position that are settled."""
    rows = Change.objects.filter(entity=entity, xid__lt=before).extra(
        where=["(xid, id) > (%s, %s)"], params=list(position)
    )
    return list(rows.order_by("xid", "id").values_list("xid", "id", "keys")[:most])


def waits_after(entity: str, position: Position) -> bool:
    """Whether changes after a position are noted, be it that an older transaction is still open."""
    rows = Change.objects.filter(entity=entity)
    return rows.extra(where=["(xid, id) > (%s, %s)"], params=list(position)).exists()


def forgotten_after(entity: str, position: Position) -> Position | None:
    """The last change that is kept no more, if it lies after a position.

    One that lies ahead is of the time before this database was brought back from a copy."""
    gone = Forgotten.objects.filter(entity=entity).values_list("xid", "number").first()
    return gone if gone and position < gone and gone[0] < settled_before() else None


def cursor_of(position: Position) -> str:
    """A position as programs keep it."""
    return f"{position[0]}.{position[1]}"


def position_of(cursor: str) -> Position:
    """The position of a cursor; ValueError for what is none."""
    said = POSITION.fullmatch(cursor)
    if said is None:
        raise ValueError(cursor)
    found = int(said[1]), int(said[2])
    if max(found) >= 2**63:
        raise ValueError(cursor)
    return found


def lies_ahead(position: Position) -> bool:
    """Whether no change can have led to a position yet: it is another database's, or of a time
    after the copy from which this one was brought back."""
    return position[0] > settled_before() or position[1] > numbered_so_far()


def numbered_so_far() -> int:
    """The largest number that a change was ever given."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED)
        return int(cursor.fetchone()[0])

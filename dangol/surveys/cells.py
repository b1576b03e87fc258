"""Index cells against the answers they were made from: recomputation and comparison."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from dangol.places.models import Place

RECOMPUTED = """
    SELECT above.id AS place_id, own.process, own.item, own.day, sum(own.n)::bigint AS n,
           sum(own.total)::bigint AS total, sum(own.squares)::bigint AS squares
    FROM (
        SELECT r.place_id, r.process, a.item, r.day, count(*) AS n,
               sum(a.score::bigint) AS total, sum(a.score::bigint * a.score) AS squares
        FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id
        WHERE a.score IS NOT NULL AND (a.item <> '' OR a.question = '')
            AND r.completed_at IS NOT NULL AND r.withdrawn_at IS NULL
        GROUP BY r.place_id, r.process, a.item, r.day
    ) own
    JOIN places_place p ON p.id = own.place_id
    JOIN places_place above ON above.lo <= p.lo AND above.hi >= p.hi
    GROUP BY above.id, above.lo, own.process, own.item, own.day
"""
DIFFERENCES = f"""
    SELECT coalesce(kept.place_id, made.place_id), coalesce(kept.process, made.process),
           coalesce(kept.item, made.item), coalesce(kept.day, made.day),
           coalesce(kept.n, 0), coalesce(kept.total, 0), coalesce(kept.squares, 0),
           coalesce(made.n, 0), coalesce(made.total, 0), coalesce(made.squares, 0)
    FROM surveys_indexcell kept
    FULL JOIN ({RECOMPUTED}) made USING (place_id, process, item, day)
    WHERE (coalesce(kept.n, 0), coalesce(kept.total, 0), coalesce(kept.squares, 0))
        <> (coalesce(made.n, 0), coalesce(made.total, 0), coalesce(made.squares, 0))
    {{only}}
    ORDER BY 1, 2, 3, 4
"""


class Difference(NamedTuple):
    """A cell that does not say what the answers say."""

    place: UUID
    process: str
    item: str
    day: object
    kept: tuple[int, int, int]
    made: tuple[int, int, int]


def differences(place: Place | None = None) -> list[Difference]:
    """Every cell (of one place) that differs from the recomputation from raw answers."""
    only = "AND coalesce(kept.place_id, made.place_id) = %s" if place else ""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES.format(only=only), [place.pk] if place else [])
        return [
            Difference(p, process, item, day, tuple(sums[:3]), tuple(sums[3:]))
            for p, process, item, day, *sums in cursor.fetchall()
        ]


def hold_the_tree() -> None:
    """Wait for every transaction that is storing answers, and let none begin until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('surveys'), hashtext('tree'))")


@transaction.atomic
def fill_cells() -> None:
    """Make every cell from the answers, where none is kept yet: after a load without the trigger.

    In the order of days, as they would have come: a board reads the cells of the last month, which
    then lie beside each other.
    """
    hold_the_tree()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_indexcell (place_id, process, item, day, n, total, squares)"
            f" {RECOMPUTED} ORDER BY own.day, own.process, above.lo, own.item"
        )


@transaction.atomic
def recompute_cells(place: Place | None = None) -> int:
    """Put right every cell (of one place) that differs from the answers; how many did."""
    hold_the_tree()
    wrong = differences(place)
    if wrong:
        columns = [list(c) for c in zip(*((*d[:4], *d.made) for d in wrong), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO surveys_indexcell (place_id, process, item, day, n, total, squares)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::date[],"
                " %s::bigint[], %s::bigint[], %s::bigint[])"
                " ON CONFLICT (place_id, process, item, day) DO UPDATE SET"
                " n = excluded.n, total = excluded.total, squares = excluded.squares",
                columns,
            )
    return len(wrong)

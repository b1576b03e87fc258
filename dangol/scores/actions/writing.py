"""Writes what a run says of millions of customers: by COPY, and only what changed."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from typing import Any

from django.db import connection

from dangol.core.anew import anew
from dangol.customers.models import Customer
from dangol.scores.models import Run
from dangol.scores.recipes import Scored
from dangol.warehouse.sources import number_column

PIECE = 20_000

CHANGED = """
INSERT INTO scores_score (id, created_at, model_id, customer_id, value, low, high, cell, before, reasons, at)
SELECT uuidv7(), %(at)s, %(model)s, customer_id, value, low, high, cell, '', reasons, %(at)s FROM said
ON CONFLICT (model_id, customer_id) DO UPDATE SET
    value = excluded.value, low = excluded.low, high = excluded.high, reasons = excluded.reasons,
    at = excluded.at, cell = excluded.cell,
    before = CASE WHEN scores_score.cell <> excluded.cell THEN scores_score.cell ELSE scores_score.before END
WHERE (scores_score.value, scores_score.low, scores_score.high, scores_score.cell, scores_score.reasons)
    IS DISTINCT FROM (excluded.value, excluded.low, excluded.high, excluded.cell, excluded.reasons)
"""
MOVES = """
INSERT INTO scores_move (id, created_at, run_id, before, after, customers)
SELECT uuidv7(), %(at)s, %(run)s, coalesce(s.cell, ''), coalesce(n.cell, ''), count(*)
FROM said n FULL JOIN (SELECT customer_id, cell FROM scores_score WHERE model_id = %(model)s) s
    USING (customer_id)
GROUP BY 3, 4, 5
"""
GONE = """
DELETE FROM scores_score s WHERE model_id = %(model)s
    AND NOT EXISTS (SELECT 1 FROM said n WHERE n.customer_id = s.customer_id)
"""
HOLD = """
SELECT 1 FROM customers_customer c JOIN scores_score s ON s.customer_id = c.id
WHERE s.model_id = %(model)s AND s.created_at = %(at)s FOR KEY SHARE OF c
"""
"""Who has a first score stays until it is committed; who was merged away meanwhile is not found."""
MERGED_AWAY = """
DELETE FROM scores_score s WHERE model_id = %(model)s AND created_at = %(at)s
    AND NOT EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = s.customer_id)
"""


def fitting(value: Any) -> str:
    """A figure as COPY reads it; rounded to nine digits, so that noise is no change."""
    if value is None or not math.isfinite(value):
        return "\\N"
    return f"{float(value):.9g}"


def lines(scored: Scored) -> Iterator[str]:
    """The scores as COPY's text, some thousand at a time."""
    low, high = scored.low, scored.high
    for start in range(0, len(scored.value), PIECE):
        yield "".join(
            f"{scored.customer[i]}\t{fitting(scored.value[i])}\t{fitting(low[i] if low is not None else None)}"
            f"\t{fitting(high[i] if high is not None else None)}\t{scored.cell[i]}\t"
            + json.dumps(scored.reasons[i], ensure_ascii=False).replace("\\", "\\\\")
            + "\n"
            for i in range(start, min(start + PIECE, len(scored.value)))
        )


@anew()
def write_scores(run: Run, scored: Scored, *, at: dt.datetime) -> int:
    """Replace a model's scores by what a run says, all at once; how many changed, came or went.

    A customer who was erased or merged away since the lake was copied, or while this is written, is
    left out: the survivor has a score of its own.
    """
    number = number_column(Customer)
    names: dict[str, Any] = {"at": at, "model": run.model_id, "run": run.pk}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE heard (number bigint, value float8, low float8, high float8,"
                       " cell text, reasons jsonb) ON COMMIT DROP")  # fmt: skip
        with cursor.copy("COPY heard (number, value, low, high, cell, reasons) FROM STDIN") as copy:
            for piece in lines(scored):
                copy.write(piece)
        cursor.execute(
            "CREATE TEMP TABLE said ON COMMIT DROP AS SELECT c.id AS customer_id, h.value, h.low,"
            f" h.high, h.cell, h.reasons FROM heard h JOIN customers_customer c ON c.{number} = h.number"
        )
        cursor.execute("ANALYZE said")
        cursor.execute("DELETE FROM scores_move WHERE run_id = %(run)s", names)
        cursor.execute(MOVES, names)
        cursor.execute(CHANGED, names)
        changed = cursor.rowcount
        cursor.execute(GONE, names)
        changed += cursor.rowcount
        cursor.execute(HOLD, names)
        cursor.execute(MERGED_AWAY, names)
        changed -= cursor.rowcount
        cursor.execute("DROP TABLE heard, said")
    return changed

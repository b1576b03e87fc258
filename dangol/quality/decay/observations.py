"""Checks as observations: right from when, tried when, wrong or not; counted into few cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.db import connection

from dangol.quality.decay.begun import BEGUN, USUAL, usual_of
from dangol.quality.decay.priors import BANDS, KINDS

STEPS = 36
"""Steps of a year into which times are rounded."""
YEAR = 365.25 * 86400
ENDS = (*BANDS[1:], 99.0)


def exposure_sql(since: str, until: str) -> list[str]:
    """Years spent in each band of age between two instants, as SQL; both in years of age."""
    return [
        f"greatest(0, least({until}, {hi}) - greatest({since}, {lo}))"
        for lo, hi in zip(BANDS, ENDS, strict=True)
    ]


SPENT = [f"round({sql} * {STEPS})::int" for sql in exposure_sql("since", "until")]
CELLS = f"""
    WITH daily AS (
        SELECT DISTINCT ON (contact_point_id, day) contact_point_id, day, at, outcome
        FROM customers_check ORDER BY contact_point_id, day, at DESC, id DESC),
    tried AS (
        SELECT contact_point_id, day, at, outcome IN ('wrong', 'moved') AS wrong,
               lag(outcome) OVER before AS before, lag(at) OVER before AS before_at
        FROM daily WINDOW before AS (PARTITION BY contact_point_id ORDER BY day)),
    seen AS (
        SELECT p.kind, p.source, t.before IS NOT NULL AS again, t.wrong, t.day,
               coalesce(extract(epoch FROM t.before_at - {BEGUN})::float8 / {YEAR}, 0) AS since,
               extract(epoch FROM t.at - {BEGUN})::float8 / {YEAR} AS until
        FROM tried t JOIN customers_contactpoint p ON p.id = t.contact_point_id {USUAL}
        WHERE t.before IS NULL OR t.before = 'verified')
    SELECT kind, source, again, {", ".join(SPENT)}, day >= %(cut)s AS late,
           count(*), count(*) FILTER (WHERE wrong), min(day), max(day)
    FROM (SELECT kind, source, again, wrong, day, greatest(since, 0) AS since,
                 greatest(until, since, 0) AS until FROM seen) s
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
CUT = "SELECT percentile_disc(0.75) WITHIN GROUP (ORDER BY day) FROM customers_check"


@dataclass
class Observations:
    """Cells of checks that were alike; columns of one length."""

    kind: np.ndarray
    """Place in KINDS."""
    source: np.ndarray
    """Place in `sources`."""
    again: np.ndarray
    """Whether the value had been verified before (1.0) or never tried (0.0)."""
    spent: np.ndarray
    """Years in each band of age since it was last known to be right; (cells, bands)."""
    late: np.ndarray
    """Whether it lies in the last quarter of all checks, by day."""
    tried: np.ndarray
    wrong: np.ndarray
    sources: list[str]
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    cut: dt.date | None = None

    def only(self, rows: np.ndarray) -> Observations:
        """Some of the cells."""
        return Observations(
            self.kind[rows], self.source[rows], self.again[rows], self.spent[rows], self.late[rows],
            self.tried[rows], self.wrong[rows], self.sources, self.first_day, self.last_day, self.cut,
        )  # fmt: skip

    @property
    def years(self) -> np.ndarray:
        """Years since the value was last known to be right."""
        return self.spent.sum(axis=1)


def observations(ages: dict[str, float] | None = None) -> Observations:
    """All that the company's checks say, read in one statement; at least half a step passes. `ages`
    are those that values of unknown age are taken to have."""
    with connection.cursor() as cursor:
        cursor.execute(CUT)
        cut = cursor.fetchone()[0] or dt.date.max
        cursor.execute(CELLS, {"cut": cut, "usual": usual_of(ages or {})})
        rows = cursor.fetchall()
    sources = sorted({row[1] for row in rows})
    place = {name: at for at, name in enumerate(sources)}
    bands = len(BANDS)
    return Observations(
        kind=np.array([KINDS.index(r[0]) for r in rows], dtype=int),
        source=np.array([place[r[1]] for r in rows], dtype=int),
        again=np.array([r[2] for r in rows], dtype=float),
        spent=np.array([r[3 : 3 + bands] for r in rows], dtype=float).reshape(-1, bands) / STEPS,
        late=np.array([r[3 + bands] for r in rows], dtype=bool),
        tried=np.array([r[4 + bands] for r in rows], dtype=float),
        wrong=np.array([r[5 + bands] for r in rows], dtype=float),
        sources=sources,
        first_day=min((r[6 + bands] for r in rows), default=None),
        last_day=max((r[7 + bands] for r in rows), default=None),
        cut=None if cut == dt.date.max else cut,
    )

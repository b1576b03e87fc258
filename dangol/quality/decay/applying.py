"""The chance of every contact point in use, written by one statement; only what moved is written."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from django.db import connection, transaction

from dangol.quality.decay.begun import BEGUN, USUAL, usual_of
from dangol.quality.decay.observations import YEAR, exposure_sql
from dangol.quality.decay.priors import BANDS, KINDS
from dangol.quality.models import DecayModel

SPENT = exposure_sql("since", "until")
CHANCES = f"""
    WITH standing AS (
        SELECT p.id, c.home_place_id AS place_id, p.kind, p.source, p.state = 'verified' AS again,
               CASE WHEN p.state = 'verified' THEN p.checked_at
                    WHEN NOT p.undated THEN {BEGUN} END AS right_at,
               CASE WHEN p.state = 'verified'
                    THEN greatest(0, extract(epoch FROM p.checked_at - {BEGUN})::float8 / {YEAR})
                    ELSE 0 END AS since,
               greatest(0, extract(epoch FROM %(at)s - {BEGUN})::float8 / {YEAR}) AS until
        FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id {USUAL}
        WHERE p.ended_at IS NULL AND p.state IN ('verified', 'unverified') {{which}}),
    told AS (
        SELECT s.id, s.place_id, s.kind, s.right_at, least(0.9999, 1 - exp(-(
            CASE WHEN again THEN 0 ELSE k.first * coalesce(j.first, 1) END
            + k.pace * coalesce(j.pace, 1) * CASE WHEN again THEN %(again)s ELSE 1 END
              * ({" + ".join(f"%(age{at})s * {sql}" for at, sql in enumerate(SPENT))})))) AS chance
        FROM standing s
        JOIN unnest(%(kinds)s::text[], %(paces)s::float8[], %(firsts)s::float8[])
            AS k (kind, pace, first) ON k.kind = s.kind
        LEFT JOIN unnest(%(sources)s::text[], %(source_paces)s::float8[], %(source_firsts)s::float8[])
            AS j (source, pace, first) ON j.source = s.source)
    INSERT INTO quality_risk AS r (contact_point_id, place_id, kind, chance, right_at, at)
    SELECT id, place_id, kind, chance, right_at, %(at)s FROM told
    ON CONFLICT (contact_point_id) DO UPDATE SET place_id = excluded.place_id,
        chance = excluded.chance, right_at = excluded.right_at, at = excluded.at
    WHERE abs(r.chance - excluded.chance) > {{step}} OR r.right_at IS DISTINCT FROM excluded.right_at
        OR r.place_id IS DISTINCT FROM excluded.place_id
"""
STEP = 0.005
"""A chance that moved by less is not written: it would be every row, every night."""
GONE = """
    DELETE FROM quality_risk r USING customers_contactpoint p
    WHERE p.id = r.contact_point_id AND (p.ended_at IS NOT NULL OR p.state IN ('wrong', 'moved'))
"""
STANDING = """
    INSERT INTO quality_standing (day, kind, points, known_wrong, expected_wrong)
    SELECT %(day)s, p.kind, count(*), count(*) FILTER (WHERE p.state IN ('wrong', 'moved')),
           coalesce(sum(r.chance), 0)
    FROM customers_contactpoint p LEFT JOIN quality_risk r ON r.contact_point_id = p.id
    WHERE p.ended_at IS NULL GROUP BY p.kind
    ON CONFLICT (day, kind) DO UPDATE SET points = excluded.points,
        known_wrong = excluded.known_wrong, expected_wrong = excluded.expected_wrong
"""


def figures_of(model: DecayModel) -> dict[str, Any]:
    """The model's parameters as the statement takes them: rates and factors, not logarithms."""
    told = {
        group: {name: math.exp(value) for name, (value, _error) in rows.items()}
        for group, rows in model.parameters.items()
    }
    sources = sorted(told["s"])
    ages = {f"age{at + 1}": told["a"][str(band)] for at, band in enumerate(BANDS[1:])}
    return {
        "kinds": list(KINDS),
        "paces": [told["k"][kind] for kind in KINDS],
        "firsts": [told["i"][kind] for kind in KINDS],
        "sources": sources,
        "source_paces": [told["s"][name] for name in sources],
        "source_firsts": [told["j"][name] for name in sources],
        "usual": usual_of(model.report.get("usual_ages", {})),
        "again": told["v"][""],
        "age0": 1.0,
        **ages,
    }


@transaction.atomic
def tell_chances(model: DecayModel, at: dt.datetime, day: dt.date) -> int:
    """Write the chance of each contact point in use as of an instant; how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(GONE)
        cursor.execute(CHANCES.format(which="", step=STEP), figures_of(model) | {"at": at})
        written = cursor.rowcount
        cursor.execute(STANDING, {"day": day})
    return int(written)


def tell_chances_of(model: DecayModel, points: list[Any], at: dt.datetime) -> None:
    """The same for some contact points, at once; inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quality_risk WHERE contact_point_id = ANY(%s)", [points])
        facts = figures_of(model) | {"at": at, "points": points}
        cursor.execute(CHANCES.format(which="AND p.id = ANY(%(points)s)", step=0), facts)

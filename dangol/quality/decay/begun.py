"""Since when a contact point may be taken to have been right.

A connected system that tells no dates says nothing of how old its values are, and when we first read
one says nothing either. Such a value is taken to have been as old, at that moment, as those of known
age are on average.
"""

from __future__ import annotations

from django.db import connection

from dangol.quality.decay.priors import KINDS

KNOWN = "least(p.created_at, coalesce(p.said_since, p.created_at))"
BEGUN = (
    f"(CASE WHEN p.undated THEN p.created_at - u.years * interval '365.25 days' ELSE {KNOWN} END)"
)
"""SQL over a contact point `p` and the usual age `u` of its kind."""
USUAL = f"""JOIN unnest(ARRAY{list(KINDS)}::text[], %(usual)s::float8[]) AS u (kind, years)
    ON u.kind = p.kind"""
AGES = f"""
    SELECT p.kind, count(*), sum(greatest(0, extract(epoch FROM now() - {KNOWN})::float8 / 31557600))
    FROM customers_contactpoint p
    WHERE p.ended_at IS NULL AND p.state = 'unverified' AND NOT p.undated GROUP BY 1
"""
YEARS, WEIGHT = 1.0, 100
"""An age before any is known, and how many contact points of known age weigh as much."""


def usual_ages() -> dict[str, float]:
    """How many years old unverified contact points of known age are on average, by kind."""
    with connection.cursor() as cursor:
        cursor.execute(AGES)
        known = {kind: (n, years) for kind, n, years in cursor.fetchall()}
    ages = {}
    for kind in KINDS:
        n, years = known.get(kind, (0, 0.0))
        ages[kind] = round((years + YEARS * WEIGHT) / (n + WEIGHT), 4)
    return ages


def usual_of(ages: dict[str, float]) -> list[float]:
    """The same in the order of KINDS, as the statements take them."""
    return [ages.get(kind, YEARS) for kind in KINDS]

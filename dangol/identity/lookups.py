"""Customers by a name that only one of their records says."""

from __future__ import annotations

import uuid

from dangol.customers.finding import NAMES, ids
from dangol.identity.reading.names import read_name


def by_name_of_a_record(words: str, limit: int) -> list[uuid.UUID]:
    """Who is called so in some source, in the spelling in which names are compared: MeeHwan Lee is
    LEE MEEHWAN."""
    name = read_name(words)
    if not (name.family and name.given):
        return []
    return ids(
        "SELECT DISTINCT r.customer_id FROM (SELECT record_id FROM identity_reading"
        " WHERE name = %s LIMIT %s) g JOIN customers_sourcerecord r ON r.id = g.record_id"
        " WHERE r.customer_id IS NOT NULL",
        [name.whole, limit],
    )


NAMES.append(by_name_of_a_record)

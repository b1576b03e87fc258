"""Customers brought in line with the records that a comparison of all records has read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from django.db import connection

from dangol.core.models import User
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.portions import in_portions

AT_ONCE = 200
"""Customers in one transaction at most."""
FOLLOWERS = """
SELECT r.customer_id, array_agg(r.id)
FROM customers_sourcerecord r
WHERE r.unread AND r.kind = %s AND r.changed_at <= %s AND r.customer_id IS NOT NULL
  AND (r.revision > 1 OR r.failed_at IS NOT NULL OR r.gone_at IS NOT NULL OR EXISTS (
      SELECT 1 FROM customers_sourcerecord o WHERE o.customer_id = r.customer_id AND o.id <> r.id
  ))
GROUP BY r.customer_id ORDER BY r.customer_id
"""
"""A record that is alone and never changed is what its customer was made of."""
READ = """
UPDATE customers_sourcerecord SET unread = false, failed_at = NULL
WHERE id = ANY(%s) AND customer_id = ANY(%s) AND changed_at <= %s
"""


def follow_records(
    kind: str, as_of: dt.datetime, *, by: User | None, tell: Callable[[int, int], None]
) -> int:
    """Write the golden records of customers who hold a record that was read; how many changed.

    Each portion's records are marked as read with it: a run that dies is gone on with by the next.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWERS, [kind, as_of])
        found: list[tuple[uuid.UUID, list[int]]] = cursor.fetchall()
    total, trust = 0, trust_of_sources()
    for done, changed in in_portions(
        found, AT_ONCE, lambda some: follow_some(some, as_of, trust, by)
    ):
        total += changed
        tell(done, len(found))
    return total


def follow_some(
    portion: Sequence[tuple[uuid.UUID, list[int]]],
    as_of: dt.datetime,
    trust: Trust,
    by: User | None,
) -> int:
    """Write the golden records of these customers, and mark their records as read."""
    keys = [key for key, _records in portion]
    changed = refresh_golden(keys, by=by, trust=trust)
    with connection.cursor() as cursor:
        cursor.execute(READ, [[r for _key, mine in portion for r in mine], keys, as_of])
    return changed

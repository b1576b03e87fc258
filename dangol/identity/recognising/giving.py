"""Waiting records join customers who are there, whoever was merged or parted since they were compared."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection

from dangol.customers.records.models import SourceRecord
from dangol.identity.portions import in_portions
from dangol.identity.recognising.late import heard_since

AT_ONCE = 1_000
"""Groups in one transaction at most."""


def give_customers(groups: list[list[int]], as_of: dt.datetime) -> dict[int, uuid.UUID]:
    """Give the waiting records of each group the customer whom its others have now; who got whom.

    The others say it themselves, under the turn of who is who: a customer merged away since the
    comparison was read is found in the one who took it in. Where the others have become two
    customers, or none, or say something that came after `as_of` and was not compared, the record
    waits for the matching of new records. Records go on waiting until their customer is brought in
    line with them.
    """
    given: dict[int, uuid.UUID] = {}
    for _done, some in in_portions(groups, AT_ONCE, lambda some: _give(some, as_of)):
        given |= some
    return given


GIVEN = """
UPDATE customers_sourcerecord r SET customer_id = g.customer, unread = true
FROM unnest(%s::bigint[], %s::uuid[]) AS g(record, customer)
WHERE r.id = g.record AND r.customer_id IS NULL RETURNING r.id, r.customer_id
"""


def _give(groups: Sequence[list[int]], as_of: dt.datetime) -> dict[int, uuid.UUID]:
    wanted = [member for members in groups for member in members]
    rows = SourceRecord.objects.filter(pk__in=wanted)
    # Only those who wait are locked: who edits a customer locks the customer before its records.
    waiting = set(
        rows.filter(customer=None).select_for_update().order_by("pk").values_list("pk", flat=True)
    )
    owner = dict(rows.exclude(customer=None).values_list("pk", "customer_id"))
    since = heard_since(set(owner.values()), as_of)
    records, customers = [], []
    for members in groups:
        theirs = {owner[m] for m in members if m in owner}
        for record in members if len(theirs) == 1 and not theirs & since else []:
            if record in waiting:
                records.append(record)
                customers += theirs
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [records, customers])
        return dict(cursor.fetchall())

"""Waiting records join customers who are there, whoever was merged or parted since they were compared."""

from __future__ import annotations

import uuid

from django.db import connection

from dangol.core.anew import anew
from dangol.customers.records.models import SourceRecord
from dangol.identity.models import WHO_IS_WHO

AT_ONCE = 1_000
"""Groups in one transaction: a second at most, for who merges by hand waits for it."""


def give_customers(groups: list[list[int]]) -> dict[int, uuid.UUID]:
    """Give the waiting records of each group the customer whom its others have now; who got whom.

    The others say it themselves, under the turn of who is who: a customer merged away since the
    comparison was read is found in the one who took it in. Where the others have become two
    customers, or none, the record waits for the matching of new records. Records go on waiting
    until their customer is brought in line with them.
    """
    given: dict[int, uuid.UUID] = {}
    for at in range(0, len(groups), AT_ONCE):
        given |= _give(groups[at : at + AT_ONCE])
    return given


GIVEN = """
UPDATE customers_sourcerecord r SET customer_id = g.customer, unread = true
FROM unnest(%s::bigint[], %s::uuid[]) AS g(record, customer)
WHERE r.id = g.record AND r.customer_id IS NULL RETURNING r.id, r.customer_id
"""


@anew(WHO_IS_WHO)
def _give(groups: list[list[int]]) -> dict[int, uuid.UUID]:
    wanted = [member for members in groups for member in members]
    rows = SourceRecord.objects.filter(pk__in=wanted)
    # Only those who wait are locked: who edits a customer locks the customer before its records.
    waiting = set(
        rows.filter(customer=None).select_for_update().order_by("pk").values_list("pk", flat=True)
    )
    owner = dict(rows.exclude(customer=None).values_list("pk", "customer_id"))
    records, customers = [], []
    for members in groups:
        theirs = {owner[m] for m in members if m in owner}
        for record in members if len(theirs) == 1 else []:
            if record in waiting:
                records.append(record)
                customers += theirs
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [records, customers])
        return dict(cursor.fetchall())

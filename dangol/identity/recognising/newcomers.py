"""Customers whom a file brought by their thousands, and who were here before under other numbers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import connection

from dangol.core.anew import anew
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.records.models import OURS
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.matching.kinds import KINDS
from dangol.identity.merging.actions import merge_customers
from dangol.identity.models import WHO_IS_WHO, Run
from dangol.identity.recognising.candidates import groups_of
from dangol.identity.recognising.late import heard_since

ALONE = """
SELECT min(r.id), r.customer_id FROM customers_sourcerecord r
WHERE r.customer_id IN (
    SELECT n.customer_id FROM customers_sourcerecord n
    WHERE n.unread AND n.kind = %s AND n.changed_at <= %s AND n.customer_id IS NOT NULL
)
GROUP BY r.customer_id
HAVING count(*) FILTER (WHERE NOT (r.source = %s AND starts_with(r.key, r.customer_id::text))) <= 1
"""


def newcomers(run: Run, kind: str) -> dict[int, uuid.UUID]:
    """Customers known by one record alone, which this run reads for the first time: by record; what we
    wrote of them ourselves says nothing of who they are."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [kind, run.begun_at, OURS])
        return dict(cursor.fetchall())


def join_newcomers(
    groups: list[list[int]],
    owner: dict[int, uuid.UUID],
    new: dict[int, uuid.UUID],
    *,
    as_of: dt.datetime,
    by: User | None,
    tell: Callable[[int, int], None],
) -> dict[int, uuid.UUID]:
    """Merge newcomers into the customer of their group, each so that it can be undone; who belongs to
    whom afterwards, of the records that moved.

    Where two customers who were here before meet in a group nobody is merged: that is asked. So it is
    where what came after `as_of` contradicts.
    """
    moved: dict[int, uuid.UUID] = {}
    alone = set(new.values())
    trust = trust_of_sources()
    for done, members in enumerate(groups):
        theirs: dict[uuid.UUID, list[int]] = defaultdict(list)
        for record in members:
            if record in owner:
                theirs[owner[record]].append(record)
        fresh = sorted(key for key in theirs if key in alone)
        here = [key for key in theirs if key not in fresh]
        if len(here) < 2:
            survivor, others = (here[0], fresh) if here else (fresh[0], fresh[1:])
            for other in others:
                if _merge(survivor, other, as_of, by, trust):
                    moved |= dict.fromkeys(theirs[other], survivor)
        tell(done + 1, len(groups))
    return moved


@anew(WHO_IS_WHO)
def _merge(
    survivor: uuid.UUID, other: uuid.UUID, as_of: dt.datetime, by: User | None, trust: Trust
) -> bool:
    """One merge; False where somebody was faster or told the two apart, or where what was heard of
    them since contradicts."""
    both = {c.pk: c for c in Customer.objects.filter(pk__in=[survivor, other])}
    if len(both) < 2:
        return False
    if heard_since(both.keys(), as_of):
        groups = groups_of(both)
        if len(groups) == 2 and KINDS[both[other].kind].contradicts(*groups.values()):
            return False
    try:
        merge_customers(both[survivor], both[other], by=by, trust=trust)
    except ValidationError:
        return False
    return True

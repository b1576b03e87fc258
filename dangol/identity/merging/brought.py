"""What came to a customer by merges whose every record leaves again: it leaves with them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from dangol.identity.merging.belongings import Belonging
from dangol.identity.models import Merge

RECORDS = "customers_sourcerecord"
Brought = dict[tuple[str, str], set[str]]
"""(table, column): the keys of the rows that came, as text."""


def brought_with(customer: uuid.UUID, records: Collection[int]) -> Brought:
    """Rows that came with merges of which all records are among these."""
    found: Brought = {}
    for merge in Merge.objects.filter(survivor=customer, undone_at=None):
        moved = {int(k) for table, _column, keys in merge.rows if table == RECORDS for k in keys}
        if not moved or not moved <= set(records):
            continue
        for table, column, keys in merge.rows:
            found.setdefault((table, column), set()).update(keys)
    return found


def still_there(one: Belonging, customer: uuid.UUID, brought: Brought) -> list[object]:
    """Those of the rows that are the customer's at this moment; what is counted anew stays."""
    keys = brought.get((one.table, one.column))
    if not keys or one.composite:
        return []
    return list(one.rows(customer, keys).values_list("pk", flat=True))

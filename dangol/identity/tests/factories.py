"""Records as sources send them."""

from __future__ import annotations

from itertools import count

from dangol.customers.models import SourceRecord

KEYS = count(1)


def record(source: str = "shop", **values: str) -> SourceRecord:
    """A record that waits for its customer."""
    return SourceRecord.objects.create(source=source, key=f"K{next(KEYS)}", values=values)


HONG = {"name": "홍서연", "phone": "010-4321-8765", "born_on": "1988-03-14", "gender": "F"}

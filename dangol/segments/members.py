"""Who was in a segment when it was last counted: a set of bits in a file beside the lake.

The rows of Membership are the truth; the file spares reading millions of them again. It is named
after the segment's mark, which is written in the same transaction as the rows: a file without its
mark is never read, a mark without its file is read from the rows.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import numpy as np
from django.db import connection

from dangol.segments.models import Segment
from dangol.segments.state.bits import Bits, of_numbers
from dangol.warehouse.manifest import root
from dangol.warehouse.sources import NUMBER


def folder() -> Path:
    """Where the files lie."""
    return root() / "members"


def path_of(segment: uuid.UUID, mark: uuid.UUID) -> Path:
    """The file of one count."""
    return folder() / f"{segment.hex}-{mark.hex}.npy"


def kept(segment: Segment) -> Bits:
    """The present members."""
    if segment.mark:
        try:
            found: Bits = np.load(path_of(segment.pk, segment.mark))
            if found.dtype == np.uint8:
                return found
        except (OSError, ValueError, EOFError):
            pass  # lost or half-written: the rows say the same, more slowly
    return from_rows(segment)


def from_rows(segment: Segment) -> Bits:
    """The same from PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(array_agg(c.{NUMBER}), '{{}}')"
            " FROM segments_membership m JOIN customers_customer c ON c.id = m.customer_id"
            " WHERE m.segment_id = %s", [segment.pk],
        )  # fmt: skip
        return of_numbers(np.array(cursor.fetchone()[0], dtype=np.int64))


def keep(segment: Segment, mark: uuid.UUID, bits: Bits) -> None:
    """Write a count's file, whole before it has its name."""
    folder().mkdir(parents=True, exist_ok=True)
    beside = folder() / f".{uuid.uuid4().hex}"
    with beside.open("wb") as out:
        np.save(out, bits)
    os.replace(beside, path_of(segment.pk, mark))


def forget(segment: Segment, but: uuid.UUID) -> None:
    """Remove the files of older counts."""
    for path in folder().glob(f"{segment.pk.hex}-*.npy"):
        if path != path_of(segment.pk, but):
            path.unlink(missing_ok=True)

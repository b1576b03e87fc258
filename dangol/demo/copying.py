"""Columns into tables by COPY, and keys that sort by time, many at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from itertools import islice, repeat
from typing import Any

import numpy as np
from django.db import connection

CHUNK = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def keys(rng: np.random.Generator, at: np.ndarray) -> list[str]:
    """UUIDs of version 7 for instants (datetime64), as text."""
    n = len(at)
    millis = at.astype("datetime64[ms]").astype(np.int64)
    raw = np.frombuffer(rng.bytes(16 * n), dtype=np.uint8).reshape(n, 16).copy()
    for i in range(6):
        raw[:, i] = (millis >> (8 * (5 - i))) & 0xFF
    raw[:, 6] = 0x70 | (raw[:, 6] & 0x0F)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    text = raw.tobytes().hex()
    return [text[i : i + 32] for i in range(0, 32 * n, 32)]


def instants(at: np.ndarray) -> list[str]:
    """datetime64 (UTC) as PostgreSQL reads it; not-a-time is NULL."""
    texts = np.char.add(np.datetime_as_string(at.astype("datetime64[s]")), "+00")
    return ["\\N" if t.startswith("NaT") else t for t in texts.tolist()]


def text_of(value: Any) -> str:
    """One value in COPY's text form."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value if value == "\\N" else value.translate(ESCAPES)
    if isinstance(value, bool | np.bool_):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).translate(ESCAPES)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value)


def picked(values: Sequence[Any], rows: np.ndarray) -> list[Any]:
    """The values at these positions."""
    found: list[Any] = np.array(values, dtype=object)[rows].tolist()
    return found


def column_of(value: list[Any] | np.ndarray) -> Iterable[str]:
    """A column in COPY's text form; one look tells that a column of texts needs no escapes."""
    if isinstance(value, np.ndarray):
        plain_numbers = value.dtype.kind in "iu"
        value = value.tolist()
        if plain_numbers:
            return map(str, value)
    try:
        whole = "".join(value)
    except TypeError:
        return map(text_of, value)
    special = whole.count("\\") != value.count("\\N") or any(c in whole for c in "\t\n\r")
    return map(text_of, value) if special else value


def copy_into(table: str, columns: dict[str, Sequence[Any] | Any]) -> int:
    """Write columns (sequences, or one value for every row) into a table; how many rows."""
    length = next(len(v) for v in columns.values() if isinstance(v, list | np.ndarray))
    prepared = [
        column_of(value) if isinstance(value, list | np.ndarray) else repeat(text_of(value), length)
        for value in columns.values()
    ]
    lengths = {len(v) for v in columns.values() if isinstance(v, list | np.ndarray)}
    assert lengths == {length}, (table, lengths)
    names = ", ".join(f'"{name}"' for name in columns)
    lines = map("\t".join, zip(*prepared, strict=False))
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        while block := list(islice(lines, CHUNK)):
            copy.write("\n".join(block) + "\n")
    return length

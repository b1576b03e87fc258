"""Unread records, read into the form in which they are compared, with their keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dangol.identity.matching.blocking import block_keys
from dangol.identity.matching.kinds import KINDS, PERSON, Form, Kind
from dangol.identity.models import Reading
from dangol.identity.recognising.buildings import one_building
from dangol.imports.staging import copy_text


def read(values: dict[str, Any], this_year: int, kind: Kind = PERSON) -> tuple[Form, list[str]]:
    """What a record says, as it is compared, and what was strange about it."""
    raw = {name: str(values.get(field) or "") for name, field in kind.wanted.items()}
    return kind.read(raw, this_year)


def form_of(reading: Reading) -> Form:
    """What is compared, of a stored reading."""
    kind = KINDS[reading.kind]
    return kind.form(**{column: getattr(reading, column) for column in kind.columns})


COLUMNS = tuple(dict.fromkeys(column for kind in KINDS.values() for column in kind.columns))


def forms_of(rows: QuerySet[Reading]) -> Iterator[tuple[int, uuid.UUID | None, Form]]:
    """(record, its customer, what is compared) of stored readings, in the order of the records; the
    cells as they came stay where they are."""
    told = rows.order_by("pk").values("pk", "kind", "record__customer_id", *COLUMNS)
    for cells in told:
        kind = KINDS[cells["kind"]]
        form = kind.form(**{column: cells[column] for column in kind.columns})
        yield cells["pk"], cells["record__customer_id"], form


Kept = tuple[int, str, dict[str, Any]]
"""A record as it is read: id, kind, values."""


def store_readings(records: Sequence[Kept], this_year: int) -> dict[int, Form]:
    """Read these records and store readings and keys, in place of those that were there."""
    found: dict[int, Form] = {}
    for kind in KINDS.values():
        if mine := [record for record in records if record[1] == kind.key]:
            found |= _store(mine, kind, this_year)
    return found


def _store(records: Sequence[Kept], kind: Kind, this_year: int) -> dict[int, Form]:
    told = {number: read(values, this_year, kind) for number, _kind, values in records}
    people = {number: form for number, (form, _strange) in told.items()}
    one_building([*people.values()])
    rows: list[list[Any]] = []
    keys: list[str] = []
    for number, (form, strange) in told.items():
        values = (getattr(form, c) for c in kind.columns)
        rows.append([number, kind.key, *values, "{" + ",".join(strange) + "}"])
        keys += [f"{key}\t{number}\n" for key in set(block_keys(form, kind.rules))]
    columns = ("record_id", "kind", *kind.columns, "strange")
    cells = copy_text([_cells(column) for column in zip(*rows, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM identity_reading WHERE record_id = ANY(%s))",
            [list(people)],
        )
        if cursor.fetchone()[0]:
            cursor.execute(
                "DELETE FROM identity_blockkey WHERE reading_id = ANY(%s)", [list(people)]
            )
            _replace(cursor, cells, columns)
        else:
            _copy(cursor, "identity_reading", cells, columns)
        with cursor.copy("COPY identity_blockkey (key, reading_id) FROM STDIN") as copy:
            copy.write("".join(keys))
    return people


def _copy(cursor: Any, table: str, cells: str, columns: tuple[str, ...]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        copy.write(cells)


def _replace(cursor: Any, cells: str, columns: tuple[str, ...]) -> None:
    cursor.execute(
        "CREATE TEMP TABLE fresh (LIKE identity_reading INCLUDING DEFAULTS) ON COMMIT DROP"
    )
    _copy(cursor, "fresh", cells, columns)
    sets = ", ".join(f"{c} = excluded.{c}" for c in columns[1:])
    listed = ", ".join(columns)
    cursor.execute(
        f"INSERT INTO identity_reading ({listed}) SELECT {listed} FROM fresh"
        f" ON CONFLICT (record_id) DO UPDATE SET {sets}"
    )
    cursor.execute("DROP TABLE fresh")


def _cells(column: Sequence[Any]) -> list[Any]:
    return [("t" if v else "f") if isinstance(v, bool) else v for v in column]

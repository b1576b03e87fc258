"""Unread records, read into the form in which they are compared, with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from dangol.identity.matching.blocking import block_keys
from dangol.identity.models import Reading
from dangol.identity.reading.people import COLUMNS, Person, read_person
from dangol.imports.staging import copy_text

FIELDS = {"birth": "born_on", "number": "member_no"}
"""What the reading calls otherwise than the record."""
WANTED = (
    "name", "given_name", "family_name", "phone", "phone2", "email", "number", "address", "postcode",
    "district", "birth", "gender",
)  # fmt: skip


def read(values: dict[str, Any], this_year: int) -> tuple[Person, list[str]]:
    """What a record says, as it is compared, and what was strange about it."""
    raw = {name: str(values.get(FIELDS.get(name, name)) or "") for name in WANTED}
    return read_person(raw, this_year)


def person_of(reading: Reading) -> Person:
    """What is compared, of a stored reading."""
    return Person(**{column: getattr(reading, column) for column in COLUMNS})


Kept = tuple[int, str, dict[str, Any]]
"""A record as it is read: id, kind, values."""


def store_readings(records: Sequence[Kept], this_year: int) -> dict[int, Person]:
    """Read these records and store readings and keys, in place of those that were there."""
    people: dict[int, Person] = {}
    rows: list[list[Any]] = []
    keys: list[str] = []
    for number, kind, values in records:
        person, strange = read(values, this_year)
        people[number] = person
        told = "{" + ",".join(strange) + "}"
        rows.append([number, kind, *(getattr(person, c) for c in COLUMNS), told])
        keys += [f"{key}\t{number}\n" for key in set(block_keys(person))]
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
            _replace(cursor, cells)
        else:
            _copy(cursor, "identity_reading", cells)
        with cursor.copy("COPY identity_blockkey (key, reading_id) FROM STDIN") as copy:
            copy.write("".join(keys))
    return people


STORED = ("record_id", "kind", *COLUMNS, "strange")


def _copy(cursor: Any, table: str, cells: str) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(STORED)}) FROM STDIN") as copy:
        copy.write(cells)


def _replace(cursor: Any, cells: str) -> None:
    cursor.execute("CREATE TEMP TABLE fresh (LIKE identity_reading) ON COMMIT DROP")
    _copy(cursor, "fresh", cells)
    sets = ", ".join(f"{c} = excluded.{c}" for c in STORED[1:])
    listed = ", ".join(STORED)
    cursor.execute(
        f"INSERT INTO identity_reading ({listed}) SELECT {listed} FROM fresh"
        f" ON CONFLICT (record_id) DO UPDATE SET {sets}"
    )
    cursor.execute("DROP TABLE fresh")


def _cells(column: Sequence[Any]) -> list[Any]:
    return [("t" if v else "f") if isinstance(v, bool) else v for v in column]

"""Unread records, read into the form in which they are compared, with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from dangol.customers.records.models import SourceRecord
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


def read(record: SourceRecord, this_year: int) -> tuple[Person, list[str]]:
    """A record as it is compared, and what was strange about it."""
    values = record.values
    raw = {name: str(values.get(FIELDS.get(name, name)) or "") for name in WANTED}
    return read_person(raw, this_year)


def person_of(reading: Reading) -> Person:
    """What is compared, of a stored reading."""
    return Person(**{column: getattr(reading, column) for column in COLUMNS})


def store_readings(records: Sequence[SourceRecord], this_year: int) -> dict[int, Person]:
    """Read these records, store readings and keys, and mark the records as read."""
    people: dict[int, Person] = {}
    rows: list[list[Any]] = []
    keys: list[tuple[int, int]] = []
    for record in records:
        person, strange = read(record, this_year)
        people[record.pk] = person
        told = "{" + ",".join(strange) + "}"
        rows.append([record.pk, record.kind, *(getattr(person, c) for c in COLUMNS), told])
        keys += [(key, record.pk) for key in set(block_keys(person))]
    ids = list(people)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_blockkey WHERE reading_id = ANY(%s)", [ids])
        columns = ("record_id", "kind", *COLUMNS, "strange")
        listed = ", ".join(columns)
        cursor.execute("CREATE TEMP TABLE fresh (LIKE identity_reading) ON COMMIT DROP")
        with cursor.copy(f"COPY fresh ({listed}) FROM STDIN") as copy:
            copy.write(copy_text([_cells(column) for column in zip(*rows, strict=True)]))
        sets = ", ".join(f"{c} = excluded.{c}" for c in columns[1:])
        cursor.execute(
            f"INSERT INTO identity_reading ({listed}) SELECT {listed} FROM fresh"
            f" ON CONFLICT (record_id) DO UPDATE SET {sets}"
        )
        cursor.execute("DROP TABLE fresh")
        with cursor.copy("COPY identity_blockkey (key, reading_id) FROM STDIN") as copy:
            copy.write("".join(f"{key}\t{record}\n" for key, record in keys))
        cursor.execute("UPDATE customers_sourcerecord SET unread = false WHERE id = ANY(%s)", [ids])
    return people


def _cells(column: Sequence[Any]) -> list[Any]:
    return [("t" if v else "f") if isinstance(v, bool) else v for v in column]

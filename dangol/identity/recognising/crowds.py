"""What a crowd of different names gave says nothing about who somebody is: it is left out of what is
compared one by one, as `matching.full.load` leaves it out of all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from dangol.identity.matching.blocking import CROWD, value_key
from dangol.identity.matching.kinds import Form, Kind, kind_of
from dangol.identity.recognising.candidates import Candidate

ENOUGH = 1000
"""So many records of a value are looked at for their names: of more than that a crowd shows in these."""

MANY = """
SELECT wanted.key FROM unnest(%(keys)s::bigint[]) AS wanted(key)
WHERE (SELECT count(*) FROM (
    SELECT FROM identity_blockkey b WHERE b.key = wanted.key LIMIT %(crowd)s + 1) few) > %(crowd)s
"""
NAMES = """
SELECT count(DISTINCT name) > %s FROM (
    SELECT (SELECT r.name FROM identity_reading r
            WHERE r.record_id = b.reading_id AND r.{column} = %s) AS name
    FROM identity_blockkey b WHERE b.key = %s LIMIT %s) said
"""
"""Record by record through its number, whatever the planner knows of the tables."""

Value = tuple[str, str]
"""(column, what records say there)"""


def without_crowds(form: Form, found: list[Candidate]) -> list[Candidate]:
    """The candidates of a record, they and it without telephones and e-mails that a crowd gave."""
    kind, forms = kind_of(form), [form, *(c.form for c in found)]
    said = {(column, value) for one in forms for column, value in _said(one, kind)}
    crowds = crowds_among(said, kind)
    for one in forms if crowds else ():
        for column, value in _said(one, kind):
            if (column, value) in crowds:
                setattr(one, column, "")
    return found


def _said(form: Form, kind: Kind) -> list[Value]:
    told = ((column, getattr(form, column)) for column in kind.shared)
    return [(column, value) for column, value in told if value]


def crowds_among(values: Iterable[Value], kind: Kind) -> set[Value]:
    """Those of the values that more different names than a few gave: asked at once of all, and of those
    alone whom many records say how many names these are."""
    keys = {value_key(*one, kind.rules): one for one in values}
    if not keys:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"keys": list(keys), "crowd": CROWD})
        many = [row[0] for row in cursor.fetchall()]
        return {keys[key] for key in many if _many_names(cursor, key, *keys[key])}


def _many_names(cursor: Any, key: int, column: str, value: str) -> bool:
    cursor.execute(NAMES.format(column=column), [CROWD, value, key, ENOUGH])
    return bool(cursor.fetchone()[0])

"""Rows without a value in the column of the order are read once each, also after a lost connection."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from django.conf import settings

from dangol.sources.connecting import Ask, connector
from dangol.sources.connecting.values import kept, unkept

NAMES = ["id", "name"]
COUNT = 5_000


def test_nothing_is_kept_as_nothing():
    assert unkept(kept(None)) is None


def read_in_parts(connection: str, reach: dict[str, str], hidden: str = "") -> list[str]:
    """Every key, with a new connection after each piece."""
    found: list[str] = []
    cursor: dict[str, object] = {}
    while True:
        opened = connector(connection, reach, hidden)
        pieces = opened.read(Ask("people", NAMES, ["id"], "changed", {}, cursor))
        piece = next(pieces, None)
        pieces.close()  # type: ignore[attr-defined]
        opened.close()
        if piece is None or not piece.rows:
            return found
        found += [row[0] for row in piece.rows]
        cursor = piece.cursor


@pytest.mark.django_db
def test_postgresql_is_read_on_within_rows_without_a_day(postgres_reach):
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"]) as others:  # fmt: skip
        others.execute("CREATE TABLE people AS SELECT n AS id, 'x' AS name, CASE WHEN n % 2 = 0 THEN date '2026-01-01' + n END AS changed"
                       f" FROM generate_series(1, {COUNT}) n")  # fmt: skip
    found = read_in_parts("postgresql", postgres_reach)
    assert sorted(map(int, found)) == list(range(1, COUNT + 1)) and len(found) == COUNT


@pytest.mark.django_db
def test_a_database_whose_empty_values_come_first_is_read_on_too():
    engine = sa.create_engine(f"sqlite:///{settings.INBOX}/shop.db")
    with engine.begin() as others:
        others.execute(sa.text("CREATE TABLE people (id integer, name text, changed date)"))
        others.execute(
            sa.text("INSERT INTO people VALUES (:id, 'x', :day)"),
            [{"id": n, "day": None if n % 2 else f"2026-01-{n % 28 + 1:02}"} for n in range(COUNT)],
        )
    engine.dispose()
    found = read_in_parts("database", {}, "sqlite:///shop.db")
    assert sorted(map(int, found)) == list(range(COUNT)) and len(found) == COUNT

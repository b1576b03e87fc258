"""Values that Python does not know, or that drivers give in their own way, are read and gone on from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pymysql
import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.connecting import Ask, Unreachable, Unusable, connector, patience
from dangol.sources.connecting.values import as_text, from_bytes
from dangol.sources.tests.factories import a_source, ran
from dangol.sources.tests.mariadb import mariadb_server
from dangol.sources.tests.test_gone_columns import PLAIN

COUNT = 4_500


@pytest.fixture
def others(postgres_reach) -> Any:  # type: ignore[no-untyped-def]
    """A connection to somebody's database."""
    at = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**at, autocommit=True) as db:
        yield db


def in_parts(kind: str, reach: dict[str, Any], key: str, mark: str = "", hidden: str = "") -> list[str]:  # fmt: skip
    """Every id, with a new connection after each piece."""
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        opened = connector(kind, reach, hidden)
        pieces = opened.read(Ask("people", ["id"], [key], mark, {}, cursor))
        piece = next(pieces, None)
        pieces.close()  # type: ignore[attr-defined]
        opened.close()
        if piece is None or not piece.rows:
            return found
        found += [row[0] for row in piece.rows]
        cursor = piece.cursor


@pytest.mark.django_db
def test_an_infinity_makes_no_table_unreadable(others, postgres_reach):
    others.execute("CREATE TABLE people AS SELECT n AS id, '고객' || n AS name, timestamptz '2026-01-01' + n * interval '1 s' AS upd FROM generate_series(1, 30) n")  # fmt: skip
    others.execute("INSERT INTO people VALUES (31, '끝', 'infinity'), (32, '처음', '-infinity'), (33, '먼', '20000-01-01'), (34, '옛', '0044-03-15 BC')")  # fmt: skip
    mapping = PLAIN | {"as_of": {"from": ["upd"]}}
    source = a_source(
        connection="postgresql", reach=postgres_reach, place="people", mapping=mapping, full=False, watermark="upd"
    )  # fmt: skip
    assert ran(source).new == 34 and SourceRecord.objects.count() == 34
    source.refresh_from_db()
    assert source.watermark["kind"] == "moment" and source.watermark["value"].startswith("2026-01-01")  # fmt: skip
    others.execute("UPDATE people SET name = 'x', upd = timestamptz '2026-02-01' WHERE id = 7")
    assert ran(source).changed == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "expression",
    ["decode(lpad(to_hex(n), 8, 'f'), 'hex')", "n * interval '1 month - 3 days'",
     "CASE WHEN n % 3 = 0 THEN timestamptz 'infinity' ELSE timestamptz '2026-01-01' + n * interval '1 s' END",
     "CASE WHEN n % 3 = 0 THEN 'NaN'::numeric ELSE n END", "gen_random_uuid()"],
    ids=["bytes", "span", "infinity", "no number", "uuid"],
)  # fmt: skip
def test_reading_goes_on_from_any_key_of_postgresql(others, postgres_reach, expression):
    others.execute(f"CREATE TABLE people AS SELECT n AS id, {expression} AS k FROM generate_series(1, {COUNT}) n")  # fmt: skip
    found = in_parts("postgresql", postgres_reach, "id", "k")
    assert len(found) == COUNT and sorted(map(int, found)) == list(range(1, COUNT + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["json", "jsonb", "int[]"])
def test_a_key_without_an_order_is_refused_with_a_sentence(others, postgres_reach, kind):
    others.execute(f"CREATE TABLE people (id int, k {kind})")
    with pytest.raises(Unusable) as failure:
        in_parts("postgresql", postgres_reach, "k")
    assert "“k”" in failure.value.said


@pytest.mark.django_db
def test_an_error_of_the_question_is_no_silence(others, postgres_reach):
    others.execute("CREATE VIEW people AS SELECT 1 AS id, 1 / (random()::int * 0) AS name")
    with pytest.raises(Unusable) as failure:
        list(connector("postgresql", postgres_reach, "").read(Ask("people", ["id", "name"], ["id"])))  # fmt: skip
    assert "division by zero" in failure.value.said


@pytest.mark.django_db
def test_a_table_that_stays_locked_is_named_so(others, postgres_reach, monkeypatch):
    monkeypatch.setattr(patience, "LOCK", 1)
    others.execute("CREATE TABLE people (id int)")
    at = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**at) as holder:
        holder.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unreachable) as failure:
            list(connector("postgresql", postgres_reach, "").read(Ask("people", ["id"], ["id"])))
    assert failure.value.reason == patience.LOCKED and failure.value.facts == {"seconds": 1}


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db
def test_mariadb_s_own_kinds_are_read_as_they_are_written(monkeypatch):
    monkeypatch.setattr(patience, "LOCK", 1)
    with mariadb_server() as server:
        at = {"unix_socket": server.socket, "user": "reader", "password": "s3cret", "database": "others", "autocommit": True}  # fmt: skip
        with pymysql.connect(**at) as db:
            cursor = db.cursor()
            cursor.execute("CREATE TABLE odd (id int, s SET('b','a','c'), t TIME, v VARBINARY(16))")
            cursor.execute("INSERT INTO odd VALUES (1, 'a,b', '-300:10:11', 0xff00ff01), (2, 'c', '08:05:00', 'abc')")  # fmt: skip
            opened = connector("mariadb", server.reach, "s3cret")
            [piece] = list(opened.read(Ask("odd", ["id", "s", "t", "v"], ["id"])))
            assert piece.rows == [["1", "b,a", "-300:10:11", "0xff00ff01"], ["2", "c", "08:05:00", "abc"]]  # fmt: skip
            cursor.execute("CREATE TABLE people (id int, v VARBINARY(16), t TIME, e ENUM('z','a'), s SET('z','a'))")  # fmt: skip
            cursor.executemany(
                "INSERT INTO people VALUES (%s, %s, %s, %s, %s)",
                [(n, b"\xff" + n.to_bytes(4, "big"), dt.timedelta(seconds=n * 400 - 900_000), "za"[n % 2], "za"[n % 2]) for n in range(COUNT)],
            )  # fmt: skip
            for mark in ("v", "t", "e", "s"):
                found = in_parts("mariadb", server.reach, "id", mark, "s3cret")
                assert len(found) == COUNT and sorted(map(int, found)) == list(range(COUNT)), mark
            cursor.execute("LOCK TABLES people WRITE")
            with pytest.raises(Unreachable) as failure:
                list(opened.read(Ask("people", ["id"], ["id"])))
            assert failure.value.reason == patience.LOCKED
            cursor.execute("UNLOCK TABLES")
            cursor.execute("CREATE VIEW broken AS SELECT id FROM people")
            cursor.execute("DROP TABLE people")
            with pytest.raises(Unusable):
                list(opened.read(Ask("broken", ["id"], ["id"])))
            opened.close()


def test_bytes_that_are_no_text_never_become_one_key():
    assert from_bytes("김".encode("cp949")) == from_bytes("김".encode()) == "김"
    keys = [b"\x00A", b"A\x01", b"\xff\x01", b"\xff\x02", b"A"]
    assert len({from_bytes(key) for key in keys}) == len(keys)
    assert as_text(dt.timedelta(hours=-300, minutes=-10, seconds=-11)) == "-300:10:11"
    assert as_text({"b", "a"}) == "a,b"

"""Every connector obeys one contract: folder, PostgreSQL, MariaDB, any other database, REST."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from dangol.sources.connecting import Ask, Connector, Unreachable, Unusable, connector
from dangol.sources.tests.endpoint import endpoint
from dangol.sources.tests.factories import put
from dangol.sources.tests.mariadb import MISSING, mariadb

ROWS = [
    [f"{n:04}", f"고객{n}", f"010-2000-{n:04}", f"2026-01-{n % 28 + 1:02}"] for n in range(4500)
]
NAMES = ["id", "name", "phone", "day"]


@dataclass
class Case:
    """A system that holds ROWS, and what reaches it."""

    connection: str
    reach: dict[str, Any]
    hidden: str
    place: str

    def open(self) -> Connector:
        return connector(self.connection, self.reach, self.hidden)


def fill(execute, many) -> None:  # type: ignore[no-untyped-def]
    execute("CREATE TABLE people (id varchar(10) PRIMARY KEY, name varchar(40), phone varchar(20), day date)")  # fmt: skip
    many("INSERT INTO people VALUES (%s, %s, %s, %s)", ROWS)


@pytest.fixture(params=["folder", "postgresql", "mariadb", "database", "rest"])
def case(request, settings, tmp_path):  # type: ignore[no-untyped-def]
    """One system of each kind."""
    match request.param:
        case "folder":
            settings.INBOX = tmp_path
            put("people.csv", [NAMES, *ROWS])
            yield Case("folder", {}, "", "people.csv")
        case "postgresql":
            reach = request.getfixturevalue("postgres_reach")
            with psycopg.connect(host=reach["socket"], user=reach["user"], dbname=reach["database"]) as db:  # fmt: skip
                fill(db.execute, db.cursor().executemany)
            yield Case("postgresql", reach, "", "people")
        case "mariadb":
            if MISSING:
                pytest.fail("these tests need MariaDB: run scripts/setup.sh test")
            with mariadb() as reach:
                import pymysql

                with pymysql.connect(unix_socket=reach["socket"], user=reach["user"], password="s3cret",
                                     database=reach["database"], autocommit=True) as db:  # fmt: skip
                    fill(db.cursor().execute, db.cursor().executemany)
                yield Case("mariadb", reach, "s3cret", "people")
        case "database":
            path = settings.INBOX / "others.db"
            with sqlite3.connect(path) as db:
                fill(db.execute, lambda sql, rows: db.executemany(sql.replace("%s", "?"), rows))
            yield Case("database", {}, f"sqlite:///{path}", "people")
        case "rest":
            objects = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
            with endpoint(objects, token="Bearer t0ken") as address:
                settings.INNER_HOSTS = ["127.0.0.1"]
                reach = {"url": address, "paths": "people", "items": "data.items", "size": 500}
                yield Case("rest", reach, "Bearer t0ken", "people")


def read(case: Case, **more: Any) -> list[list[str]]:
    opened = case.open()
    ask = Ask(case.place, NAMES, ["id"], **more)
    try:
        return [row for piece in opened.read(ask) for row in piece.rows]
    finally:
        opened.close()


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db
def test_a_connector_obeys_the_contract(case):
    opened = case.open()
    assert opened.test()
    assert case.place in {place.name for place in opened.places()}
    assert opened.columns(case.place) == NAMES
    assert opened.sample(case.place, 3).rows == ROWS[:3]
    opened.close()
    assert read(case) == ROWS


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db
def test_reading_goes_on_after_any_piece(case):
    opened = case.open()
    pieces = []
    for piece in opened.read(Ask(case.place, NAMES, ["id"])):
        pieces.append(piece)
        if len(pieces) == 2:
            break
    opened.close()
    first = [row for piece in pieces for row in piece.rows]
    assert 0 < len(first) < len(ROWS)
    assert first + read(case, cursor=pieces[-1].cursor) == ROWS


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db
def test_a_place_that_is_not_there_is_refused(case):
    opened = case.open()
    with pytest.raises(Unusable):
        opened.columns("nowhere")
    opened.close()


@pytest.mark.django_db
def test_only_newer_rows_are_asked_of_a_database(postgres_reach):
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"]) as db:  # fmt: skip
        db.execute("CREATE TABLE people (id int PRIMARY KEY, changed timestamptz)")
        db.cursor().executemany(
            "INSERT INTO people VALUES (%s, %s)",
            [(n, dt.datetime(2026, 1, n + 1, tzinfo=dt.UTC)) for n in range(10)],
        )
    opened = connector("postgresql", postgres_reach, "")
    ask = Ask("people", ["id", "changed"], ["id"], "changed", full=False)
    pieces = list(opened.read(ask))
    assert pieces[-1].watermark == {"kind": "moment", "value": "2026-01-10T00:00:00+00:00"}
    ask.watermark = {"kind": "moment", "value": "2026-01-08T00:00:00+00:00"}
    assert [row[0] for piece in opened.read(ask) for row in piece.rows] == ["7", "8", "9"]
    opened.close()


def test_nobody_answers():
    for kind, reach in (
        ("postgresql", {"host": "127.0.0.1", "port": 1, "user": "x"}),
        ("mariadb", {"host": "127.0.0.1", "port": 1, "user": "x"}),
    ):
        opened = connector(kind, reach, "")
        with pytest.raises(Unreachable):
            opened.test()

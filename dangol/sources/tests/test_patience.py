"""A database that keeps silent holds no worker for ever, and the failure says what to do."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from django.db import connection as ours

from dangol.sources.actions import start_run
from dangol.sources.connecting import Ask, Unreachable, connector, patience
from dangol.sources.connecting.patience import options_of
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import a_source
from dangol.sources.tests.mariadb import mariadb_server
from dangol.sources.tests.silent import line_to

PLAIN = {"key": {"from": ["id"]}, "name": {"from": ["name"]}}
ASK = Ask("people", ["id", "name"], ["id"])


@pytest.fixture(autouse=True)
def short(settings, monkeypatch):  # type: ignore[no-untyped-def]
    """A second is long here."""
    settings.SOURCE_PATIENCE = 1
    monkeypatch.setattr(patience, "GRACE", 0.5)


@pytest.fixture
def people(postgres_reach) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """How psycopg reaches a table of people."""
    others = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**others) as db:
        db.execute("CREATE TABLE people AS SELECT n AS id, repeat('x', 100) AS name FROM generate_series(1, 10000) n")  # fmt: skip
    return others


def test_a_table_that_somebody_locks_is_waited_for_only_so_long(db, people, postgres_reach):
    source = a_source(connection="postgresql", reach=postgres_reach, place="people", mapping=PLAIN)
    run = start_run(source, by=None, now=False)
    run.names = ["id", "name"]
    run.save()
    with psycopg.connect(**people) as other:
        other.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(Unreachable) as failure:
            carry_on(run.pk)
        assert time.monotonic() - begun < 10
    assert failure.value.facts == {"seconds": 1}
    assert "DANGOL_SOURCE_PATIENCE" in failure.value.said
    assert carry_on(run.pk).new == 10_000


def test_a_server_that_hangs_while_it_is_read_is_left(db, people, postgres_reach):
    own = ours.get_connection_params()
    with line_to(f"{postgres_reach['socket']}/.s.PGSQL.{own.get('port') or 5432}") as line:
        reach = postgres_reach | {"host": "127.0.0.1", "port": str(line.port)}
        del reach["socket"]
        opened = connector("postgresql", reach, "")
        pieces = opened.read(ASK)
        assert len(next(pieces).rows) == 2000
        line.hang.set()
        begun = time.monotonic()
        with pytest.raises(Unreachable) as failure:
            list(pieces)
        opened.close()
    assert time.monotonic() - begun < 10 and failure.value.facts == {"seconds": 1}


def test_what_we_do_with_a_piece_is_not_the_database_s_silence(db, people, postgres_reach):
    opened = connector("postgresql", postgres_reach, "")
    count = 0
    for piece in opened.read(ASK):
        count += len(piece.rows)
        time.sleep(2.0 if count == 2000 else 0)
    opened.close()
    assert count == 10_000


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db
def test_a_mariadb_that_keeps_silent_is_left_too():
    with mariadb_server() as server:
        at = {"unix_socket": server.socket, "user": "reader", "password": "s3cret", "database": "others"}  # fmt: skip
        with pymysql.connect(**at) as db:
            db.cursor().execute("CREATE TABLE people (id int PRIMARY KEY, name varchar(40))")
            db.cursor().execute("LOCK TABLES people WRITE")
            opened = connector("mariadb", server.reach, "s3cret")
            with pytest.raises(Unreachable) as failure:
                list(opened.read(ASK))
            opened.close()
    assert failure.value.facts == {"seconds": 1}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql+mysqldb://h/d", {"connect_timeout": 10, "read_timeout": 7, "write_timeout": 7}),
        ("mssql+pymssql://h/d", {"login_timeout": 10, "timeout": 7}),
        ("oracle+oracledb://h/d", {"tcp_connect_timeout": 10}),
        ("postgresql+pg8000://h/d", {"timeout": 7}),
        ("sqlite:///x", {}),
    ],
)
def test_each_driver_is_told_in_its_own_words(url, told):
    assert options_of(sa.make_url(url), 7) == told

"""A database that dies while rows without a watermark are read loses none of the others."""

from __future__ import annotations

import psycopg
import pymysql
import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.actions import start_run
from dangol.sources.connecting import Unreachable
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import a_source
from dangol.sources.tests.mariadb import mariadb_server
from dangol.sources.tests.test_dies_in_the_middle import after_pieces
from dangol.sources.tests.test_gone_columns import PLAIN

ROWS = 30_000
__all__ = ["after_pieces"]


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db(transaction=True)
def test_mariadb_where_the_empty_ones_come_first(after_pieces):
    with mariadb_server() as server:
        with pymysql.connect(
            unix_socket=server.socket, user="reader", password="s3cret", database="others", autocommit=True
        ) as db:  # fmt: skip
            cursor = db.cursor()
            cursor.execute("CREATE TABLE people (id int PRIMARY KEY, name varchar(400), upd datetime)")  # fmt: skip
            cursor.executemany(
                "INSERT INTO people VALUES (%s, %s, if(%s %% 2, NULL, '2026-01-01' + INTERVAL %s SECOND))",
                [(n, "김" * 100, n, n) for n in range(ROWS)],
            )  # fmt: skip
        source = a_source(
            connection="mariadb", reach=server.reach, hidden="s3cret", place="people", mapping=PLAIN, full=False, watermark="upd"
        )  # fmt: skip
        run = start_run(source, by=None, now=False)
        after_pieces(3, server.kill)
        with pytest.raises(Unreachable):
            carry_on(run.pk)
        run.refresh_from_db()
        assert 0 < run.rows < ROWS // 2 and run.cursor["at"][0] == {"kind": "nothing", "value": None}  # fmt: skip
        server.start()
        run = carry_on(run.pk)
    assert (run.state, run.rows, run.new, run.refused) == ("finished", ROWS, ROWS, 0)
    assert SourceRecord.objects.count() == ROWS


@pytest.mark.django_db
def test_postgresql_where_they_come_last(postgres_reach, after_pieces):
    at = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**at) as db:
        db.execute(f"CREATE TABLE people AS SELECT n AS id, '고객' || n AS name, repeat('김', 300) AS note, CASE WHEN n % 3 = 0 THEN timestamptz '2026-01-01' + n * interval '1 s' END AS upd FROM generate_series(1, {ROWS}) n")  # fmt: skip

    def cut() -> None:
        with psycopg.connect(**at, autocommit=True) as db:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip

    source = a_source(
        connection="postgresql", reach=postgres_reach, place="people", mapping=PLAIN, full=False, watermark="upd"
    )  # fmt: skip
    run = start_run(source, by=None, now=False)
    after_pieces(8, cut)
    with pytest.raises(Unreachable):
        carry_on(run.pk)
    run.refresh_from_db()
    assert run.cursor["at"][0] == {"kind": "nothing", "value": None}
    run = carry_on(run.pk)
    assert (run.state, run.rows, run.new, run.refused) == ("finished", ROWS, ROWS, 0)

"""A system that dies or errs in the middle: the run says so, nothing is half applied, and goes on."""

from __future__ import annotations

from typing import Any

import psycopg
import pymysql
import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run, start_run
from dangol.sources.connecting import Unreachable, Unusable
from dangol.sources.models import LandedRow, Run
from dangol.sources.running import carrying, reading, retrying
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.endpoint import Mishap, endpoint
from dangol.sources.tests.factories import a_source
from dangol.sources.tests.mariadb import MISSING, mariadb_server

ROWS = 60_000
PLAIN = {"key": {"from": ["id"]}, "name": {"from": ["name"]}, "phone": {"from": ["phone"]}}
PEOPLE = [{"id": f"{n:04}", "name": f"고객{n}", "phone": f"010-2000-{n:04}"} for n in range(1000)]


@pytest.fixture
def after_pieces(monkeypatch):  # type: ignore[no-untyped-def]
    """Does something once so many pieces have landed."""

    def wait(pieces: int, work: Any) -> None:
        landed, land = [], reading.land

        def landing(*said: Any) -> Run:
            run = land(*said)
            landed.append(run.rows)
            if len(landed) == pieces:
                work()
            return run

        monkeypatch.setattr(reading, "land", landing)

    return wait


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db(transaction=True)
def test_a_mariadb_that_is_killed_leaves_nothing_half_done(after_pieces):
    if MISSING:
        pytest.fail("these tests need MariaDB: run scripts/setup.sh test")
    with mariadb_server() as server:
        with pymysql.connect(
            unix_socket=server.socket, user="reader", password="s3cret", database="others"
        ) as db:
            db.cursor().execute("CREATE TABLE people (id int PRIMARY KEY, name varchar(40), phone varchar(20), note varchar(400))")  # fmt: skip
            db.cursor().executemany(
                "INSERT INTO people (id, name, phone) VALUES (%s, %s, %s)",
                [(n, f"고객{n}", f"010-2{n // 10000:03}-{n % 10000:04}") for n in range(ROWS)],
            )
            db.cursor().execute("UPDATE people SET note = repeat('김', 100)")
            db.commit()
        source = a_source(
            code="old", connection="mariadb", reach=server.reach, hidden="s3cret", place="people",
            mapping=PLAIN,
        )  # fmt: skip
        run = start_run(source, by=None, now=False)
        after_pieces(2, server.kill)
        with pytest.raises(Unreachable):
            carry_on(run.pk)
        run.refresh_from_db()
        read_before = run.rows
        assert run.state == "reading" and 0 < read_before < ROWS
        assert run.strange["connection_lost"]["count"] == 1
        assert LandedRow.objects.count() == read_before and not SourceRecord.objects.exists()
        with pytest.raises(Unreachable):
            carry_on(run.pk)  # still dead
        server.start()
        run = carry_on(run.pk)
        assert (run.state, run.rows, run.new, run.refused) == ("finished", ROWS, ROWS, 0)
        assert SourceRecord.objects.filter(revision=1).count() == ROWS


@pytest.mark.django_db
def test_a_postgresql_that_ends_the_connection_is_read_on(postgres_reach, after_pieces):
    others = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**others) as db:
        db.execute("CREATE TABLE people AS SELECT n AS id, '고객' || repeat('김', 100) AS name, '' AS phone FROM generate_series(1, 30000) n")  # fmt: skip
    source = a_source(connection="postgresql", reach=postgres_reach, place="people", mapping=PLAIN)

    def cut() -> None:
        with psycopg.connect(**others, autocommit=True) as db:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip

    run = start_run(source, by=None, now=False)
    after_pieces(2, cut)
    with pytest.raises(Unreachable):
        carry_on(run.pk)
    assert not SourceRecord.objects.exists()
    assert (carry_on(run.pk).new, SourceRecord.objects.count()) == (30_000, 30_000)


def from_endpoint(settings: Any, mishap: Mishap) -> Any:
    """An endpoint of a thousand people in pages of a hundred, where something goes wrong."""
    settings.INNER_HOSTS = ["127.0.0.1"]
    return endpoint(PEOPLE, token="t", mishap=mishap)


def source_of(address: str) -> Any:
    """The endpoint, connected."""
    reach = {"url": address, "paths": "people", "items": "data.items", "size": 100}
    return a_source(connection="rest", reach=reach, hidden="t", place="people", mapping=PLAIN)


@pytest.mark.parametrize(
    "wrong",
    [{"status": 500}, {"status": 429}, {"cut": "loudly"}, {"cut": "silently"}, {"shows": 6}],
    ids=["answers 500", "asks for patience", "cuts the body", "cuts it silently", "repeats a page"],
)
@pytest.mark.django_db
def test_an_endpoint_that_errs_once_is_read_on_from_that_page(settings, wrong):
    asked: list[int] = []

    def mishap(number: int) -> dict[str, Any]:
        asked.append(number)
        return wrong if number == 7 and asked.count(7) == 1 else {}

    with from_endpoint(settings, mishap) as address:
        run = start_run(source_of(address), by=None, now=False)
        asked.clear()
        with pytest.raises(Unreachable):
            carry_on(run.pk)
        run.refresh_from_db()
        assert (run.state, run.rows) == ("reading", 600)
        assert run.strange["connection_lost"]["count"] == 1
        assert not SourceRecord.objects.exists()
        asked.append(0)
        run = carry_on(run.pk)
    assert (run.state, run.new, run.refused) == ("finished", 1000, 0)
    assert asked[asked.index(0) + 1 :] == [7, 8, 9, 10, 11]
    assert SourceRecord.objects.count() == 1000


@pytest.mark.django_db
def test_an_endpoint_without_pages_is_not_read_for_ever(settings):
    with from_endpoint(settings, lambda number: {"shows": 1}) as address:
        run = start_run(source_of(address), by=None, now=False)
        with pytest.raises(Unreachable) as failure:
            carry_on(run.pk)
    assert "same page twice" in failure.value.reason
    run.refresh_from_db()
    assert run.rows == 100 and not SourceRecord.objects.exists()


@pytest.mark.django_db
def test_smaller_pages_bring_rows_twice_and_lose_none(settings):
    with from_endpoint(settings, lambda number: {"size": 50} if number > 5 else {}) as address:
        run = carry_on(start_run(source_of(address), by=None, now=False).pk)
    assert (run.state, run.new, run.gone) == ("finished", 1000, 0)
    assert SourceRecord.objects.count() == 1000
    assert set(run.refused_rows.values_list("reason", flat=True)) == {retrying.AGAIN}


@pytest.mark.django_db
def test_larger_pages_in_the_middle_are_asked_about(settings, world):
    with from_endpoint(settings, lambda number: {"size": 200} if number > 3 else {}) as address:
        source = source_of(address)
        run = carry_on(start_run(source, by=None, now=False).pk)
        assert run.state == "asks" and run.asked == {"why": "pages_grew"}
        assert not SourceRecord.objects.exists()
        allow_run(run, by=world.anna)
        run = carry_on(run.pk)
    assert (run.state, run.new) == ("finished", 700)


@pytest.mark.django_db
def test_an_endpoint_that_is_another_thing_fails_for_good(settings, monkeypatch):
    with from_endpoint(settings, lambda number: {}) as address:
        run = start_run(source_of(address), by=None, now=False)
        refuse = lambda *_a, **_b: (_ for _ in ()).throw(Unusable("The answer is no JSON."))  # noqa: E731
        monkeypatch.setattr("dangol.sources.connecting.rest.Endpoint.page", refuse)
        run = carrying.carry_on(run.pk)
    assert run.state == "failed" and "The answer is no JSON." in run.failure
    assert not LandedRow.objects.exists() and not SourceRecord.objects.exists()

"""Days that are none are empty, named, and move nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import psycopg
import pytest

from dangol.customers.models import SourceRecord
from dangol.purchases.models import Product
from dangol.sources.connecting.values import counts
from dangol.sources.no_days import no_day, says_when
from dangol.sources.tests.endpoint import endpoint
from dangol.sources.tests.factories import HEADINGS, MAPPING, a_source, put, ran
from dangol.sources.tests.test_gone_columns import PLAIN

DATED = MAPPING | {"as_of": {"from": ["수정일"]}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("0000-00-00", "zero_date"), ("0000-00-00 00:00:00", "zero_date"), ("00000000", "zero_date"),
        ("0", "zero_date"), ("1900-01-00", "zero_date"), ("0000.00.00", "zero_date"),
        ("0001-01-01", "placeholder_date"), ("0001-01-01T00:00:00Z", "placeholder_date"),
        ("99999999", "placeholder_date"), ("9999-12-31 23:59:59", "placeholder_date"),
        ("1970-01-01 09:00:00", "placeholder_date"), ("1900-1-1", "placeholder_date"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("steps", [[], [["date", "ymd"]]])
def test_a_last_change_that_is_none_is_an_empty_one(cell, what, steps):
    put("people.csv", [[*HEADINGS, "수정일"], ["1", "김철수", "", "", "", cell]])
    run = ran(a_source(mapping=DATED | {"as_of": {"from": ["수정일"], "do": steps}}))
    assert (run.new, run.refused) == (1, 0)
    assert {found: entry["count"] for found, entry in run.strange.items()} == {what: 1}
    assert SourceRecord.objects.get().as_of is None


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["1985-00-00", "19000100", "99999999", "0001-01-01"])
def test_a_date_of_birth_is_judged_alike(cell):
    put("people.csv", [HEADINGS, ["1", "김철수", "", "", cell]])
    run = ran(a_source())
    assert set(run.strange) <= {"zero_date", "placeholder_date"} and len(run.strange) == 1


@pytest.mark.django_db
def test_a_change_to_come_is_not_the_newest_for_ever():
    put("people.csv", [[*HEADINGS, "수정일"], ["1", "김철수", "", "", "", "2199-01-01"]])
    run = ran(a_source(mapping=DATED))
    assert run.new == 1 and run.strange["bad_value"]["count"] == 1
    assert SourceRecord.objects.get().as_of is None


@pytest.mark.parametrize(
    "cell", ["1985-01-31", "850131", "2026-03-01 10:20", "모름", "", "010-1234-5678", "700101"]
)
def test_other_days_are_days(cell):
    assert no_day(cell) == ""


@pytest.mark.parametrize(
    "value",
    [None, "", "0000-00-00", "99999999", "9999-12-31", "2199-01-01T00:00:00", 99999999, 0,
     dt.date(9999, 12, 31), dt.date(1, 1, 1), dt.datetime(2199, 1, 1, tzinfo=dt.UTC),
     float("inf"), Decimal("NaN")],
)  # fmt: skip
def test_what_says_nothing_moves_no_watermark(value):
    assert not counts(value)


@pytest.mark.parametrize(
    "value", ["2026-03-01", "20260301102030", "a17", 7, 12_345_678, Decimal(30), dt.date(2026, 3, 1), b"\x01", True]
)  # fmt: skip
def test_what_says_something_does(value):
    assert counts(value)
    assert not isinstance(value, str) or says_when(value)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["date", "timestamptz", "text"])
def test_a_placeholder_of_a_database_moves_no_watermark(postgres_reach, kind):
    at = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**at, autocommit=True) as others:
        others.execute(f"CREATE TABLE people AS SELECT n AS id, '고객' || n AS name, (date '2026-01-01' + n)::{kind} AS upd FROM generate_series(1, 9) n")  # fmt: skip
        others.execute("INSERT INTO people VALUES (10, '김철수', '9999-12-31'), (11, '이영희', '0001-01-01')")  # fmt: skip
        mapping = PLAIN | {"as_of": {"from": ["upd"]}}
        source = a_source(
            connection="postgresql", reach=postgres_reach, place="people", mapping=mapping,
            full=False, watermark="upd",
        )  # fmt: skip
        run = ran(source)
        assert (run.new, run.refused) == (11, 0)
        assert run.strange["placeholder_date"]["count"] == 2
        source.refresh_from_db()
        assert source.watermark["value"].startswith("2026-01-10")
        others.execute("UPDATE people SET name = '새 이름', upd = '2026-02-01' WHERE id = 3")
        run = ran(source)
        assert (run.full, run.changed, run.new) == (False, 1, 0)


@pytest.mark.django_db
def test_nor_one_of_an_endpoint(settings):
    objects = [{"id": "1", "name": "김철수", "upd": "2026-01-05"}, {"id": "2", "name": "이영희", "upd": "9999-12-31"}]  # fmt: skip
    settings.INNER_HOSTS = ["127.0.0.1"]
    with endpoint(objects, token="Bearer t") as address:
        reach = {"url": address, "paths": "people", "items": "data.items", "size": 500}
        source = a_source(connection="rest", reach=reach, hidden="Bearer t", place="people", mapping=PLAIN, full=False, watermark="upd")  # fmt: skip
        assert ran(source).new == 2
    source.refresh_from_db()
    assert source.watermark == {"kind": "text", "value": "2026-01-05"}


@pytest.mark.django_db
@pytest.mark.parametrize(("cell", "what"), [("9999-12-31", "placeholder_date"), ("0000-00-00", "zero_date")])  # fmt: skip
def test_an_end_that_is_none_refuses_no_product(cell, what):
    put("p.csv", [["code", "name", "until"], ["P1", "세단", cell], ["P2", "왜건", "2026-01-31"]])
    mapping = {"key": {"from": ["code"]}, "name": {"from": ["name"]}, "ended_on": {"from": ["until"]}}  # fmt: skip
    run = ran(a_source(code="p", entity="product", mapping=mapping))
    assert (run.new, run.refused, run.strange[what]["count"]) == (2, 0, 1)
    assert Product.objects.get(code="P1").ended_on is None

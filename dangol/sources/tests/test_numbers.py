"""Resident registration numbers are named by their columns, and stored nowhere, not even on the way."""

from __future__ import annotations

import json

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.customers.models import SourceRecord
from dangol.purchases.models import Transaction
from dangol.sources.models import LandedRow, RefusedRow, Run
from dangol.sources.running import reading
from dangol.sources.running.numbers import Numbers
from dangol.sources.tests.factories import HEADINGS, MAPPING, PEOPLE, a_source, put, ran
from dangol.sources.tests.test_api import call
from dangol.sources.tests.test_other_entities import BOUGHT

pytestmark = pytest.mark.django_db
WRITTEN = ["800131-1234567", "8001311234567", "８００１３１－１２３４５６７", "800131 1234567",
           "800131-1******", "8001311******", "800131–1234567"]  # fmt: skip


def everything() -> str:
    """All that the tables of sources and records hold."""
    with connection.cursor() as cursor:
        found = []
        for table in ("sources_run", "sources_landedrow", "sources_refusedrow", "sources_knownrow",
                      "customers_sourcerecord", "customers_recordversion"):  # fmt: skip
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("number", WRITTEN)
def test_every_way_to_write_one_is_counted_under_its_heading(number):
    rows = [[*row, number if n else "", "x"] for n, row in enumerate(PEOPLE)]
    put("people.csv", [[*HEADINGS, "고유값", "비고"], *rows])
    run = ran(a_source())
    assert run.new == 3 and run.strange["registration_number"]["count"] == 2
    assert run.strange["registration_number"]["columns"] == {"고유값": [2, 2]}
    assert run.strange["registration_number"]["samples"] == [[2, "", "고유값 × 2", "people.csv", 3]]
    assert number not in everything() and "800131" not in everything()
    assert SourceRecord.objects.get(key="2").raw["고유값"] == "[…]"


def test_columns_are_counted_apart_also_in_rows_that_are_refused(monkeypatch):
    monkeypatch.setattr("dangol.sources.connecting.folder.PIECE", 2)
    number = WRITTEN[0]
    rows = [["1", "김철수", "", "", "", number], ["2", number, "", "", "", ""],
            ["", "무번호", "", "", "", number], [number, "이영희", "", "", "", ""],
            ["5", "최지우", "", f"메모 {number}", "", ""], ["6", "정우성", "", "", "", "", number]]  # fmt: skip
    put("people.csv", [[*HEADINGS, "기타"], *rows])
    run = ran(a_source())
    columns = {name: count for name, (count, _line) in run.strange["registration_number"]["columns"].items()}  # fmt: skip
    assert columns == {"기타": 2, "성명": 1, "고객번호": 1, "이메일": 1, "#7": 1}
    assert (run.new, run.refused) == (2, 4)
    assert number not in everything()
    assert run.refused_rows.get(line=2).reason == "holds what looks like a resident registration number"  # fmt: skip


def test_nothing_of_them_waits_in_the_landing(monkeypatch):
    put("people.csv", [HEADINGS, ["1", "김철수", WRITTEN[0], WRITTEN[1], WRITTEN[2]]])
    seen = []
    usual = reading.look_at

    def look(key, token):  # type: ignore[no-untyped-def]
        seen.append(list(LandedRow.objects.values_list("cells", flat=True)))
        return usual(key, token)

    monkeypatch.setattr(reading, "look_at", look)
    ran(a_source())
    assert seen == [[["1", "김철수", "[…]", "[…]", "19800131-[…]"]]]


def test_a_column_named_after_them_needs_no_whole_number():
    cells = {"9001011": "[…]", "900101-1": "[…]", "101013234567": "[…]", "900101": "900101",
             "19900101": "19900101", "1248100998": "1248100998", "": ""}  # fmt: skip
    for heading in ("주민번호", "주민등록번호", "JUMIN_NO", "외국인등록번호", "RRN"):
        numbers = Numbers("person", {}, ["id", heading])
        assert {cell: numbers.cut(1, ["1", cell])[1] for cell in cells} == cells
    assert Numbers("person", {}, ["id", "code"]).cut(1, ["1", "9001011"]) == ["1", "9001011"]


def test_the_birth_date_may_be_read_from_one():
    born = MAPPING | {"born_on": {"from": ["생년월일"], "do": [["part", "1 -"], ["date", "ymd"]]}}
    rows = [["1", "김철수", "", "", "800131-1234567"], ["2", "이영희", "", "", "010203-4******"]]
    put("people.csv", [HEADINGS, *rows])
    run = ran(a_source(mapping=born))
    values = dict(SourceRecord.objects.values_list("key", "values__born_on"))
    assert values == {"1": "1980-01-31", "2": "2001-02-03"}
    assert run.strange["registration_number"]["columns"] == {"생년월일": [2, 1]}
    assert "1234567" not in everything()


def test_a_file_without_headings_keeps_none_in_their_place():
    put("people.csv", [["1", "김철수", "800131-1234567"], ["2", "이영희", ""]])
    plain = {"key": {"from": ["1"]}, "name": {"from": ["김철수"]}}
    source = a_source(mapping=plain)
    assert source.columns == ["1", "김철수", "[…]"]
    ran(source)
    assert "800131" not in everything()


def test_the_place_where_reading_went_on_holds_no_key_once_it_is_over(postgres_reach):
    at = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**at, autocommit=True) as others:
        others.execute("CREATE TABLE people (jumin text PRIMARY KEY, name text)")
        others.execute("INSERT INTO people VALUES ('800131-1234567', '김철수')")
    mapping = {"key": {"from": ["jumin"]}, "name": {"from": ["name"]}}
    run = ran(a_source(connection="postgresql", reach=postgres_reach, place="people", mapping=mapping))  # fmt: skip
    assert (run.refused, run.cursor) == (1, {})
    assert "800131" not in everything()


def test_corporate_numbers_are_none():
    mapping = {"key": {"from": ["id"]}, "name": {"from": ["name"]}, "corporate": {"from": ["crn"]}}
    put("firms.csv", [["id", "name", "crn"], ["1", "단골자동차", "130111-1234567"]])
    run = ran(a_source(entity="organisation", mapping=mapping))
    assert "registration_number" not in run.strange
    assert SourceRecord.objects.get().values["corporate"] == "1301111234567"


def test_of_purchases_order_numbers_stay_and_numbers_in_words_go(world):
    found = add_customer(name="김철수", by=None)
    SourceRecord.objects.create(source="till", key="77", customer=found)
    rows = [["no", "cust", "day", "store", "won", "note", "barcode"],
            ["2603011234567", "77", "2026-03-01", "MAPO", "1000", "주민 8001311234567 확인", "8801011234567"],
            ["260301-1000001", "77", "2026-03-01", "MAPO", "1000", "", ""],
            ["b", "800131-1234567", "2026-03-01", "MAPO", "1000", "800131-1234567", ""],
            ["c", "77", "2026-03-01", "MAPO", "800131-1234567", "", ""]]  # fmt: skip
    put("sales.csv", rows)
    run = ran(a_source(code="till", entity="transaction", mapping=BOUGHT | {"note": {"from": ["note"]}}))  # fmt: skip
    assert (run.new, run.refused) == (2, 2)
    bought = Transaction.objects.get(source_key="2603011234567")
    assert bought.note == "주민 […] 확인"
    assert Transaction.objects.filter(source_key="260301-1000001").exists()
    assert run.strange["registration_number"]["columns"] == {"note": [2, 1], "cust": [1, 3]}
    assert (
        "800131"
        not in json.dumps(list(RefusedRow.objects.values_list("cells", "facts"))) + everything()
    )


def test_the_page_and_a_program_name_the_columns(world, client):
    put("people.csv", [[*HEADINGS, "주민등록번호"], [*PEOPLE[0], WRITTEN[0]]])
    run = ran(a_source())
    client.force_login(world.anna)
    page = client.get(reverse("sources:run", args=[run.source_id, run.pk])).content.decode()
    assert "주민등록번호 × 1" in page
    told = call(client, world.anna, "GET", f"/source-runs/{run.pk}").json()
    assert told["resident_numbers"] == {"주민등록번호": 1}
    assert Run.objects.count() == 1

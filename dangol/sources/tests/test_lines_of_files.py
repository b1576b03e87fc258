"""Whoever mends a refused row finds it: by its file and line, or by the order of reading."""

from __future__ import annotations

import csv
import io
import os
import time
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.conf import settings
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.customers.records.models import SourceRecord
from dangol.sources.actions import start_run
from dangol.sources.connecting import folder
from dangol.sources.models import LandedRow
from dangol.sources.running import reading
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS as PEOPLE_HEADINGS
from dangol.sources.tests.factories import PEOPLE, a_source, put, ran

pytestmark = pytest.mark.django_db
BOUGHT = {
    "key": {"from": ["no"]}, "customer": {"from": ["cust"]}, "at": {"from": ["day"]},
    "site": {"from": ["store"]}, "amount": {"from": ["won"]}, "kind": {"value": "sale"},
    "note": {"from": ["note"]},
}  # fmt: skip
HEAD = "no,cust,day,store,won,note\r\n"
FIRST = (
    HEAD
    + 'a,77,2026-03-02,MAPO,1,"문\n앞\n왼쪽"\r\n\r\nb,77,2026-03-02,MAPO,much,\r\nc,77,2026-03-02,MAPO,2,\r\n'
)
SECOND = HEAD + '\r\n\r\nd,77,2026-03-03,MAPO,3,"둘째\r\n줄"\r\ne,78,2026-03-03,MAPO,4,"셋\n넷"\r\n'
STANDS = [(2, "jan.csv", 6), (5, "feb.csv", 6)]


@pytest.fixture
def customer(world):  # type: ignore[no-untyped-def]
    found = add_customer(name="김철수", by=None)
    SourceRecord.objects.create(source="till", key="77", customer=found)
    return found


def write(name: str, text: str, age: float) -> None:
    path = Path(settings.INBOX) / name
    path.write_bytes(text.encode())
    os.utime(path, (time.time() - age,) * 2)


def two_files():  # type: ignore[no-untyped-def]
    write("jan.csv", FIRST, 60)
    write("feb.csv", SECOND, 30)
    return a_source(code="till", entity="transaction", mapping=BOUGHT, full=False)


def stands(run) -> list[tuple[int, str, int]]:  # type: ignore[no-untyped-def]
    return list(run.refused_rows.order_by("line").values_list("line", "file", "file_line"))


def test_quoted_line_ends_and_blank_lines_are_counted_as_an_editor_counts_them(customer):
    assert stands(ran(two_files())) == STANDS


def test_a_reason_that_names_another_row_names_its_line(world):
    put("a.csv", [PEOPLE_HEADINGS, [""], PEOPLE[0], PEOPLE[0]])
    os.utime(put("b.csv", [PEOPLE_HEADINGS, PEOPLE[0]]), (time.time() + 1,) * 2)
    rows = ran(a_source(full=False)).refused_rows.order_by("line")
    assert [(row.file_line, row.facts["line"]) for row in rows] == [(4, 3), (2, "a.csv · 3")]


def test_a_row_of_a_workbook_is_told_by_the_row_of_its_sheet(world):
    book = openpyxl.Workbook()
    for row in ([], [], PEOPLE_HEADINGS, [], PEOPLE[0], ["", "무번호\n둘", "", "", ""]):
        book.active.append(row)
    book.save(Path(settings.INBOX) / "people.xlsx")
    assert stands(ran(a_source(place="*.xlsx"))) == [(2, "people.xlsx", 6)]


def test_a_table_has_no_file_and_says_so(postgres_reach, world, client):
    others = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**others) as db:
        db.execute("CREATE TABLE people (id int, name text)")
        db.execute("INSERT INTO people VALUES (1, '김철수'), (NULL, '무번호')")
    source = a_source(
        connection="postgresql", reach=postgres_reach, place="people",
        mapping={"key": {"from": ["id"]}, "name": {"from": ["name"]}},
    )  # fmt: skip
    run = ran(source)
    row = run.refused_rows.get()
    assert (row.file, row.file_line) == ("", 0)
    page, rows, items = told(client, world, run)
    assert f"읽은 순서로 {row.line}번째 행" in page
    assert (rows[0][:2], rows[1][0]) == (["행", "사유"], str(row.line))
    assert [(item["line"], item["file"], item["file_line"]) for item in items] == [
        (row.line, "", None)
    ]


def told(client, world, run):  # type: ignore[no-untyped-def]
    """The page, the rows of the file that is downloaded, and the rows of the API."""
    client.force_login(world.anna)
    page = client.get(reverse("sources:run", args=[run.source_id, run.pk])).content.decode()
    url = reverse("sources:refused", args=[run.source_id, run.pk])
    text = b"".join(client.get(url).streaming_content).decode().lstrip("\ufeff")
    items: list[dict[str, object]] = []
    api = f"/api/v1/source-runs/{run.pk}/refused?limit=1"
    answer = client.get(api).json()
    items += answer["items"]
    while answer["next"]:
        answer = client.get(f"{api}&after={answer['next']}").json()
        items += answer["items"]
    return page, list(csv.reader(io.StringIO(text))), items


def test_the_page_the_file_and_the_api_say_it(customer, client, world):
    page, rows, items = told(client, world, ran(two_files()))
    assert "jan.csv · 6행" in page and "feb.csv · 6행" in page
    assert rows[0][:3] == ["파일", "행", "사유"]
    assert [row[:2] for row in rows[1:]] == [[name, str(at)] for _row, name, at in STANDS]
    assert [(item["line"], item["file"], item["file_line"]) for item in items] == STANDS


def test_a_run_that_goes_on_in_the_middle_of_a_file_counts_on(customer, monkeypatch):
    monkeypatch.setattr(folder, "PIECE", 2)
    source, land, landed = two_files(), reading.land, []

    def dies(*said):  # type: ignore[no-untyped-def]
        landed.append(land(*said))
        if len(landed) == 3:
            raise KeyboardInterrupt
        return landed[-1]

    monkeypatch.setattr(reading, "land", dies)
    run = start_run(source, by=None, now=False)
    with pytest.raises(KeyboardInterrupt):
        carry_on(run.pk)
    assert LandedRow.objects.filter(run_id=run.pk).count() == 5
    monkeypatch.setattr(reading, "land", land)
    assert stands(carry_on(run.pk)) == STANDS


def test_rows_that_come_again_keep_their_file_and_line(customer):
    source = two_files()
    ran(source)
    write("mar.csv", HEAD + "f,79,2026-03-04,MAPO,6,\r\n", 10)
    run = ran(source)
    assert run.strange["retried"]["count"] == 2
    assert stands(run) == [(1, "mar.csv", 2), (2, "jan.csv", 6), (3, "feb.csv", 6)]


def test_samples_of_what_was_strange_say_it_too(customer):
    source = two_files()
    write("mar.csv", HEAD + '\r\ng,77,2026-03-04,MAPO,6,±èÃ¶¼ö\r\nh,77,2026-03-04,MAPO,6,±èÃ¶¼ö\r\n', 10)  # fmt: skip
    samples = ran(source).strange["garbled"]["samples"]
    assert [(file, at) for *_rest, file, at in samples][-1] == ("mar.csv", 4)

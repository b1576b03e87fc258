"""The tables of rates and measures as files: the same figures, the same scope, both forms."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.quality.measures.keeping import measure_records
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point, checked
from dangol.quality.tried.counting import count_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(world):
    """One right number of 강남, one wrong one of 해운대, both measured."""
    checked(a_point(world), "verified")
    checked(a_point(world, "HAEUNDAE", source="=web"), "wrong")
    count_checks()
    measure_records(policy_in_use(), timezone.localdate())
    return world


def told(client, name: str, **query: str) -> list[list[str]]:
    answer = client.get(reverse(f"quality:{name}"), {"form": "csv"} | query)
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_the_rates_as_a_file_are_those_of_the_page(client, figures) -> None:
    client.force_login(figures.anna)
    head, whole, *rows = told(client, "rates_file")
    assert head[:4] == ["나눈 기준", "값", "확인 시도", "틀림·이전"]
    assert whole[0] == "전체" and whole[2:5] == ["2", "1", "50.0"]
    sites = {row[1]: row[2:4] for row in rows if row[0] == "사업장"}
    assert sites == {"강남지점": ["1", "0"], "해운대서비스센터": ["1", "1"]}
    assert "'=web" in {row[1] for row in rows}, "no spreadsheet takes a name for a formula"


def test_a_file_is_narrowed_as_the_page_and_keeps_to_the_scope(client, figures) -> None:
    client.force_login(figures.anna)
    assert told(client, "rates_file", source="dealer")[1][2:4] == ["1", "0"]
    client.force_login(figures.grace)
    assert told(client, "rates_file")[1][2:4] == ["1", "0"]
    assert {row[1] for row in told(client, "measures_file")[1:]} == {"강남지점"}
    client.force_login(figures.ada)
    assert client.get(reverse("quality:rates_file")).status_code == 403


def test_the_measures_come_for_the_company_and_for_each_site(client, figures, monkeypatch) -> None:
    monkeypatch.setattr("dangol.quality.exporting.PIECE", 1)
    client.force_login(figures.anna)
    head, *rows = told(client, "measures_file")
    assert head[:5] == ["날짜", "사업장", "출처", "항목", "레코드"] and head[-5] == "완전성, %"
    assert {row[1] for row in rows} == {"회사", "강남지점", "해운대서비스센터"}
    names = [row for row in rows if row[1] == "회사" and row[3] == "이름"]
    assert [(row[4], row[5], row[-5]) for row in names] == [("1", "1", "100.0")] * 2
    assert len(rows) == len({tuple(row[1:4]) for row in rows})


def test_the_workbook_holds_numbers_as_numbers(client, figures) -> None:
    client.force_login(figures.anna)
    answer = client.get(reverse("quality:rates_file"), {"form": "xlsx"})
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][2:5] == (2, 1, 50)

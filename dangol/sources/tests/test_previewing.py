"""The ten rows show what is refused as it came, and why."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.core.masking import see_whole
from dangol.sources.previewing import Cell, preview, sample_of
from dangol.sources.showing import shown_cell
from dangol.sources.tests.factories import HEADINGS, MAPPING, PEOPLE, a_source, put
from dangol.sources.tests.test_other_entities import BOUGHT

pytestmark = pytest.mark.django_db


def shown(rows, mapping=None, **more):  # type: ignore[no-untyped-def]
    """The rows of a file as they would be read."""
    put("people.csv", rows)
    source = a_source(mapping=mapping, **more)
    return preview(source, source.mapping, sample_of(source))


def cell(row, column: str) -> Cell:  # type: ignore[no-untyped-def]
    """One cell of a row."""
    return next(one for one in row.cells if one.column == column)


@pytest.mark.parametrize(
    ("column", "at", "came", "why"),
    [
        ("phone", 2, "12", "“%(cell)s” is not a phone number"),
        ("phone", 2, "박영희", "name_in_phone"),
        ("phone", 2, "010-1234-5678", "test_data"),
        ("email", 3, "not-an-address", "“%(cell)s” is not an e-mail address"),
        ("born_on", 4, "1985-13-45", "“%(cell)s” is not a date of the calendar"),
        ("born_on", 4, "0000-00-00", "zero_date"),
        ("email", 3, "#REF!", "error_cell"),
    ],
)
def test_a_value_that_is_left_out_stands_there_with_its_reason(column, at, came, why):
    row = list(PEOPLE[0])
    row[at] = came
    [looked], _numbers = shown([HEADINGS, row])
    found = cell(looked, column)
    assert looked.refused is None and (found.text, found.why and found.why[0]) == (came, why)
    assert cell(looked, "name") == Cell("name", "김철수")


def test_a_refused_row_shows_its_cells_as_they_came():
    codes = MAPPING | {"gender": {"from": ["성별"], "do": [["codes", "1=m, 2=f"]]}}
    rows = [[*HEADINGS, "성별"], [*PEOPLE[0], "9"], ["", *PEOPLE[1][1:], "2"]]
    [first, second], _numbers = shown(rows, codes)
    assert first.refused and first.refused[0] == "gender"
    assert (cell(first, "gender").text, cell(first, "phone").text) == ("9", "010-2345-6789")
    assert cell(first, "gender").why == ("“%(cell)s” is not in the code table", {"cell": "9"})
    assert second.refused == ("key", "empty, but needed", {})
    assert cell(second, "name").text == "이영희"


def test_a_purchase_shows_what_refuses_it():
    rows = [["no", "cust", "day", "store", "won"], ["a", "77", "언젠가", "MAPO", "1000"]]
    [row], _numbers = shown(rows, BOUGHT, code="till", entity="transaction")
    assert row.refused and row.refused[0] == "at"
    assert cell(row, "at").text == "언젠가" and cell(row, "amount").text == "1000"


def test_a_resident_number_is_named_by_its_column_and_shown_to_nobody():
    rows = [[*HEADINGS, "주민등록번호"], [*PEOPLE[0], "800131-1234567"]]
    [row], numbers = shown(rows, MAPPING | {"email": {"from": ["주민등록번호"]}})
    assert list(numbers) == ["주민등록번호"]
    assert "1234567" not in str(row) and cell(row, "email").why == ("registration_number", {})


def test_the_page_says_value_and_reason(world, client):
    wrong = ["1", "김철수", "12", "not-an-address", "1985-13-45"]
    put("people.csv", [[*HEADINGS, "주민번호"], [*wrong, "800131-1******"], ["", "무번호", "", "", "", ""]])  # fmt: skip
    source = a_source()
    client.force_login(world.anna)
    page = client.get(reverse("sources:mapping", args=[source.pk])).content.decode()
    for text in ("not-an-address", "1985-13-45", "달력에 없는", "무번호", "주민번호"):
        assert text in page, text
    assert "800131" not in page


def test_columns_that_changed_places_are_read_where_they_stand_now():
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    put("people.csv", [[row[1], row[0], *row[2:]] for row in (HEADINGS, *PEOPLE)])
    rows, _numbers = preview(source, source.mapping, sample_of(source))
    assert (cell(rows[0], "key").text, cell(rows[0], "name").text) == ("1", "김철수")


@pytest.mark.parametrize(
    ("column", "text", "masked"),
    [("phone", "박영희", "박*희"), ("email", "박영희", "박*희"), ("phone", "010-2345-6789", "010-****-6789"),
     ("address", "박영희", "박*희"), ("name", "010-2345-6789", "0************"),
     ("born_on", "800131-1234567", "[…]"), ("names", "김철수 → 이영희", "김*수 → 이*희")],
)  # fmt: skip
def test_who_needs_no_more_sees_no_more_also_in_the_wrong_column(column, text, masked):
    see_whole(False)
    assert shown_cell(column, text) == masked

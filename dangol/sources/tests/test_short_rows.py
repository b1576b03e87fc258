"""Rows that are not as wide as their headings never empty what is known."""

from __future__ import annotations

import os
import time

import pytest
from django.urls import reverse

from dangol.customers.models import SourceRecord
from dangol.imports.odd_rows import HEADINGS_AGAIN, TOO_SHORT
from dangol.sources.connecting.file_rows import TOO_WIDE
from dangol.sources.models import KnownRow
from dangol.sources.running import reading
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran

pytestmark = pytest.mark.django_db


def again(rows, headings=HEADINGS, name="people.csv"):
    """The file written anew."""
    os.utime(put(name, [headings, *rows]), (time.time() + 5,) * 2)


@pytest.fixture
def source():
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    return source


@pytest.mark.parametrize("full", [True, False])
def test_a_row_cut_in_the_middle_is_refused_by_line_and_empties_nothing(full):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(full=full)
    ran(source)
    changed = ["3", "박민수", "010-7777-8888", "", "750615"]
    again([PEOPLE[0][:3], PEOPLE[1], changed])
    run = ran(source)
    assert (run.state, run.changed, run.same, run.refused, run.gone) == ("finished", 1, 1, 1, 0)
    refused = run.refused_rows.get()
    assert (refused.line, refused.key, refused.reason) == (1, "1", TOO_SHORT)
    kept = SourceRecord.objects.get(key="1")
    assert kept.gone_at is None and kept.values["email"] == "cs@naver.example"
    assert kept.values["born_on"] == "1980-01-31"
    again([[*PEOPLE[0][:4], "1981-01-31"], PEOPLE[1], changed])
    run = ran(source)
    assert (run.changed, run.refused) == (1, 0)
    assert SourceRecord.objects.get(key="1").values["born_on"] == "1981-01-31"


def test_an_address_torn_by_a_line_end_is_two_refused_lines(source):
    again([PEOPLE[0], ["2", "이영희", "010-3456"], ["7890", "", "1990.2.3"], PEOPLE[2]])
    run = ran(source)
    assert (run.new, run.same, run.refused) == (0, 2, 2)
    assert set(run.refused_rows.values_list("reason", flat=True)) == {TOO_SHORT}
    assert SourceRecord.objects.count() == 3
    assert not KnownRow.objects.exclude(gone_at=None).exists()


def test_a_row_that_is_longer_is_refused_and_one_with_empty_cells_more_is_not(source):
    again([[*PEOPLE[0], "", ""], [*PEOPLE[1], "", "x"], PEOPLE[2]])
    run = ran(source)
    assert (run.same, run.refused) == (2, 1)
    assert run.refused_rows.get().reason == TOO_WIDE


def test_empty_cells_that_the_whole_file_leaves_off_are_empty_cells():
    rows = [[str(n), f"이름{n}", f"010-2222-{n:04}"] for n in range(40)]
    put("people.csv", [HEADINGS, *rows])
    run = ran(a_source())
    assert (run.new, run.refused, run.strange["left_off"]["count"]) == (40, 0, 40)


def test_a_block_of_sixteen_as_excel_writes_it_is_whole():
    rows = [[str(n), f"이름{n}", "", "", "1980-01-31" if n < 15 else ""] for n in range(40)]
    put("people.csv", [HEADINGS, *rows[:15], *(row[:2] for row in rows[15:31]), *rows[31:]])
    run = ran(a_source())
    assert (run.new, run.refused, run.strange["left_off"]["count"]) == (40, 0, 16)


def test_reading_that_goes_on_judges_a_row_as_it_would_have(monkeypatch):
    rows = [[str(n), f"이름{n}", "", "", ""] for n in range(30)]
    rows[20] = rows[20][:2]
    put("people.csv", [HEADINGS, *rows])
    monkeypatch.setattr("dangol.sources.connecting.folder.PIECE", 7)
    usual, landed = reading.land, []

    def land_and_die(key, token, piece):  # type: ignore[no-untyped-def]
        run = usual(key, token, piece)
        landed.append(run.rows)
        if len(landed) == 2:
            raise KeyboardInterrupt
        return run

    monkeypatch.setattr(reading, "land", land_and_die)
    source = a_source()
    with pytest.raises(KeyboardInterrupt):
        ran(source)
    run = ran(source)
    assert (run.rows, run.new, run.refused) == (30, 29, 1)
    assert run.refused_rows.get().line == 21


def test_headings_in_the_middle_are_no_customer(source):
    again([*PEOPLE, HEADINGS, ["4", "최지우", "", "", ""]])
    run = ran(source)
    assert (run.new, run.refused) == (1, 1)
    assert run.refused_rows.get().reason == HEADINGS_AGAIN
    assert not SourceRecord.objects.filter(key="고객번호").exists()


def test_a_damaged_row_under_headings_in_another_order_names_nobody_wrongly():
    put("a.csv", [HEADINGS, *PEOPLE])
    source = a_source(full=False)
    ran(source)
    turned = [[row[1], row[0], *row[2:]] for row in (HEADINGS, *PEOPLE)]
    turned[1] = ["김", "철수", *turned[1][1:]]
    os.utime(put("b.csv", turned), (time.time() + 5,) * 2)
    run = ran(source)
    assert (run.same, run.refused) == (2, 1)
    assert run.refused_rows.get().key == ""


def test_the_ten_rows_show_it_before_anything_is_read(world, client, source):
    again([PEOPLE[0][:3], PEOPLE[1], PEOPLE[2]])
    client.force_login(world.anna)
    page = client.get(reverse("sources:mapping", args=[source.pk])).content.decode()
    assert "제목보다 칸이 적어요" in page and "010-2345-6789" in page

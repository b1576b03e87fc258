"""A line that is damaged takes nobody away: its key is read where that is safe, or nobody is gone."""

from __future__ import annotations

import os
import time

import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run
from dangol.sources.leaving import leaving
from dangol.sources.models import KnownRow, LandedRow
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.keys import Keys
from dangol.sources.tests.factories import HEADINGS, MAPPING, PEOPLE, a_source, put, ran

pytestmark = pytest.mark.django_db


def again(rows, headings=HEADINGS):
    """The file written anew."""
    path = put("people.csv", [headings, *rows])
    os.utime(path, (time.time() + 5,) * 2)


def turned(row):
    """A row whose key stands last."""
    return [*row[1:], row[0]]


@pytest.fixture
def source():
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    return source


def test_one_cell_too_many_takes_its_person_not_away(source):
    again([PEOPLE[0], [*PEOPLE[1], "너무 많음"]])
    run = ran(source)
    assert (run.refused, run.gone) == (1, 1)
    assert run.refused_rows.get().key == "2"
    assert SourceRecord.objects.get(key="2").gone_at is None
    assert SourceRecord.objects.get(key="3").gone_at is not None


def test_a_lost_line_end_takes_nobody_away(source):
    again([PEOPLE[0], PEOPLE[1] + PEOPLE[2]])
    run = ran(source)
    assert (run.refused, run.gone, run.strange["not_gone"]["count"]) == (1, 0, 2)
    assert not KnownRow.objects.exclude(gone_at=None).exists()
    again(PEOPLE[:2])
    assert ran(source).gone == 1


def test_a_damaged_line_without_anybody_missing_is_a_refused_row_alone(source):
    again([*PEOPLE, ["4", "최지우", "", "", "", *PEOPLE[0]]])
    run = ran(source)
    assert (run.refused, run.gone) == (1, 0) and "not_gone" not in run.strange


def test_a_cell_too_many_before_the_key_says_not_whose_it_is():
    headings = turned(HEADINGS)
    put("people.csv", [headings, *map(turned, PEOPLE)])
    source = a_source()
    ran(source)
    again([turned(PEOPLE[0]), turned([*PEOPLE[1][:2], "쉼표", *PEOPLE[1][2:]])], headings)
    run = ran(source)
    assert (run.refused, run.gone, run.strange["not_gone"]["count"]) == (1, 0, 2)


def test_what_was_seen_under_a_question_and_allowed_is_marked(world):
    many = [[str(n), f"이름{n}", "", "", ""] for n in range(60)]
    put("people.csv", [HEADINGS, *many])
    source = a_source()
    ran(source)
    again([*many[:20], many[20] + many[21]])
    run = ran(source)
    found = leaving(run)
    assert run.state == "asks" and found is not None and found.count == 40
    allow_run(run, by=world.anna)
    run = carry_on(run.pk)
    assert (run.gone, "not_gone" in run.strange) == (40, False)


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["7", "a", "b"], "7"),
        (["7", "a", "b", "c"], "7"),
        (["7", "a"], "7"),
        (["7"], ""),
        ([], ""),
        (["7", "a", "b", "", "", ""], "7"),
        (["7", "a", "b8", "a", "b"], ""),
        (["\ufffd7", "a", "b"], ""),
        (["7", "\ufffd", "b"], "7"),
    ],
)
def test_a_damaged_key_is_read_where_it_is_safe(cells, key):
    mapping = {"key": {"from": ["id"]}}
    assert Keys("person", mapping, ["id", "name", "city"]).of_row(cells, "damaged") == key


def test_a_key_is_read_as_its_row_is_known():
    keys = Keys("person", MAPPING, HEADINGS)
    assert keys.of_row([" 1234.0 "]) == "1234"
    assert keys.of_row(["800131-1234567"]) == "", "such a number is stored nowhere"
    put("people.csv", [HEADINGS, ["1234.0", "김철수", "", "", ""], ["7", "이영희", "", "", ""]])
    source = a_source()
    ran(source)
    again([["1234.0", "", "", "", ""], ["7", "이영희", "", "", ""]])
    run = ran(source)
    assert (run.refused, run.gone) == (1, 0)
    assert list(KnownRow.objects.order_by("key").values_list("key", flat=True)) == ["1234", "7"]
    assert not LandedRow.objects.exists()

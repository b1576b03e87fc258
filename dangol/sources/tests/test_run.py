"""A source is read, compared and applied: whole, newer, gone, refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from dangol.core.models import Notice
from dangol.customers.models import Customer, SourceRecord
from dangol.sources.actions import allow_run, start_run, stop_run
from dangol.sources.connections import connect_source
from dangol.sources.models import KnownRow, LandedRow, Run
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran


def counts(run: Run) -> tuple[int, ...]:
    return run.new, run.changed, run.same, run.gone, run.refused


def test_people_become_records_that_wait_for_the_matching(db):
    put("people.csv", [HEADINGS, *PEOPLE])
    run = ran(a_source())
    assert run.state == "finished"
    assert counts(run) == (3, 0, 0, 0, 0)
    record = SourceRecord.objects.get(source="shop", key="1")
    assert record.values == {
        "name": "김철수", "phone": "+821023456789", "email": "cs@naver.example",
        "born_on": "1980-01-31",
    }  # fmt: skip
    assert record.raw["휴대폰"] == "010-2345-6789"
    assert record.customer is None and record.unread
    assert SourceRecord.objects.get(key="3").values["born_on"] == "1975-06-15"
    assert not Customer.objects.exists() and not LandedRow.objects.exists()


def test_a_second_run_sees_what_changed_and_what_is_gone(db):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    moved = ["1", "김철수", "010-9999-1111", "cs@naver.example", "1980-01-31"]
    put("people.csv", [HEADINGS, moved, PEOPLE[1], ["4", "최지우", "", "", ""]])
    run = ran(source)
    assert counts(run) == (1, 1, 1, 1, 0)
    changed = SourceRecord.objects.get(key="1")
    assert changed.values["phone"] == "+821099991111" and changed.revision == 2
    assert changed.versions.get().values["phone"] == "+821023456789"
    assert list(changed.times) == ["phone"]
    gone = SourceRecord.objects.get(key="3")
    assert gone.gone_at is not None and gone.unread


def test_who_comes_back_is_no_longer_gone(db):
    source = None
    for rows in (PEOPLE, PEOPLE[:2], PEOPLE):
        put("people.csv", [HEADINGS, *rows, ["9", f"이름{len(rows)}", "", "", ""]])
        source = source or a_source()
        run = ran(source)
        put("people.csv", [["x"]])
    assert run.gone == 0
    assert SourceRecord.objects.get(key="3").gone_at is None
    assert not KnownRow.objects.filter(gone_at__isnull=False).exists()


def test_the_same_file_again_is_named_and_nothing_is_done(db):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    run = ran(source)
    assert run.state == "finished" and counts(run) == (0, 0, 0, 0, 0)
    assert run.strange["same_file"]["count"] == 1
    assert not SourceRecord.objects.filter(gone_at__isnull=False).exists()


def test_rows_without_key_or_name_are_refused_with_their_reason(db):
    put("people.csv", [HEADINGS, *PEOPLE, ["", "무번호", "", "", ""], ["1", "두번", "", "", ""],
                       ["8", "", "", "", ""]])  # fmt: skip
    run = ran(a_source())
    assert counts(run) == (3, 0, 0, 0, 3)
    told = [(row.line, row.column, row.reason) for row in run.refused_rows.order_by("line")]
    assert told == [
        (4, "key", "empty, but needed"),
        (5, "key", "“%(key)s” stood in line %(line)s already"),
        (6, "name", "empty, but needed"),
    ]
    assert SourceRecord.objects.get(key="1").values["name"] == "김철수"


def test_half_of_the_rows_gone_stops_the_run_before_anything_is_applied(world):
    many = [[str(n), f"이름{n}", "", "", ""] for n in range(40)]
    put("people.csv", [HEADINGS, *many])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *many[:15]])
    run = ran(source)
    assert run.state == "asks"
    assert run.asked == {"why": "halved", "before": 40, "now": 15}
    assert not SourceRecord.objects.filter(gone_at__isnull=False).exists()
    assert Notice.objects.filter(user=world.anna, url__contains=str(run.pk)).exists()
    assert not Notice.objects.filter(user=world.ada).exists()
    allow_run(run, by=world.anna)
    run = carry_on(run.pk)
    assert run.state == "finished" and run.gone == 25


def test_a_column_that_is_gone_stops_the_run_before_anything_is_read(world):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS[:2] + HEADINGS[3:], *(row[:2] + row[3:] for row in PEOPLE)])
    run = ran(source)
    assert run.state == "asks" and run.asked == {"why": "column_gone", "columns": ["휴대폰"]}
    assert run.rows == 0 and SourceRecord.objects.get(key="1").values["phone"] == "+821023456789"
    stop_run(run, by=world.anna)
    assert ran(source).state == "asks"


def test_a_column_that_is_suddenly_empty_asks(world):
    many = [[str(n), f"이름{n}", f"010-2222-{n:04}", "", ""] for n in range(40)]
    put("people.csv", [HEADINGS, *many])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *([row[0], row[1], "", "", ""] for row in many)])
    run = ran(source)
    assert run.asked == {"why": "emptied", "column": "휴대폰", "before": 40, "now": 0}
    assert SourceRecord.objects.get(key="7").values["phone"] == "+821022220007"


def test_newer_files_come_one_after_the_other(db):
    put("day1.csv", [HEADINGS, *PEOPLE])
    source = a_source(full=False)
    ran(source)
    put("day2.csv", [HEADINGS, ["4", "최지우", "", "", ""]])
    run = ran(source)
    assert counts(run) == (1, 0, 0, 0, 0)
    put("day2_again.csv", [HEADINGS, ["4", "최지우", "", "", ""]])
    run = ran(source)
    assert run.rows == 0 and run.strange["same_file"]["count"] == 1


def test_a_source_has_one_run_at_a_time(db):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    first = start_run(source, by=None, now=False)
    assert start_run(source, by=None, now=False) == first
    carry_on(first.pk)
    assert start_run(source, by=None, now=False) != first


def test_a_folder_outside_the_inbox_is_refused(db):
    with pytest.raises(ValidationError, match="inbox|수신 폴더|들어오는"):
        connect_source(
            code="x", name="x", entity="person", connection="folder",
            reach={"folder": "../../etc"}, by=None,
        )  # fmt: skip


def test_registration_numbers_are_stored_nowhere(db):
    number = "800131-1234567"
    put("people.csv", [HEADINGS, ["1", "김철수", number, "", number], ["", number, "", "", ""]])
    run = ran(a_source())
    record = SourceRecord.objects.get(key="1")
    assert number not in str(record.values) + str(record.raw)
    assert number not in str([row.cells for row in run.refused_rows.all()]) + str(run.strange)
    assert run.strange["registration_number"]["count"] == 3

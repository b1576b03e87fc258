"""Everything strange that sources send is named in the run's report, and nothing is half applied."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.sources.connecting import Unreachable
from dangol.sources.models import LandedRow, Run
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.reading import read_all
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran

MANY = [[str(n), f"이름{n}", f"010-2222-{n:04}", "", ""] for n in range(5000)]


def strange(run: Run) -> dict[str, int]:
    return {what: entry["count"] for what, entry in run.strange.items()}


def test_cp949_and_utf8_mixed_in_one_file(db):
    lines = [(",".join(row) + "\n") for row in [HEADINGS, *PEOPLE]]
    encodings = ["utf-8", "cp949", "utf-8", "cp949"]
    text = b"".join(line.encode(e) for line, e in zip(lines, encodings, strict=True))
    (Path(settings.INBOX) / "people.csv").write_bytes(text)
    run = ran(a_source())
    names = SourceRecord.objects.order_by("key").values_list("values__name", flat=True)
    assert list(names) == ["김철수", "이영희", "박민수"]
    assert strange(run) == {"mixed_encoding": 2}


def test_a_whole_cp949_file_is_not_strange(db):
    put("people.csv", [HEADINGS, *PEOPLE], encoding="cp949")
    run = ran(a_source())
    assert SourceRecord.objects.get(key="1").values["name"] == "김철수"
    assert run.strange == {}


@pytest.mark.parametrize("first", ["NFC", "NFD"])
def test_headings_of_a_mac_are_those_of_any_other(db, first):
    other = {"NFC": "NFD", "NFD": "NFC"}[first]
    rows = [["1", "김철수", "", "", ""], ["2", "이영희", "", "", ""]]
    put("people.csv", [[unicodedata.normalize(first, h) for h in HEADINGS], *rows])
    source = a_source()
    assert ran(source).new == 2
    rows[1][1] = "이영자"
    path = put("people.csv", [[unicodedata.normalize(other, h) for h in HEADINGS], *rows])
    os.utime(path, (time.time() + 5,) * 2)
    run = ran(source)
    assert (run.asked, run.same, run.changed) == ({}, 1, 1)


def test_decomposed_hangul_is_put_together(db):
    put("people.csv", [HEADINGS, ["1", unicodedata.normalize("NFD", "김철수"), "", "", ""]])
    run = ran(a_source())
    assert SourceRecord.objects.get().values["name"] == "김철수"
    assert strange(run) == {"decomposed": 1}


@pytest.mark.parametrize(
    ("row", "what", "kept"),
    [
        (["1", "010-2345-6789", "김철수", "", ""], "swapped",
         {"name": "김철수", "phone": "+821023456789"}),
        (["1", "김철수", "박영희", "", ""], "name_in_phone", {"name": "김철수"}),
        (["1", "김철수", "", "", "0000-00-00"], "zero_date", {"name": "김철수"}),
        (["1", "김철수", "", "", "1900-01-01"], "placeholder_date", {"name": "김철수"}),
        (["1", "김철수", "", "", "000101"], "placeholder_date", {"name": "김철수"}),
        (["1", "김철수", "", "", "1985-13-45"], "bad_birth", {"name": "김철수"}),
        (["1", "김철수", "010-1234-5678", "", ""], "test_data", {"name": "김철수"}),
        (["1", "홍길동", "", "", ""], "test_data", {"name": "홍길동"}),
        (["1", "김철수", "12", "", ""], "bad_phone", {"name": "김철수"}),
        (["1", "김철수", "", "not-an-address", ""], "bad_email", {"name": "김철수"}),
    ],
)  # fmt: skip
def test_a_strange_row_is_kept_without_what_cannot_be(db, row, what, kept):
    put("people.csv", [HEADINGS, row])
    run = ran(a_source())
    record = SourceRecord.objects.get()
    assert strange(run) == {what: 1}
    assert record.values == kept
    assert record.raw == dict(zip(HEADINGS, row, strict=True))


def test_a_birth_date_of_endless_digits_refuses_its_row_only(db):
    put("people.csv", [HEADINGS, *PEOPLE, ["4", "최영수", "", "", "1.1." + "9" * 5000]])
    run = ran(a_source())
    assert (run.state, run.new, run.refused) == ("finished", 3, 1)
    refused = run.refused_rows.get()
    assert (refused.line, refused.column) == (4, "born_on")


def test_a_telephone_of_thousands_is_named(db):
    rows = [[str(n), f"이름{n}", "02-3456-7000", "", ""] for n in range(30)]
    put("people.csv", [HEADINGS, *rows])
    run = ran(a_source())
    assert run.strange["shared_phone"]["count"] == 30


def test_telephones_are_counted_where_everything_is_read(db):
    rows = [[str(n), f"이름{n}", "02-3456-7000", "", ""] for n in range(30)]
    put("people.csv", [HEADINGS, *rows])
    source = a_source(full=False)
    assert ran(source).strange["shared_phone"]["count"] == 30
    os.utime(put("more.csv", [HEADINGS, ["99", "새사람", "02-3456-7000", "", ""]]), (time.time() + 5,) * 2)  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        run = ran(source)
    assert run.new == 1 and "shared_phone" not in run.strange
    assert not [one for one in seen if "'phone'" in one["sql"]]


def test_a_half_written_file_waits(db):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(schedule="0 2 * * *")
    path.write_bytes(path.read_bytes()[:-9])
    run = ran(source)
    assert run.state == "waits" and strange(run) == {"half_written": 1}
    source.refresh_from_db()
    assert (source.next_at - timezone.now()).total_seconds() <= 60
    assert not SourceRecord.objects.exists() and not LandedRow.objects.exists()


def test_a_file_that_grows_waits(db, monkeypatch):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()

    def grow(seconds: float) -> None:
        with path.open("a") as more:
            more.write("9,늦은이,,,\n")

    monkeypatch.setattr("dangol.sources.connecting.folder.time.sleep", grow)
    assert ran(source).strange["half_written"]["count"] == 1
    assert not SourceRecord.objects.exists()


def test_a_truncated_workbook_waits_and_a_whole_one_is_read(db):
    book = openpyxl.Workbook()
    for row in [HEADINGS, *PEOPLE]:
        book.active.append(row)
    path = Path(settings.INBOX) / "people.xlsx"
    book.save(path)
    source = a_source(place="*.xlsx")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert strange(ran(source)) == {"half_written": 1}
    path.write_bytes(whole)
    assert ran(source).new == 3


def test_a_database_that_dies_in_the_middle_is_read_on_and_nothing_was_applied(
    postgres_reach, monkeypatch
):
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"], autocommit=True) as others:  # fmt: skip
        others.execute('CREATE TABLE people (고객번호 text PRIMARY KEY, 성명 text, 휴대폰 text, 이메일 text, 생년월일 text)')  # fmt: skip
        others.cursor().executemany("INSERT INTO people VALUES (%s, %s, %s, %s, %s)", MANY)
        source = a_source(connection="postgresql", reach=postgres_reach, place="people")
        from dangol.sources.running import reading

        landed, usual = [], reading.land

        def land_and_cut(key, token, piece):  # type: ignore[no-untyped-def]
            run = usual(key, token, piece)
            landed.append(run.rows)
            if len(landed) == 1:
                others.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            return run

        monkeypatch.setattr(reading, "land", land_and_cut)
        with pytest.raises(Unreachable):
            ran(source)
        run = source.runs.get()
        assert run.state == "reading" and 0 < run.rows < 5000
        assert not SourceRecord.objects.exists()
        run = carry_on(run.pk)
    assert run.state == "finished" and run.new == 5000 and run.rows == 5000
    assert strange(run)["connection_lost"] == 1
    assert SourceRecord.objects.count() == 5000


def test_two_workers_do_not_apply_the_same_run(db):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    from dangol.sources.actions import start_run
    from dangol.sources.connecting import connector
    from dangol.sources.running.holding import Stopped, take_over

    run = start_run(source, by=None, now=False)
    first, _second = take_over(run.pk), take_over(run.pk)
    with pytest.raises(Stopped):
        read_all(first, connector("folder", {}, ""))
    assert not LandedRow.objects.exists()


def test_links_out_of_the_inbox_are_not_followed(db, tmp_path):
    put("people.csv", [HEADINGS, *PEOPLE])
    secret = tmp_path / "secret.csv"
    secret.write_text("고객번호,성명,휴대폰,이메일,생년월일\n9,비밀,,,\n")
    os.symlink(secret, Path(settings.INBOX) / "zz.csv")
    ran(a_source())
    assert not SourceRecord.objects.filter(key="9").exists()


def test_what_is_left_out_stays_with_its_record_and_comes_to_records_of_before(db):
    put("people.csv", [HEADINGS, ["1", "김철수", "박영희", "not-an-address", "0000-00-00"]])
    source = a_source()
    ran(source)
    kept = [
        ["phone", "name_in_phone", "박영희"], ["email", "bad_email", "not-an-address"],
        ["born_on", "zero_date", "0000-00-00"],
    ]  # fmt: skip
    assert sorted(SourceRecord.objects.get().refused) == sorted(kept)
    SourceRecord.objects.update(refused=None)  # as records were kept before
    put(
        "people.csv",
        [HEADINGS, ["1", "김철수", "박영희", "not-an-address", "0000-00-00"], PEOPLE[1]],
    )
    assert ran(source).same == 1
    assert sorted(SourceRecord.objects.get(key="1").refused) == sorted(kept)
    assert SourceRecord.objects.get(key="2").refused is None


def test_a_resident_number_is_kept_nowhere_not_even_among_what_was_refused(db):
    put("people.csv", [HEADINGS, ["1", "김철수", "", "800101-1234567", ""]])
    ran(a_source())
    [refused] = SourceRecord.objects.get().refused
    assert refused[:2] == ["email", "registration_number"] and "1234567" not in refused[2]


def test_a_cell_without_end_is_cut_with_a_mark(db):
    put("people.csv", [[*HEADINGS, "비고"], ["1", "김철수", "", "", "", "가" * 3_000_000]])
    run = ran(a_source())
    [record] = SourceRecord.objects.all()
    assert (run.new, run.strange["long_cell"]["count"]) == (1, 1)
    assert len(record.raw["비고"]) == 10_000 and record.raw["비고"].endswith(" […]")

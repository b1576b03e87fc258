"""Files as other hands and programs leave them: what is odd has its right name in the report."""

from __future__ import annotations

import tracemalloc
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

from dangol.customers.models import SourceRecord
from dangol.purchases.models import Product
from dangol.sources.connecting import text_files
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran

pytestmark = pytest.mark.django_db


def write(content: bytes) -> Path:
    """The file of people with this content."""
    path = Path(settings.INBOX) / "people.csv"
    path.write_bytes(content)
    return path


def text(rows, end="\n") -> str:
    """Rows as CSV."""
    return "".join(",".join(row) + end for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_line_ends_of_every_system_are_read(end, encoding):
    write(text([HEADINGS, *PEOPLE], end).encode(encoding))
    run = ran(a_source())
    assert (run.new, run.refused, run.strange) == (3, 0, {})
    assert SourceRecord.objects.get(key="3").values["born_on"] == "1975-06-15"


def test_a_mark_twice_is_no_part_of_a_heading():
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    write(b"\xef\xbb\xbf\xef\xbb\xbf" + text([HEADINGS, *PEOPLE]).encode() + b"4,\xea\xb9\x80,,,\n")
    run = ran(source)
    assert (run.asked, run.same, run.new) == ({}, 3, 1)


def test_a_line_in_two_encodings_is_refused_alone():
    write(text([HEADINGS, PEOPLE[0]]).encode() + "2,이영희".encode() + "강남,,\n".encode("cp949")
          + text([PEOPLE[2]]).encode("cp949"))  # fmt: skip
    run = ran(a_source())
    assert (run.new, run.refused, run.strange["mixed_encoding"]["count"]) == (2, 1, 1)
    assert run.refused_rows.get().reason == text_files.UNREADABLE


def test_a_lone_return_within_a_line_is_named():
    write(text([HEADINGS, *PEOPLE]).encode() + "4,최\r지우,,,\n".encode())
    run = ran(a_source())
    assert (run.new, run.refused) == (3, 1)
    assert run.refused_rows.get().reason == text_files.LONE_RETURN


def test_a_line_without_end_takes_no_memory_and_is_refused_alone():
    path = write(text([HEADINGS, *PEOPLE]).encode())
    with path.open("ab") as more:
        for _n in range(60):
            more.write(b"x" * 2**20)
        more.write(b"\n" + "5,최지우,,,\n".encode())
    source = a_source()
    tracemalloc.start()
    run = ran(source)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (run.new, run.refused) == (4, 1) and peak < 50 * 2**20
    assert run.refused_rows.get().reason == text_files.TOO_LONG


@pytest.mark.parametrize(
    ("row", "what", "values"),
    [
        (["1", "김철수", "+82 10-1234-5678", "", ""], {"test_data": 1}, {"name": "김철수"}),
        (["1", "김철수", "1012345678", "", ""], {"test_data": 1}, {"name": "김철수"}),
        (["1", "김철수", "０１０－１２３４－５６７８", "", ""], {"test_data": 1}, {"name": "김철수"}),
        (["1", "홍길동2", "", "test@test.com", ""], {"test_data": 2}, {"name": "홍길동2"}),
        (["1", "테스트고객1", "", "", ""], {"test_data": 1}, {"name": "테스트고객1"}),
        (["1", "cs@naver.example", "", "김철수", ""], {"swapped": 1},
         {"name": "김철수", "email": "cs@naver.example"}),
        (["1", "김철수", "cs@naver.example", "", ""], {"swapped": 1},
         {"name": "김철수", "email": "cs@naver.example"}),
        (["1", "010-2345-6789", "", "", ""], {"no_name": 1}, {"name": "010-2345-6789"}),
        (["1", "김철수", "#REF!", "#VALUE!", ""], {"error_cell": 2}, {"name": "김철수"}),
        (["1", "김철수", "\\N", "(null)", "\\N"], {}, {"name": "김철수"}),
        (["1", "김철수", "", "", "모름"], {"bad_birth": 1}, {"name": "김철수"}),
        (["1", "김철수", "1980-01-31", "", "010-2345-6789"], {"swapped": 1},
         {"name": "김철수", "phone": "+821023456789", "born_on": "1980-01-31"}),
        (["1", "김철수", "1980-01-31", "", ""], {"bad_phone": 1}, {"name": "김철수"}),
        (["1", "김철수", "", "", "010-2345-6789"], {"bad_birth": 1}, {"name": "김철수"}),
        (["1", "±èÃ¶¼ö", "", "", ""], {"garbled": 1}, {"name": "김철수"}),
        (["1", "김철수".encode().decode("latin-1"), "", "", ""], {"garbled": 1}, {"name": "김철수"}),
        (["1", "Müller Ñoño-Çelik", "", "", ""], {}, {"name": "Müller Ñoño-Çelik"}),
        (["1", "山田太郎", "", "", ""], {}, {"name": "山田太郎"}),
    ],
)  # fmt: skip
def test_what_is_odd_has_its_name(row, what, values):
    put("people.csv", [HEADINGS, row])
    run = ran(a_source())
    assert {name: entry["count"] for name, entry in run.strange.items()} == what
    assert SourceRecord.objects.get().values == values


def test_a_name_in_which_a_formula_failed_refuses_its_row():
    put("people.csv", [HEADINGS, ["1", "#NAME?", "", "", ""], PEOPLE[1]])
    run = ran(a_source())
    assert (run.new, run.refused, run.strange["error_cell"]["count"]) == (1, 1, 1)


def test_a_key_that_a_spreadsheet_has_rounded_is_nobodys():
    put("people.csv", [HEADINGS, ["1.23457E+12", *PEOPLE[0][1:]], ["1E5", *PEOPLE[1][1:]]])
    run = ran(a_source())
    assert (run.new, run.refused) == (1, 1)
    assert run.refused_rows.get().facts == {"cell": "1.23457E+12"}


def test_letters_of_a_mac_are_named_for_products_too():
    put("p.csv", [["code", "name"], ["P1", unicodedata.normalize("NFD", "세단")]])
    plain = {"key": {"from": ["code"]}, "name": {"from": ["name"]}}
    run = ran(a_source(code="p", entity="product", mapping=plain))
    assert run.strange["decomposed"]["count"] == 1 and Product.objects.get().name == "세단"


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("end", ["\x1a", "\x1a\n"])
def test_the_sign_by_which_old_systems_end_a_text_is_no_row(end, encoding):
    write((text([HEADINGS, *PEOPLE]) + end).encode(encoding))
    run = ran(a_source())
    assert (run.new, run.refused, run.strange) == (3, 0, {})


def test_headings_in_an_unknown_encoding_are_no_columns_that_are_gone():
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    write(text([HEADINGS, *PEOPLE]).encode("utf-8").replace("성명".encode(), b"\xff\xfe\xff\xa0"))
    run = ran(source)
    assert (run.state, run.asked) == ("failed", {}) and "people.csv" in failure_text(run)

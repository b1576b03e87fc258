"""Rows of uploaded files that were cut, headings once more, rounded keys, and numbers of residents."""

from __future__ import annotations

from dangol.customers.models import Customer
from dangol.imports.models import RefusedRow
from dangol.imports.refused_file import pieces
from dangol.imports.tests.factories import counts, loaded, planned, reasons

HEAD = "고객번호,이름,휴대폰,이메일\n"


def test_a_row_that_was_cut_is_refused_and_the_others_come_in(db):
    run = loaded("customers", HEAD + "C1,김철수,010-2222-3333,\nC2,이영\nC3,박민수,,\n")
    assert counts(run) == (2, 0, 0, 1)
    assert reasons(run) == [(3, "fewer cells than headings: the line was cut, or a cell holds a line end without quotes")]  # fmt: skip
    assert not Customer.objects.filter(name="이영").exists()


def test_empty_cells_that_a_file_leaves_off_are_empty(db):
    rows = "".join(f"C{n},이름{n}\n" for n in range(40))
    assert counts(loaded("customers", HEAD + rows)) == (40, 0, 0, 0)


def test_files_put_one_behind_the_other_bring_no_headings(db):
    run = loaded("customers", HEAD + "C1,김철수,,\n" + HEAD + "C2,이영희,,\n")
    assert counts(run) == (2, 0, 0, 1)
    assert reasons(run) == [(3, "the headings stand here once more")]


def test_a_rounded_number_is_no_key(db):
    run = loaded("customers", HEAD + "1.23457E+12,김철수,,\nC2,이영희,,\n")
    assert counts(run) == (1, 0, 0, 1)


def test_a_resident_number_is_kept_in_no_list_of_refused_rows(db):
    number = "800131-1234567"
    content = "고객번호,이름,생년월일,기타\nC1,김 800131-1******,,x\nC2,,,8001311234567\nC3,이영희,８００１３１－１２３４５６７,\n"
    planned_run = planned("customers", content)
    assert planned_run.plan["refused"] == 3
    run = loaded("customers", content, source="other")
    assert counts(run) == (0, 0, 0, 3)
    kept = str(list(RefusedRow.objects.values_list("cells", "facts"))) + str(planned_run.plan)
    kept += b"".join(pieces(run)).decode()
    assert "[…]" in kept
    for written in (number, "8001311234567", "800131-1", "８００１３１"):
        assert written not in kept


def test_an_order_number_of_thirteen_digits_stays_in_the_list(db):
    run = loaded("transactions", "거래번호,고객번호,거래일\n2603011234567,C9,2026-03-01\n")
    assert run.refused_rows.get().cells[0] == "2603011234567"

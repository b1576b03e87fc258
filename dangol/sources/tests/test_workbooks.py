"""A workbook that can never be read is refused with its reason, and no run waits for it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from dangol.imports import workbook
from dangol.sources.actions import choose_place, start_run
from dangol.sources.connections import connect_source
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import a_source, put
from dangol.sources.tests.test_swallowed import PLAIN

pytestmark = pytest.mark.django_db
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
BOOK = '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'

ROOT = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * (30 * 2**20))


def far_corner(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("_rels/.rels", ROOT)
        book.writestr("xl/workbook.xml", BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        book.writestr("xl/worksheets/sheet1.xml", SHEET)


@pytest.mark.parametrize("make", [bomb, far_corner])
def test_the_true_reason_is_told_when_the_file_is_chosen(inbox, make):
    make(inbox / "people.xlsx")
    source = connect_source(
        code="x", name="x", entity="person", connection="folder", reach={}, by=None
    )
    with pytest.raises(ValidationError) as refusal:
        choose_place(source, "people.xlsx", by=None)
    assert "people.xlsx" in str(refusal.value) and "CSV" in str(refusal.value)


@pytest.mark.parametrize("make", [bomb, far_corner])
def test_a_run_that_meets_one_fails_with_what_to_do(inbox, make):
    put("a.csv", [["id", "name"], ["1", "김철수"]])
    source = a_source(place="*", mapping=PLAIN)
    make(inbox / "people.xlsx")
    run = carry_on(start_run(source, by=None, now=False).pk)
    assert run.state == "failed"
    assert "people.xlsx" in failure_text(run) and "CSV" in failure_text(run)


def test_one_that_takes_too_long_is_too_much(inbox, tmp_path):
    far_corner(inbox / "people.xlsx")
    with pytest.raises(workbook.TooMuch):
        workbook.convert(inbox / "people.xlsx", "", tmp_path / "out.csv", 0.001)
